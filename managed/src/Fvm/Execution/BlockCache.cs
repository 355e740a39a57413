using System.Diagnostics.CodeAnalysis;
using Fvm.Ipld;

namespace Fvm;

/// <summary>
/// The blocks that actors of one machine opened or linked last, with their links: actors open the same nodes of their state again and again.
/// No charge depends on whether a block is here. Also keeps the registries of ended invocations for later ones. Not thread-safe.
/// </summary>
/// <param name="maxBytes">Bound on the memory of the blocks, in bytes.</param>
internal sealed class BlockCache(long maxBytes = BlockCache.DefaultBytes)
{
    private const long DefaultBytes = 8 << 20;
    private const int MaxIdleRegistries = 16;

    // A block's object, the heads of its arrays, and its place in the dictionary, in bytes.
    private const int Overhead = 256;
    private const int BytesPerLink = 64;

    private readonly TwoGenerations<Block> _blocks = new(
        maxBytes, maxEntryBytes: maxBytes / 2, static block => block.Data.Length + (BytesPerLink * (long)block.Links.Length) + Overhead);

    private readonly Stack<BlockRegistry> _idle = new();
    private ulong _invocations;

    /// <summary>The block of a CID.</summary>
    public bool TryGet(in Cid cid, [NotNullWhen(true)] out Block? block) => _blocks.TryGet(in cid, out block);

    /// <summary>Adds a block, unless it is too large.</summary>
    public void Add(in Cid cid, Block block) => _blocks.Add(in cid, block);

    /// <summary>Drops all blocks: the store failed, and what it holds is to be read again.</summary>
    public void Clear() => _blocks.Clear();

    /// <summary>An empty registry for an invocation.</summary>
    public BlockRegistry Rent(NetworkRules rules)
    {
        _invocations++;
        BlockRegistry registry = _idle.TryPop(out BlockRegistry? idle) ? idle : new BlockRegistry(rules.TracksLinks, rules.Machine.OnlyDagCbor);
        registry.Begin(_invocations);
        return registry;
    }

    /// <summary>Takes back the registry of an ended invocation.</summary>
    public void Return(BlockRegistry registry)
    {
        if (_idle.Count < MaxIdleRegistries)
        {
            registry.End();
            _idle.Push(registry);
        }
    }
}
