using System.Diagnostics.CodeAnalysis;
using Fvm.Ipld;

namespace Fvm;

/// <summary>
/// The blocks that actors of one machine opened or linked last, with their links: actors open the same nodes of their state again and again.
/// No charge depends on whether a block is here. Also keeps the registries of ended invocations for later ones. Not thread-safe.
/// </summary>
/// <remarks>
/// Two generations, as in <see cref="CachingBlockstore"/>: if the young one reaches half of the bound, it becomes the old one, and the previous
/// old one is dropped.
/// </remarks>
internal sealed class BlockCache
{
    private const long DefaultBytes = 8 << 20;
    private const int MaxIdleRegistries = 16;

    // A block's object, the heads of its arrays, and its place in the dictionary, in bytes.
    private const int Overhead = 256;
    private const int BytesPerLink = 64;

    private readonly long _generationBytes;
    private readonly Stack<BlockRegistry> _idle = new();
    private Dictionary<Cid, Block> _young = [];
    private Dictionary<Cid, Block> _old = [];
    private long _youngBytes;
    private ulong _invocations;

    /// <param name="maxBytes">Bound on the memory of the blocks, in bytes.</param>
    public BlockCache(long maxBytes = DefaultBytes)
    {
        _generationBytes = maxBytes / 2;
    }

    /// <summary>The block of a CID.</summary>
    public bool TryGet(in Cid cid, [NotNullWhen(true)] out Block? block)
    {
        if (_young.TryGetValue(cid, out block)) return true;

        if (_old.Count == 0 || !_old.Remove(cid, out block)) return false;

        Add(cid, block);
        return true;
    }

    /// <summary>Adds a block, unless it is too large.</summary>
    public void Add(in Cid cid, Block block)
    {
        long cost = block.Data.Length + (BytesPerLink * (long)block.Links.Length) + Overhead;
        if (cost > _generationBytes)
        {
            return;
        }

        if (_youngBytes + cost > _generationBytes)
        {
            (_young, _old) = (_old, _young);
            _young.Clear();
            _youngBytes = 0;
        }

        _youngBytes += _young.TryAdd(cid, block) ? cost : 0;
    }

    /// <summary>Drops all blocks: the store failed, and what it holds is to be read again.</summary>
    public void Clear()
    {
        _young.Clear();
        _old.Clear();
        _youngBytes = 0;
    }

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
