using Fvm.Crypto;
using Fvm.Ipld;

namespace Fvm.Chain;

/// <summary>The blocks of one epoch with the same parents, in canonical order: by the hash of their tickets, then by CID.</summary>
public sealed class Tipset
{
    private Tipset(Cid[] cids, BlockHeader[] blocks)
    {
        Cids = cids;
        Blocks = blocks;
    }

    /// <summary>The blocks' CIDs: the tipset's key.</summary>
    public IReadOnlyList<Cid> Cids { get; }

    /// <summary>The blocks.</summary>
    public IReadOnlyList<BlockHeader> Blocks { get; }

    /// <summary>The block with the smallest ticket.</summary>
    public BlockHeader First => Blocks[0];

    /// <summary>The epoch.</summary>
    public ChainEpoch Epoch => First.Epoch;

    /// <summary>The parent tipset's key.</summary>
    public IReadOnlyList<Cid> Parents => First.Parents;

    /// <summary>The time of the epoch: the least of the blocks'.</summary>
    public ulong Timestamp => Blocks.Min(static block => block.Timestamp);

    /// <summary>The CID of the key, as contracts see it: of the CIDs' bytes as one byte string.</summary>
    public Cid ToCid() => CidOf(Cids);

    /// <summary>The CID of a tipset's key.</summary>
    /// <param name="key">The blocks' CIDs, in their order.</param>
    public static Cid CidOf(IEnumerable<Cid> key)
    {
        byte[] bytes = [.. key.SelectMany(static cid => cid.ToBytes())];
        CborWriter writer = new();
        writer.WriteBytes(bytes);
        return Cid.Blake2b256(Multicodec.DagCbor, writer.WrittenSpan);
    }

    /// <summary>A tipset of blocks in any order.</summary>
    /// <exception cref="ChainException">There are no blocks, or they do not form a tipset.</exception>
    public static Tipset Create(IEnumerable<BlockHeader> blocks)
    {
        (Cid Cid, byte[] Order, BlockHeader Block)[] all = [.. blocks.Select(static block => (block.ToCid(), OrderOf(block), block))];
        if (all.Length == 0)
        {
            throw new ChainException("a tipset has at least one block");
        }

        Array.Sort(all, static (left, right) => left.Order.AsSpan().SequenceCompareTo(right.Order) is int order and not 0
            ? order
            : left.Cid.ToBytes().AsSpan().SequenceCompareTo(right.Cid.ToBytes()));
        BlockHeader first = all[0].Block;
        foreach ((Cid cid, _, BlockHeader block) in all)
        {
            if (block.Epoch != first.Epoch || !block.Parents.SequenceEqual(first.Parents))
            {
                throw new ChainException($"{cid} and {all[0].Cid} are not blocks of one tipset: they have other epochs or parents");
            }
        }

        return new Tipset([.. all.Select(static block => block.Cid)], [.. all.Select(static block => block.Block)]);
    }

    private static byte[] OrderOf(BlockHeader block)
    {
        byte[] hash = new byte[Blake2b.Size256];
        Blake2b.Hash256(
            (block.Ticket ?? throw new ChainException($"the block {block.ToCid()} of epoch {block.Epoch} has no ticket")).Span, hash);
        return hash;
    }
}
