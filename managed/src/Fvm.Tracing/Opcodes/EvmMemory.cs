namespace Fvm.Tracing;

/// <summary>The memory of a frame, in whole words.</summary>
/// <param name="budget">The memory of all frames.</param>
internal sealed class EvmMemory(MemoryBudget budget)
{
    private byte[] _bytes = [];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>Returns its memory.</summary>
    public void Release() => budget.Return(_bytes.Length);

    /// <summary>A region, for which the memory grows.</summary>
    /// <exception cref="EvmFault">It ends behind 2^32 bytes.</exception>
    /// <exception cref="OpcodeReplayException">The memory is larger than what is replayed.</exception>
    public Span<byte> Region(in EthWord offset, in EthWord size)
    {
        if (!TryToUInt32(size, out uint length)) throw new EvmFault(EvmFault.IllegalMemoryAccess);

        if (length == 0) return default;

        if (!TryToUInt32(offset, out uint at) || (ulong)at + length > uint.MaxValue) throw new EvmFault(EvmFault.IllegalMemoryAccess);

        Grow((ulong)at + length);
        return _bytes.AsSpan((int)at, (int)length);
    }

    /// <summary>Copies data to a region.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="offsetOf">Where in the data; zeros follow its end.</param>
    /// <param name="size">The region's size.</param>
    /// <param name="data">The data.</param>
    public void Copy(in EthWord to, in EthWord offsetOf, in EthWord size, ReadOnlySpan<byte> data)
    {
        Span<byte> region = Region(to, size);
        ReadOnlySpan<byte> rest = offsetOf.High == 0 && offsetOf.Low < (UInt128)data.Length ? data[(int)offsetOf.Low..] : default;
        int count = Math.Min(rest.Length, region.Length);
        rest[..count].CopyTo(region);
        region[count..].Clear();
    }

    /// <summary>A number of 32 bits.</summary>
    public static bool TryToUInt32(in EthWord word, out uint number)
    {
        bool fits = word.High == 0 && word.Low <= uint.MaxValue;
        number = fits ? (uint)word.Low : 0;
        return fits;
    }

    private void Grow(ulong end)
    {
        if (end <= (ulong)Length) return;

        ulong length = (end + EthWord.Length - 1) / EthWord.Length * EthWord.Length;
        if (length > (ulong)_bytes.Length)
        {
            ulong capacity = Math.Max(length, Math.Min((ulong)_bytes.Length * 2, MemoryBudget.MaxBytes));
            budget.Take(capacity - (ulong)_bytes.Length);
            Array.Resize(ref _bytes, (int)capacity);
        }

        Length = (int)length;
    }
}
