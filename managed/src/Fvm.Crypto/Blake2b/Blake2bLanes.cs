namespace Fvm.Crypto;

/// <summary>The compression function F of BLAKE2b (RFC 7693, section 3.2) on several messages at once, one per 64-bit lane of the vectors.</summary>
internal static partial class Blake2bLanes
{
    /// <summary>The lanes of the vectors that .NET has intrinsics for.</summary>
    public const int VectorLanes = 4;

    /// <summary>The largest number of lanes.</summary>
    public const int MostLanes = Blake2bLanesCode.Lanes;

    private static readonly Blake2bLanesKernel? Kernel = Blake2bLanesKernel.Create();

    /// <summary>The number of lanes on this processor; 1 without vectors.</summary>
    public static int Count => Kernel is not null ? MostLanes : Blake2bCompression.IsVectorised ? VectorLanes : 1;

    /// <summary>Compresses blocks of all lanes.</summary>
    /// <param name="state">The chaining values: all lanes of word 0, then of word 1, …</param>
    /// <param name="input">The blocks of lane 0, then those of lane 1, …</param>
    /// <param name="blocks">The number of blocks per lane.</param>
    /// <param name="counters">The bytes before these blocks, per lane, modulo 2^64; 128 per block are added.</param>
    /// <param name="finals">Per lane, all ones at its last block, else 0. Their number is the number of lanes.</param>
    public static void Compress(
        Span<ulong> state, ReadOnlySpan<byte> input, int blocks, Span<ulong> counters, ReadOnlySpan<ulong> finals)
    {
        if (finals.Length == MostLanes)
        {
            Kernel!.Compress(state, input, blocks, counters, finals);
        }
        else
        {
            CompressVector256(state, input, blocks, counters, finals);
        }
    }
}
