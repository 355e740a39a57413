using Fvm.Ipld;
using Fvm.Wasm;
using NUnit.Framework;
using static Fvm.Tests.ActorText;

namespace Fvm.Tests;

public sealed class BlockMemoryTests
{
    private const int ChunkLength = 1 << 20;
    private const int Long = 20_000;

    // Enough blocks for several chunks.
    private const int Many = 4 * ChunkLength / Long;

    [TestCase(1)]
    [TestCase(4_096)]
    [TestCase(4_097)]
    [TestCase(200_000)]
    [TestCase(ChunkLength / 4)]
    [TestCase((ChunkLength / 4) + 1)]
    [TestCase(ChunkLength)]
    public void Copies_of_any_length_stay_as_they_were(int length)
    {
        NativeBytesPool pool = new(ChunkLength, 2);
        using BlockMemory memory = new(new KeptBytes(), pool);
        byte[][] all = [.. Enumerable.Range(0, 40).Select(i => Enumerable.Repeat((byte)i, i % 3 == 0 ? length : 10_000 + i).ToArray())];
        ReadOnlyMemory<byte>[] copies = [.. all.Select(one => memory.Keep(one))];
        Assert.That(copies.Select(static one => one.ToArray()), Is.EqualTo(all));
    }

    [Test]
    public void What_is_asked_of_a_block_for_later_outlives_the_message_and_the_rest_cannot_be_read()
    {
        NativeBytesPool pool = new(ChunkLength, 2);
        BlockMemory memory = new(new KeptBytes(), pool);
        byte[] bytes = [.. Enumerable.Range(0, Long).Select(static i => (byte)i)];
        Block[] blocks = [.. Enumerable.Range(0, Many).Select(_ => new Block(Multicodec.Raw, memory.Keep(bytes)))];
        Assert.That(blocks[^1].LastingData.Span.SequenceEqual(bytes), Is.True);
        Assert.That(blocks[^2].DataArray, Is.EqualTo(bytes));
        Assert.That(blocks[^3].ToIpldBlock().Data.Span.SequenceEqual(bytes), Is.True);
        memory.Dispose();

        // Another message uses the same chunks.
        using BlockMemory next = new(new KeptBytes(), pool);
        for (int i = 0; i < Many; i++)
        {
            next.Keep(new byte[Long]);
        }

        Assert.That(blocks[^1].Data.Span.SequenceEqual(bytes), Is.True);
        Assert.That(blocks[^2].Data.Span.SequenceEqual(bytes), Is.True);
        Assert.That(blocks[^3].Data.Span.SequenceEqual(bytes), Is.True);
        Assert.That(blocks[0].Data.Span.SequenceEqual(bytes), Is.True, "the first ones are on the heap");
        Assert.That(() => blocks[^4].Data.Span.Length, Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void A_pool_keeps_as_many_idle_chunks_as_it_may()
    {
        NativeBytesPool pool = new(ChunkLength, 2);
        using (BlockMemory memory = new(new KeptBytes(), pool))
        {
            for (int i = 0; i < Many; i++)
            {
                memory.Keep(new byte[Long]);
            }

            Assert.That(pool.IdleBytes, Is.Zero);
        }

        Assert.That(pool.IdleBytes, Is.EqualTo(2 * ChunkLength));
        pool.Trim();
        Assert.That(pool.IdleBytes, Is.Zero);
        NativeBytes chunk = pool.Rent();
        chunk.Return();
        chunk.Return();
        Assert.That(pool.IdleBytes, Is.EqualTo(ChunkLength), "returned once");
    }

    [Test]
    public void A_message_that_creates_many_blocks_returns_links_and_traces_the_last()
    {
        // 300 blocks of 20,000 bytes: the number of the block in all of them.
        string code = $"""
            loop
              i32.const {Data} local.get 1 i32.const {Long} memory.fill
              i32.const {Out} i64.const 85 i32.const {Data} i32.const {Long} call ipld.block_create drop
              local.get 1 i32.const 1 i32.add local.tee 1 i32.const 300 i32.lt_u br_if 0
            end
            i32.const {Out + 4} i32.const {Out} i32.load i64.const 45600 i32.const 32 i32.const {Out + 8} i32.const 100 call ipld.block_link drop
            i32.const {Out} i32.load
            """;
        byte[] last = [.. Enumerable.Repeat(unchecked((byte)299), Long)];
        using TestRun run = new();
        ActorId actor = run.State.AddActor(Module(code, locals: "i"), TokenAmount.FromAtto(1_000L));
        ApplyRet[] rets = [run.Call(actor), run.Call(actor), run.Call(actor)];
        foreach (ApplyRet ret in rets)
        {
            Assert.That(ret.Receipt.ExitCode, Is.EqualTo(ExitCode.Ok), ret.Failure);
            Assert.That(ret.Receipt.ReturnData.Span.SequenceEqual(last), Is.True);
            Assert.That(ret.Trace.OfType<CallReturnEvent>().Single().Value!.Data.Span.SequenceEqual(last), Is.True);
        }

        Assert.That(run.Machine.Blockstore.Get(Cid.Blake2b256(Multicodec.Raw, last)), Is.EqualTo(last));
        Assert.That(run.Pool.BlockChunks.IdleBytes, Is.GreaterThan(4_000_000).And.LessThan(9_000_000), "the same chunks each time");
    }
}
