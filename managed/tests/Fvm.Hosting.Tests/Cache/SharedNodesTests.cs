using Fvm.Ipld;

namespace Fvm.Hosting.Tests;

/// <summary>State trees of several machines above one cache, whose nodes are checked once for all of them.</summary>
public sealed class SharedNodesTests
{
    private const int Actors = 2_000;
    private readonly MemoryBlockstore _store = new();
    private Cid _root;

    [OneTimeSetUp]
    public void MakeState()
    {
        StateTree tree = StateTree.Create(_store, StateTreeVersion.V5);
        for (int i = 0; i < Actors; i++)
        {
            tree.SetActor(Id(i), Actor(i));
        }

        _root = tree.Flush();
    }

    [Test]
    public void Machines_on_many_threads_see_their_own_changes_only()
    {
        SharedBlockCache cache = new(64 << 20);
        Cid[] expected = [.. Enumerable.Range(0, 4).Select(machine => ChangeAndFlush(new CachedBlockstore(Host(), null, new HostCalls()), machine))];
        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 8 }, machine =>
        {
            CachedBlockstore store = new(Host(), cache, new HostCalls());
            Assert.That(ChangeAndFlush(store, machine % 4), Is.EqualTo(expected[machine % 4]));
        });

        Assert.That(cache.Hits, Is.GreaterThan(1_000));
    }

    [Test]
    public void What_a_host_has_under_a_CID_is_judged_for_itself()
    {
        SharedBlockCache cache = new(64 << 20);
        Cid map = StateRoot.Decode(_store.Get(_root)!).Actors;
        for (int machine = 0; machine < SharedBlockCache.AsksToEnter - 1; machine++)
        {
            Read(Host());
        }

        byte[] broken = [.. _store.Get(map)!.AsSpan()[..^1]];
        MemoryBlockstore upper = new();
        upper.Put(map, broken);
        LayeredBlockstore bad = new(upper, _store);
        Assert.That(() => Read(bad), Throws.TypeOf<FatalException>().With.InnerException.Message.Contains("is malformed"));
        Read(Host());
        Read(Host());

        // From here on the cache has the node, and knows what is in it; a machine that reads its host's first still sees that.
        Assert.That(() => Read(bad), Throws.Nothing);
        CachedBlockstore own = new(bad, cache, new HostCalls());
        cache.Clear();
        Assert.That(own.Get(map), Is.SameAs(broken));
        cache.Keep(map, _store.Get(map)!);
        Read(Host());
        Assert.That(() => StateTree.Load(new BufferedBlockstore(own), _root, StateTreeVersion.V5), Throws.TypeOf<FatalException>());

        void Read(IBlockstore host)
        {
            StateTree tree = StateTree.Load(new BufferedBlockstore(new CachedBlockstore(host, cache, new HostCalls())), _root, StateTreeVersion.V5);
            Assert.That(tree.GetActor(Id(7)), Is.EqualTo(Actor(7)));
        }
    }

    private LayeredBlockstore Host() => new(new MemoryBlockstore(), _store);

    private Cid ChangeAndFlush(CachedBlockstore store, int seed)
    {
        BufferedBlockstore buffer = new(store);
        StateTree tree = StateTree.Load(buffer, _root, StateTreeVersion.V5);
        Random random = new(seed);
        for (int step = 0; step < 300; step++)
        {
            int actor = random.Next(Actors);
            ActorState? before = tree.GetActor(Id(actor));
            Assert.That(before?.Sequence ?? (ulong)actor, Is.EqualTo((ulong)actor));
            switch (random.Next(3))
            {
                case 0 when before is not null:
                    tree.SetActor(Id(actor), before.Deposit(TokenAmount.FromAtto(seed + 1)));
                    break;
                case 1 when random.Next(4) == 0:
                    tree.DeleteActor(Id(actor));
                    break;
                default:
                    break;
            }
        }

        Cid root = tree.Flush();
        buffer.Flush(root);
        return root;
    }

    private static ActorId Id(int number) => new(1_000 + (ulong)number);

    private static ActorState Actor(int number) =>
        ActorState.NewEmpty(Cid.Blake2b256(Multicodec.Raw, [1]), null) with { Sequence = (ulong)number, Balance = TokenAmount.FromAtto(number) };
}
