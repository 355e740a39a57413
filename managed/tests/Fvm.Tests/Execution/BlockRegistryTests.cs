using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Tests;

public sealed class BlockRegistryTests
{
    private static readonly Cid Link = Cid.Blake2b256(Multicodec.Raw, "a link"u8);

    [Test]
    public void Handles_count_from_one_and_zero_is_no_block()
    {
        BlockRegistry blocks = new(tracksLinks: true);
        Block block = new(Multicodec.Raw, new byte[] { 1 });
        Assert.That(blocks.PutReachable(block, out BlockId first).IsOk && blocks.PutCheckReachable(block, out BlockId second).IsOk && second.Value == 2);
        Assert.That(first.Value, Is.EqualTo(1));
        Assert.That(blocks.TryGet(first, out Block found) && ReferenceEquals(found, block));
        Assert.That(blocks.TryGet(BlockId.NoData, out _), Is.False);
        Assert.That(blocks.TryGet(new BlockId(3), out _), Is.False);
        Assert.That(blocks.TryGet(new BlockId(uint.MaxValue), out _), Is.False);
    }

    [Test]
    public void A_block_of_the_actor_s_own_links_only_to_what_it_reaches()
    {
        BlockRegistry blocks = new(tracksLinks: true);
        Block linking = new(Multicodec.DagCbor, new byte[] { 1 }, [Link]);
        Assert.That(blocks.PutCheckReachable(linking, out BlockId none).ErrorNumber, Is.EqualTo(ErrorNumber.NotFound));
        Assert.That(none, Is.EqualTo(BlockId.NoData));
        Assert.That(blocks.PutReachable(linking, out BlockId id).IsOk && id.Value == 1, "a refused block takes no handle");
        Assert.That(blocks.IsReachable(Link));
        Assert.That(blocks.PutCheckReachable(linking, out _).IsOk);
    }

    [Test]
    public void Before_links_were_tracked_everything_was_reachable_and_codecs_were_checked_here()
    {
        BlockRegistry blocks = new(tracksLinks: false);
        Assert.That(blocks.IsReachable(Link));
        Assert.That(blocks.PutCheckReachable(new Block(Multicodec.DagCbor, new byte[] { 1 }, [Link]), out _).IsOk);
        Assert.That(blocks.PutCheckReachable(new Block(Multicodec.DagPb, new byte[] { 1 }), out _).ErrorNumber, Is.EqualTo(ErrorNumber.IllegalCodec));
    }
}
