using Fvm.Hosting;

namespace Fvm.Native;

/// <summary>An amount in attoFIL as two 64-bit halves, the high one first.</summary>
internal struct Amount
{
    public ulong High;
    public ulong Low;

    /// <summary>Splits an amount.</summary>
    /// <param name="amount">The amount.</param>
    /// <param name="name">Its name in the error.</param>
    /// <exception cref="CallFailedException">It is negative, or has more than 128 bits.</exception>
    public static Amount Of(in TokenAmount amount, string name) => amount.TryToUInt128(out UInt128 atto)
        ? new Amount { High = (ulong)(atto >> 64), Low = (ulong)atto }
        : throw new CallFailedException($"{name} exceeds 128 bits of attoFIL");
}
