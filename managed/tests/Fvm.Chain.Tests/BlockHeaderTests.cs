using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Chain.Tests;

/// <summary>Headers and the order of blocks in a tipset.</summary>
public sealed class BlockHeaderTests
{
    private static readonly Cid Root = Cid.Blake2b256(Multicodec.DagCbor, [0x80]);

    private static BlockHeader Header(ulong miner, byte ticket, long epoch = 7) => new()
    {
        Miner = Address.NewId(miner),
        Ticket = new byte[] { ticket },
        Parents = [Root],
        Epoch = new ChainEpoch(epoch),
        ParentState = Root,
        ParentReceipts = Root,
        Messages = Root,
        Timestamp = 30,
        BaseFee = TokenAmount.FromAtto(100L),
        Election = new ElectionProof(2, new byte[] { 1, 2 }),
        BeaconEntries = [new BeaconEntry(5, new byte[] { 3 })],
        WinningPosts = [new WinningPost(3, new byte[] { 4 })],
        Signature = new ChainSignature(ChainSignatureKind.Bls, new byte[] { 9 }),
    };

    [Test]
    public void A_header_survives_its_encoding()
    {
        byte[] bytes = Header(1000, 1).Encode();
        BlockHeader decoded = BlockHeader.Decode(bytes);
        Assert.That(decoded.Encode(), Is.EqualTo(bytes));
        Assert.That(decoded.Election!.WinCount, Is.EqualTo(2));
        Assert.That(decoded.BeaconEntries[0].Round, Is.EqualTo(5));
        Assert.That(decoded.ToCid(), Is.EqualTo(Cid.Blake2b256(Multicodec.DagCbor, bytes)));
    }

    [Test]
    public void What_follows_a_header_is_ignored_and_a_part_of_it_is_refused()
    {
        byte[] bytes = Header(1000, 1).Encode();
        Assert.That(BlockHeader.Decode([.. bytes, 0xff]).ToCid(), Is.EqualTo(Cid.Blake2b256(Multicodec.DagCbor, bytes)));
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.That(() => BlockHeader.Decode(bytes.AsSpan(0, length)), Throws.TypeOf<CborException>(), $"{length} bytes");
        }
    }

    [Test]
    public void A_list_that_claims_more_items_than_are_allowed_is_refused() =>
        Assert.That(
            () => BlockHeader.Decode([0x90, 0x42, 0, 1, 0xf6, 0xf6, 0x99, 0x20, 0x01, .. new byte[10_000]]),
            Throws.TypeOf<CborException>().With.Message.Contains("at most 8192"));

    [Test]
    public void Blocks_are_in_the_order_of_their_tickets_hashes_then_of_their_cids()
    {
        BlockHeader[] blocks = [.. Enumerable.Range(0, 9).Select(static number => Header(1000 + (ulong)number, (byte)(number / 2)))];
        Tipset tipset = Tipset.Create(blocks);
        Assert.That(Tipset.Create(blocks.Reverse()).Cids, Is.EqualTo(tipset.Cids));
        for (int index = 1; index < tipset.Blocks.Count; index++)
        {
            int order = Hash(tipset.Blocks[index - 1]).AsSpan().SequenceCompareTo(Hash(tipset.Blocks[index]));
            order = order != 0 ? order : tipset.Cids[index - 1].ToBytes().AsSpan().SequenceCompareTo(tipset.Cids[index].ToBytes());
            Assert.That(order, Is.Negative);
        }

        static byte[] Hash(BlockHeader block)
        {
            byte[] hash = new byte[32];
            Crypto.Blake2b.Hash256(block.Ticket!.Value.Span, hash);
            return hash;
        }
    }

    [Test]
    public void Blocks_of_two_epochs_are_no_tipset() =>
        Assert.That(() => Tipset.Create([Header(1000, 1), Header(1001, 2, epoch: 8)]), Throws.TypeOf<ChainException>());
}
