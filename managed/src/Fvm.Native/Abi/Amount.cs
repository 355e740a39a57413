namespace Fvm.Native;

/// <summary>attoFIL in two halves, the high one first.</summary>
internal struct Amount
{
    public ulong High;
    public ulong Low;

    /// <summary>Splits an amount.</summary>
    /// <param name="amount">What to split.</param>
    /// <param name="name">What it is, for the error.</param>
    /// <exception cref="CallFailedException">It is negative, or has more than 128 bits.</exception>
    public static Amount Of(in TokenAmount amount, string name) => amount.TryToUInt128(out UInt128 atto)
        ? new Amount { High = (ulong)(atto >> 64), Low = (ulong)atto }
        : throw new CallFailedException($"{name} exceeds 128 bits of attoFIL");
}
