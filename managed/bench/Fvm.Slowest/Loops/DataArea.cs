namespace Fvm.Slowest;

/// <summary>Gathers a loop's data, and says where in memory each piece lies.</summary>
internal sealed class DataArea
{
    private readonly List<byte> _bytes = [];

    /// <summary>All of it.</summary>
    public byte[] Content => [.. _bytes];

    /// <summary>Adds a piece.</summary>
    /// <returns>Its place and length, as the two arguments of a syscall.</returns>
    public string Add(ReadOnlySpan<byte> piece)
    {
        string arguments = FormattableString.Invariant($"i32.const {LoopActor.Data + _bytes.Count} i32.const {piece.Length}");
        _bytes.AddRange(piece);
        return arguments;
    }

    /// <summary>Adds a piece whose length needs no argument.</summary>
    /// <returns>Its place, as an argument of a syscall.</returns>
    public string AddFixed(ReadOnlySpan<byte> piece)
    {
        string arguments = Add(piece);
        return arguments[..arguments.LastIndexOf(" i32.const", StringComparison.Ordinal)];
    }
}
