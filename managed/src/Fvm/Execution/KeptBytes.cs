namespace Fvm;

/// <summary>
/// Copies of guest bytes that live until the end of the message, many per array: there may be a million, and the garbage collector visits
/// each object several times.
/// </summary>
internal sealed class KeptBytes
{
    // Longer copies get a separate array.
    private const int LongestShared = 1 << 12;
    private const int FirstArray = 1 << 10;

    // Below the large object threshold of .NET: the large object heap is only collected with the oldest generation.
    private const int LongestArray = 1 << 16;

    private Memory<byte> _free;
    private int _nextArray = FirstArray;

    /// <summary>Copies bytes.</summary>
    public ReadOnlyMemory<byte> Keep(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > LongestShared)
        {
            byte[] own = GC.AllocateUninitializedArray<byte>(bytes.Length);
            bytes.CopyTo(own);
            return own;
        }

        if (bytes.Length > _free.Length)
        {
            _free = GC.AllocateUninitializedArray<byte>(Math.Max(bytes.Length, _nextArray));
            _nextArray = Math.Min(2 * _nextArray, LongestArray);
        }

        Memory<byte> kept = _free[..bytes.Length];
        bytes.CopyTo(kept.Span);
        _free = _free[bytes.Length..];
        return kept;
    }
}
