using Fvm.Ipld;

namespace Fvm;

/// <summary>
/// The block handles and reachable CIDs of one actor invocation. An actor reaches blocks only through its state root, its parameters, values
/// returned to it, and blocks it created (FIP-0071).
/// </summary>
/// <param name="tracksLinks">
/// Whether blocks may link only to reachable CIDs. Before NV21 they could link to anything, and codecs were checked here.
/// </param>
/// <param name="onlyDagCbor">Whether DAG-CBOR is the only allowed codec, if links are not tracked.</param>
internal sealed class BlockRegistry(bool tracksLinks, bool onlyDagCbor = false)
{
    private const int MaxBlocks = int.MaxValue;

    // The most handles for which the room is kept between invocations.
    private const int MaxKeptBlocks = 4096;

    private readonly CidSet _reachable = new();
    private List<Block> _blocks = [];
    private ulong _invocation;

    /// <summary>Whether the handles are exhausted.</summary>
    public bool IsFull => _blocks.Count == MaxBlocks;

    /// <summary>Begins an invocation, with no blocks.</summary>
    /// <param name="invocation">Its number, unique among the machine's invocations; not 0.</param>
    public void Begin(ulong invocation) => _invocation = invocation;

    /// <summary>Forgets all blocks and links.</summary>
    public void End()
    {
        _invocation = 0;
        _reachable.Clear();
        if (_blocks.Capacity > MaxKeptBlocks)
        {
            _blocks = [];
        }
        else
        {
            _blocks.Clear();
        }
    }

    /// <summary>Adds a block visible to the actor, and makes all its links reachable.</summary>
    public Outcome PutReachable(Block block, out BlockId id)
    {
        id = default;
        if (IsFull) return Outcome.Error(ErrorNumber.LimitExceeded, "too many blocks");

        if (!tracksLinks) return PutAllowed(block, out id);

        if (block.ReachedIn != _invocation || _invocation == 0)
        {
            foreach (ref readonly Cid link in block.Links.AsSpan())
            {
                _reachable.Add(link);
            }

            block.ReachedIn = _invocation;
        }

        id = Add(block);
        return Outcome.Ok;
    }

    /// <summary>Adds a block created by the actor, all of whose links must be reachable.</summary>
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

    /// <summary>Whether the actor may open the CID. Inline (identity) CIDs are not reachable by themselves: they may contain links.</summary>
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

    /// <summary>The error for an invalid handle.</summary>
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
