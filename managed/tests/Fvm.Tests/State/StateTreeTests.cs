using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Tests;

public sealed class StateTreeTests
{
    private static readonly Address Key = Address.NewSecp256k1(new byte[65]);

    [Test]
    public void What_is_set_is_there_after_a_flush_and_a_load()
    {
        MemoryBlockstore store = new();
        StateTree tree = StateTree.Create(store, StateTreeVersion.V5);
        for (ulong id = 0; id < 1000; id++)
        {
            tree.SetActor(new ActorId(id), Actor(id));
        }

        Cid root = tree.Flush();
        StateTree loaded = StateTree.Load(store, root, StateTreeVersion.V5);

        Assert.That(loaded.GetActor(new ActorId(77)), Is.EqualTo(Actor(77)));
        Assert.That(loaded.GetActor(new ActorId(1000)), Is.Null);
        Assert.That(loaded.Flush(), Is.EqualTo(root));
        Dictionary<ActorId, ActorState> all = [];
        loaded.ForEach(all.Add);
        Assert.That(all, Has.Count.EqualTo(1000));
        Assert.That(all[new ActorId(999)], Is.EqualTo(Actor(999)));
    }

    [Test]
    public void Asking_the_memory_for_actors_changes_nothing()
    {
        MemoryBlockstore store = new();
        StateTree tree = StateTree.Create(store, StateTreeVersion.V5);
        for (ulong id = 0; id < 1000; id++)
        {
            tree.SetActor(new ActorId(id), Actor(id));
        }

        Cid root = tree.Flush();
        StateTree loaded = StateTree.Load(new BufferedBlockstore(store), root, StateTreeVersion.V5);
        for (ulong id = 0; id < 1100; id += 7)
        {
            ulong next = (id * 31) % 1100;
            _ = loaded.Prefetch(new ActorId(id), Address.NewId(new ActorId(next)));
            Assert.That(loaded.GetActor(new ActorId(id)), Is.EqualTo(id < 1000 ? Actor(id) : null));
            Assert.That(loaded.GetActor(new ActorId(next)), Is.EqualTo(next < 1000 ? Actor(next) : null));
            Assert.That(loaded.Prefetch(new ActorId(id), Address.NewId(new ActorId(next))), Is.Null, "both are known");
        }

        Assert.That(loaded.Prefetch(new ActorId(1), Key), Is.Null, "an address that was not resolved");
        Assert.That(loaded.Flush(), Is.EqualTo(root));
    }

    [Test]
    public void A_deleted_actor_leaves_no_trace()
    {
        MemoryBlockstore store = new();
        StateTree tree = StateTree.Create(store, StateTreeVersion.V5);
        tree.SetActor(new ActorId(1), Actor(1));
        Cid before = tree.Flush();
        tree.SetActor(new ActorId(2), Actor(2));
        Assert.That(tree.Flush(), Is.Not.EqualTo(before));
        tree.DeleteActor(new ActorId(2));

        Assert.That(tree.GetActor(new ActorId(2)), Is.Null);
        Assert.That(tree.Flush(), Is.EqualTo(before));
    }

    [Test]
    public void A_reverted_transaction_undoes_what_those_within_had_done()
    {
        StateTree tree = StateTree.Create(new MemoryBlockstore(), StateTreeVersion.V5);
        tree.SetActor(new ActorId(1), Actor(1));
        tree.BeginTransaction();
        tree.SetActor(new ActorId(1), Actor(11));
        tree.BeginTransaction();
        tree.SetActor(new ActorId(2), Actor(2));
        tree.DeleteActor(new ActorId(1));
        tree.EndTransaction(revert: false);
        Assert.That(tree.GetActor(new ActorId(1)), Is.Null);
        Assert.That(() => tree.Flush(), Throws.TypeOf<FatalException>());
        tree.EndTransaction(revert: true);

        Assert.That(tree.InTransaction, Is.False);
        Assert.That(tree.GetActor(new ActorId(1)), Is.EqualTo(Actor(1)));
        Assert.That(tree.GetActor(new ActorId(2)), Is.Null);
        Assert.That(() => tree.EndTransaction(revert: false), Throws.TypeOf<FatalException>());
    }

    [Test]
    public void A_new_address_gets_the_next_number_and_loses_it_with_its_transaction()
    {
        StateTree tree = WithInit();
        Assert.That(tree.LookupId(Key), Is.Null);
        tree.BeginTransaction();
        Assert.That(tree.RegisterNewAddress(Key), Is.EqualTo(new ActorId(100)));
        Assert.That(tree.LookupId(Key), Is.EqualTo(new ActorId(100)));
        tree.EndTransaction(revert: true);
        Assert.That(tree.LookupId(Key), Is.Null);

        Address other = Address.NewActor([1]);
        Assert.That(tree.RegisterNewAddress(other), Is.EqualTo(new ActorId(100)));
        Assert.That(tree.RegisterNewAddress(Key), Is.EqualTo(new ActorId(101)));
        StateTree loaded = StateTree.Load(tree.Store, tree.Flush(), StateTreeVersion.V5);
        Assert.That(loaded.LookupId(Key), Is.EqualTo(new ActorId(101)));
        Assert.That(loaded.LookupId(other), Is.EqualTo(new ActorId(100)));
        Assert.That(loaded.LookupId(Address.NewActor([2])), Is.Null);
    }

    [Test]
    public void A_number_is_its_own_actor_whether_there_is_one_or_not() =>
        Assert.That(StateTree.Create(new MemoryBlockstore(), StateTreeVersion.V5).LookupId(Address.NewId(5)), Is.EqualTo(new ActorId(5)));

    [Test]
    public void Broken_states_are_fatal()
    {
        MemoryBlockstore store = new();
        StateTree tree = StateTree.Create(store, StateTreeVersion.V5);
        Cid root = tree.Flush();

        Assert.That(() => tree.LookupId(Key), Throws.TypeOf<FatalException>(), "without an init actor");
        tree.SetActor(ActorId.Init, Actor(1));
        Assert.That(() => tree.LookupId(Key), Throws.TypeOf<FatalException>(), "with an init actor whose state is not there");
        Assert.That(() => StateTree.Load(store, root, StateTreeVersion.V4), Throws.TypeOf<FatalException>(), "of another version");
        Assert.That(() => StateTree.Load(store, Actor(1).Code, StateTreeVersion.V5), Throws.TypeOf<FatalException>(), "missing");
        Assert.That(() => StateTree.Load(store, EmptyState.Cid, StateTreeVersion.V5), Throws.TypeOf<FatalException>(), "not a root");
        Assert.That(() => StateTree.Create(store, StateTreeVersion.V2), Throws.TypeOf<FatalException>(), "too old");
        Cid dangling = StateBlocks.Put(store, new StateRoot(StateTreeVersion.V5, Actor(1).Code, EmptyState.Cid).Encode());
        Assert.That(() => StateTree.Load(store, dangling, StateTreeVersion.V5), Throws.TypeOf<FatalException>(), "without its map");
    }

    [Test]
    public void Random_changes_in_nested_transactions_agree_with_copies_of_a_dictionary()
    {
        Random random = new(3);
        StateTree tree = StateTree.Create(new MemoryBlockstore(), StateTreeVersion.V5);
        Stack<Dictionary<ulong, ActorState>> saved = new();
        Dictionary<ulong, ActorState> model = [];
        for (int i = 0; i < 20_000; i++)
        {
            ulong id = (ulong)random.Next(40);
            switch (random.Next(6))
            {
                case 0 or 1:
                    model[id] = Actor((ulong)random.Next(5));
                    tree.SetActor(new ActorId(id), model[id]);
                    break;
                case 2:
                    model.Remove(id);
                    tree.DeleteActor(new ActorId(id));
                    break;
                case 3:
                    Assert.That(tree.GetActor(new ActorId(id)), Is.EqualTo(model.GetValueOrDefault(id)));
                    break;
                case 4 when saved.Count < 6:
                    saved.Push(new Dictionary<ulong, ActorState>(model));
                    tree.BeginTransaction();
                    break;
                case 5 when saved.Count > 0:
                    bool revert = random.Next(2) == 0;
                    tree.EndTransaction(revert);
                    model = revert ? saved.Pop() : saved.Pop() is null ? model : model;
                    break;
                default:
                    if (!tree.InTransaction)
                    {
                        tree = StateTree.Load(tree.Store, tree.Flush(), StateTreeVersion.V5);
                    }

                    break;
            }
        }
    }

    // In the same HAMT node as the changed actor: a node is decoded and encoded as a whole.
    [TestCase(StateTreeVersion.V4)]
    [TestCase(StateTreeVersion.V5)]
    public void A_change_makes_the_actors_in_the_same_node_canonical(StateTreeVersion version)
    {
        MemoryBlockstore store = new();
        byte[] zeros = Encoded(Actor(7), version, balance: [0, 0, .. Actor(7).Balance.ToBytes()[1..]]);
        Cid odd = WithActors(store, version, (1, zeros), (2, Encoded(Actor(2), version)));
        StateTree tree = StateTree.Load(store, odd, version);
        ActorState unchanged = tree.GetActor(new ActorId(2))!;
        tree.SetActor(new ActorId(2), unchanged);
        Assert.That(tree.Flush(), Is.EqualTo(odd), "without a change nothing is written");
        tree.SetActor(new ActorId(2), Actor(3));

        Cid expected = WithActors(
            store, version, (1, Encoded(Actor(7), version, balance: [.. Actor(7).Balance.ToBytes()])), (2, Encoded(Actor(3), version)));
        Assert.That(tree.Flush(), Is.EqualTo(expected));
    }

    [TestCase(StateTreeVersion.V4, 3)]
    [TestCase(StateTreeVersion.V4, 5)]
    [TestCase(StateTreeVersion.V5, 4)]
    [TestCase(StateTreeVersion.V5, 6)]
    public void An_actor_with_too_few_or_too_many_fields_breaks_the_node_it_is_in(StateTreeVersion version, int fields)
    {
        MemoryBlockstore store = new();
        byte[] malformed = Encoded(Actor(1), version, fields: fields);

        Cid root = WithActors(store, version, (1, malformed), (2, Encoded(Actor(2), version)));
        Assert.That(
            () => StateTree.Load(store, root, version),
            Throws.TypeOf<FatalException>().With.Message.Contains("failed to load state tree"));

        // Enough actors for nodes below the root: those without the malformed actor can be read.
        Cid large = WithActors(
            store, version, [(1, malformed), .. Enumerable.Range(2, 200).Select(id => ((ulong)id, Encoded(Actor((ulong)id), version)))]);
        StateTree tree = StateTree.Load(store, large, version);
        int broken = Enumerable.Range(1, 201).Count(id => !CanRead(tree, (ulong)id));
        Assert.That(broken, Is.InRange(2, 30));
        Assert.That(() => tree.GetActor(new ActorId(1)), Throws.TypeOf<FatalException>().With.Message.Contains("failed to lookup actor 1"));
    }

    [Test]
    public void An_address_map_with_anything_but_numbers_is_fatal()
    {
        MemoryBlockstore store = new();
        Hamt odd = new(store, HamtOptions.State);
        odd.Set([1, 1], new byte[] { 0x41, 0x05 });
        StateTree tree = WithInit(store, odd.Flush());

        Assert.That(() => tree.LookupId(Key), Throws.TypeOf<FatalException>());
        Assert.That(() => tree.RegisterNewAddress(Key), Throws.TypeOf<FatalException>());
    }

    private static bool CanRead(StateTree tree, ulong id)
    {
        try
        {
            return tree.GetActor(new ActorId(id)) is not null;
        }
        catch (FatalException)
        {
            return false;
        }
    }

    private static Cid WithActors(MemoryBlockstore store, StateTreeVersion version, params (ulong Id, byte[] Actor)[] actors)
    {
        Hamt map = new(store, HamtOptions.State);
        foreach ((ulong id, byte[] actor) in actors)
        {
            map.Set(Address.NewId(id).ToBytes(), actor);
        }

        Cid info = StateBlocks.Put(store, EmptyState.Block);
        return StateBlocks.Put(store, new StateRoot(version, map.Flush(), info).Encode());
    }

    /// <summary>An actor with an arbitrary balance encoding and number of fields: its own, then nulls.</summary>
    private static byte[] Encoded(ActorState actor, StateTreeVersion version, byte[]? balance = null, int? fields = null)
    {
        CborWriter writer = new();
        int count = fields ?? (version == StateTreeVersion.V5 ? 5 : 4);
        writer.WriteArrayHeader(count);
        writer.WriteCid(actor.Code);
        writer.WriteCid(actor.State);
        writer.WriteUInt(actor.Sequence);
        if (count > 3)
        {
            writer.WriteBytes(balance ?? actor.Balance.ToBytes());
        }

        for (int field = 4; field < count; field++)
        {
            writer.WriteNull();
        }

        return writer.ToArray();
    }

    private static ActorState Actor(ulong number) => new()
    {
        Code = Cid.CreateV1(Multicodec.Raw, MultihashCode.Identity, "code"u8),
        State = Cid.CreateV1(Multicodec.DagCbor, MultihashCode.Identity, [0x80]),
        Sequence = number,
        Balance = TokenAmount.FromAtto(number) * 1_000_000_007,
    };

    private static StateTree WithInit()
    {
        MemoryBlockstore store = new();
        return WithInit(store, new Hamt(store, HamtOptions.State).Flush());
    }

    private static StateTree WithInit(MemoryBlockstore store, in Cid map)
    {
        StateTree tree = StateTree.Create(store, StateTreeVersion.V5);
        Cid state = StateBlocks.Put(store, new InitActorState(map, 100, "test").Encode());
        tree.SetActor(ActorId.Init, Actor(0) with { State = state });
        return tree;
    }
}
