namespace Fvm.Slowest;

/// <summary>Collects a loop's data, and assigns each piece an address in memory.</summary>
internal sealed class DataArea
{
    private readonly List<byte> _bytes = [];

    public byte[] Content => [.. _bytes];

    /// <summary>Adds a piece of variable length.</summary>
    /// <returns>Its address and length, as two arguments of a syscall.</returns>
    public string Add(ReadOnlySpan<byte> piece)
    {
        string arguments = FormattableString.Invariant($"i32.const {LoopActor.Data + _bytes.Count} i32.const {piece.Length}");
        _bytes.AddRange(piece);
        return arguments;
    }

    /// <summary>Adds a piece of fixed length.</summary>
    /// <returns>Its address, as an argument of a syscall.</returns>
    public string AddFixed(ReadOnlySpan<byte> piece)
    {
        string arguments = Add(piece);
        return arguments[..arguments.LastIndexOf(" i32.const", StringComparison.Ordinal)];
    }
}
