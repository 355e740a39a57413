using Fvm.MachineCode;

namespace Fvm.Ipld;

/// <summary>How blocks come from the main memory into the processor's cache.</summary>
public static class BlockPrefetch
{
    // More than nearly all nodes have, and a part of the nearest cache.
    private const int MostBytes = 8 << 10;

    /// <summary>
    /// Asks for the cache lines of a block that is to be decoded, at most of its first 8 KiB, and waits for none. Decoding would wait for one
    /// after another: where an item begins depends on the items before.
    /// </summary>
    public static void Begin(byte[] block) => CacheLines.Prefetch(block.AsSpan(0, Math.Min(block.Length, MostBytes)));
}
