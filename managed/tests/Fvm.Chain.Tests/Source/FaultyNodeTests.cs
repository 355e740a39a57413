using System.Diagnostics;
using System.Text;
using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Chain.Tests;

/// <summary>A node with 200 blocks that misbehaves, and a chain that is read from it by one of the ways to speak to it.</summary>
public abstract class FaultyNodeTests
{
    /// <summary>Blocks of the node: the text <c>block N</c> each.</summary>
    protected Cid[] Cids { get; private set; } = null!;

    private protected static RpcSettings Fast { get; } = new()
    {
        Deadline = TimeSpan.FromMilliseconds(700),
        Attempts = 4,
        FirstPause = TimeSpan.FromMilliseconds(5),
        LongestPause = TimeSpan.FromMilliseconds(20),
        MaxAnswerBytes = 1 << 20,
    };

    private protected MemoryBlockstore Blocks { get; private set; } = null!;

    private protected FaultyNode Node { get; private set; } = null!;

    /// <summary>Where the node is asked.</summary>
    protected abstract string Url { get; }

    /// <summary>For nodes that fail often, but not for good.</summary>
    private protected virtual RpcSettings Patient => Fast with { Attempts = 20, Deadline = TimeSpan.FromSeconds(10) };

    [SetUp]
    public void Start()
    {
        Blocks = new MemoryBlockstore(threadSafe: true);
        Cids = [.. Enumerable.Range(0, 200).Select(number =>
        {
            byte[] block = Encoding.UTF8.GetBytes($"block {number}");
            Cid cid = Cid.Blake2b256(Multicodec.Raw, block);
            Blocks.Put(cid, block);
            return cid;
        })];
        Node = new FaultyNode(Blocks, [Cids[0], Cids[1]]);
    }

    [TearDown]
    public void Stop() => Node.Dispose();

    [Test]
    public void A_node_that_dies_and_returns_goes_on()
    {
        using RpcChain chain = Open(Fast with { Attempts = 12, LongestPause = TimeSpan.FromMilliseconds(200) });
        Assert.That(chain.Blocks.Get(Cids[0]), Is.Not.Null);
        int port = Node.Port;
        Node.Dispose();
        Task<byte[]?> waiting = Task.Run(() => chain.Blocks.Get(Cids[1]));
        Assert.That(waiting.Wait(TimeSpan.FromMilliseconds(150)), Is.False);
        Node = new FaultyNode(Blocks, port: port);
        Assert.That(waiting.Result, Is.EqualTo("block 1"u8.ToArray()));
    }

    [Test]
    public void A_node_that_was_never_there_is_an_error_at_once()
    {
        Node.Dispose();
        Stopwatch watch = Stopwatch.StartNew();
        AssertFails("is the node running?");
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(5)));
    }

    private protected RpcChain Open(RpcSettings? settings = null) => new(RpcEndpoint.Parse(Url, null), settings ?? Fast);

    protected void AssertAllBlocks()
    {
        using RpcChain chain = Open(Patient);
        Assert.That(((IBulkBlockstore)chain.Blocks).GetMany(Cids), Is.EqualTo(Cids.Select(cid => Blocks.Get(cid))));
    }

    protected void AssertFails(params string[] says)
    {
        using RpcChain chain = Open();
        BlockstoreException exception = Assert.Throws<BlockstoreException>(() => chain.Blocks.Get(Cids[5]))!;
        Assert.That(exception.Message, Does.StartWith($"{Url}/rpc/v1, Filecoin.ChainReadObj: ").And.Not.Contain("\n"));
        Assert.That(says, Has.All.Matches<string>(text => exception.Message.Contains(text!)), exception.Message);
    }
}
