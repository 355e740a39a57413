using Fvm.Ipld;

namespace Fvm;

/// <summary>
/// The open blocks of one actor invocation and the CIDs that it may open. An actor reaches a block only through its state root, its
/// parameters, values returned to it, and what it made itself (FIP-0071).
/// </summary>
/// <param name="tracksLinks">
/// Whether blocks link only to what the actor can reach. Before NV21 they could link to anything, and codecs were checked here.
/// </param>
/// <param name="onlyDagCbor">Whether DAG-CBOR is the only codec, where links are not tracked.</param>
internal sealed class BlockRegistry(bool tracksLinks, bool onlyDagCbor = false)
{
    private const int MaxBlocks = int.MaxValue;

    private readonly List<Block> _blocks = [];
    private readonly HashSet<Cid> _reachable = [];

    /// <summary>Whether no further handle can be given out.</summary>
    public bool IsFull => _blocks.Count == MaxBlocks;

    /// <summary>Adds a block that the actor may see, and makes all its links reachable.</summary>
    public Outcome PutReachable(Block block, out BlockId id)
    {
        id = default;
        if (IsFull) return Outcome.Error(ErrorNumber.LimitExceeded, "too many blocks");

        if (!tracksLinks) return PutAllowed(block, out id);

        foreach (ref readonly Cid link in block.Links.AsSpan())
        {
            _reachable.Add(link);
        }

        id = Add(block);
        return Outcome.Ok;
    }

    /// <summary>Adds a new block of the actor's own, all whose links must be reachable already.</summary>
    public Outcome PutCheckReachable(Block block, out BlockId id)
    {
        id = default;
        if (IsFull) return Outcome.Error(ErrorNumber.LimitExceeded, "too many blocks");

        if (!tracksLinks) return PutAllowed(block, out id);

        foreach (ref readonly Cid link in block.Links.AsSpan())
        {
            if (!_reachable.Contains(link)) return Outcome.Error(ErrorNumber.NotFound, $"cannot put block: {link} is not reachable");
        }

        id = Add(block);
        return Outcome.Ok;
    }

    /// <summary>Makes a CID reachable.</summary>
    public void MarkReachable(in Cid cid)
    {
        if (tracksLinks)
        {
            _reachable.Add(cid);
        }
    }

    /// <summary>Whether the actor may open the CID. Inline (identity) CIDs are not reachable by themselves: they may hold links.</summary>
    public bool IsReachable(in Cid cid) => !tracksLinks || _reachable.Contains(cid);

    /// <summary>The block of a handle.</summary>
    public bool TryGet(BlockId id, out Block block)
    {
        uint index = id.Value - 1;
        if (index < (uint)_blocks.Count)
        {
            block = _blocks[(int)index];
            return true;
        }

        block = null!;
        return false;
    }

    /// <summary>The answer to a handle that does not exist.</summary>
    public static Outcome InvalidHandle(BlockId id) => Outcome.Error(ErrorNumber.InvalidHandle, $"invalid block handle {id.Value}");

    private Outcome PutAllowed(Block block, out BlockId id)
    {
        if (block.Codec != Multicodec.DagCbor && (onlyDagCbor || block.Codec is not (Multicodec.Cbor or Multicodec.Raw)))
        {
            id = default;
            return Outcome.Error(ErrorNumber.IllegalCodec, $"codec {block.Codec} is not allowed");
        }

        id = Add(block);
        return Outcome.Ok;
    }

    private BlockId Add(Block block)
    {
        _blocks.Add(block);
        return new BlockId((uint)_blocks.Count);
    }
}
