using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fvm.MachineCode;

namespace Fvm.Ipld;

/// <summary>How blocks come from the main memory into the processor's cache. Nothing here waits for the memory.</summary>
public static class BlockPrefetch
{
    // As many lines of 64 bytes as processors of today have on their way at a time: to ask for more is to wait.
    private const int MostBytes = 24 * 64;

    /// <summary>
    /// Asks for the first cache lines of a block that is to be decoded. Decoding would wait for one after another: where an item begins depends
    /// on the items before.
    /// </summary>
    public static void Begin(byte[] block) => CacheLines.Prefetch(block.AsSpan(0, Math.Min(block.Length, MostBytes)));

    /// <summary>Asks for the cache lines of a place in a table.</summary>
    // Sound: only a size is taken.
    public static void BeginPlace<T>(ref readonly T place)
        where T : struct => CacheLines.Prefetch(in place, 0, Unsafe.SizeOf<T>());

    /// <summary>Asks for the lines behind those of <see cref="Begin(byte[])"/>, before each item of a block, of about a hundred bytes.</summary>
    /// <param name="left">The block from the item on.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Continue(ReadOnlySpan<byte> left)
    {
        if (left.Length > MostBytes)
        {
            CacheLines.PrefetchTwo(in left[MostBytes]);
        }
    }

    /// <summary>Asks for the cache lines of a part of a block, without reading the block's length.</summary>
    /// <param name="block">The block.</param>
    /// <param name="start">Where the part begins.</param>
    /// <param name="end">Where it ends, behind <paramref name="start"/>.</param>
    // Sound: the reference is only prefetched, hence may be one to anything.
    internal static void Begin(byte[] block, int start, int end) =>
        CacheLines.Prefetch(in Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(block), start), 0, end - start);

    /// <summary>Asks for the cache lines of the object that a cache has of a block, without reading it.</summary>
    internal static void BeginObject(CachedBlock cached) =>
        CacheLines.Prefetch(in cached.Cid, CachedBlock.BytesBeforeCid, CachedBlock.BytesFromCid);
}
