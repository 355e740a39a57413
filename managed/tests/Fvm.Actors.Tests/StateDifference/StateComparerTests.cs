using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Actors.Tests;

public sealed class StateComparerTests
{
    private const int Many = 1000;

    private static readonly Cid AccountCode = CidOf("account"u8.ToArray());
    private static readonly Cid InitCode = CidOf("init"u8.ToArray());
    private static readonly Cid ChannelCode = CidOf("paymentchannel"u8.ToArray());
    private static readonly Cid ContractCode = CidOf("evm"u8.ToArray());

    private readonly MemoryBlockstore _store = new();

    [Test]
    public void Equal_states_have_no_difference_and_nothing_is_read()
    {
        Cid root = State(Account(100, 7, 1));
        Assert.That(new StateComparer(new MemoryBlockstore(), new MemoryBlockstore(), NameOf, Many).Compare(root, root), Is.Empty);
    }

    [Test]
    public void Fields_of_an_actor_are_told_by_name()
    {
        Cid old = State(Account(100, 7, 1), Account(101, 5, 1));
        Cid now = State(Account(100, 8, 2), Account(101, 5, 1));
        Assert.That(Told(old, now), Is.EqualTo((string[])["f0100 account.balance: 1.0 FIL → 2.0 FIL", "f0100 account.nonce: 7 → 8"]));
    }

    [Test]
    public void Actors_that_only_one_state_has_are_told() =>
        Assert.That(Told(State(Account(100, 7, 1)), State(Account(101, 7, 1))), Is.EquivalentTo((string[])
        [
            "f0100: account, 1.0 FIL, nonce 7 → ", "f0101:  → account, 1.0 FIL, nonce 7",
        ]));

    [TestCase(3)]
    [TestCase(500)]
    public void Entries_of_a_map_are_told_by_key(int count)
    {
        Cid old = State(Init(count, 0, 5));
        Cid now = State(Init(count, 1, 6));
        Assert.That(Told(old, now), Is.EquivalentTo((string[])
        [
            $"f01 init.state.address_map[{Address.NewActor([1])}]: f0{count + 1} → f07777",
            $"f01 init.state.address_map[{Address.NewActor([0, 0, 0])}]:  → f0555",
            "f01 init.state.next_id: f05 → f06",
        ]));
    }

    [Test]
    public void A_missing_block_is_told_and_the_rest_compared()
    {
        Cid old = State(Init(3, 0, 5), Account(100, 7, 1));
        Cid now = State(Init(3, 1, 6), Account(100, 8, 1));
        MemoryBlockstore partial = new();
        Cid lost = InitState(3, 1, 6);
        foreach ((Cid cid, byte[] block) in _store.Snapshot().Where(pair => pair.Key != lost))
        {
            partial.Put(cid, block);
        }

        IReadOnlyList<StateDifference> found = new StateComparer(_store, partial, NameOf, Many).Compare(old, now);
        Assert.That(found.Select(static difference => difference.Problem), Has.Some.Contains($"the block {lost} of the second state is missing"));
        Assert.That(found.Select(static difference => difference.Path), Has.Member("f0100 account.nonce"));
    }

    [Test]
    public void The_number_of_differences_is_bounded()
    {
        StateComparer comparer = new(_store, _store, NameOf, 10);
        Cid old = State([.. Enumerable.Range(100, 200).Select(id => Account((ulong)id, 1, 1))]);
        Cid now = State([.. Enumerable.Range(100, 200).Select(id => Account((ulong)id, 2, 1))]);
        Assert.That(comparer.Compare(old, now), Has.Count.EqualTo(10));
        Assert.That(comparer.IsTruncated, Is.True);
    }

    [Test]
    public void A_malformed_root_is_told()
    {
        Cid bad = Put([0x81]);
        IReadOnlyList<StateDifference> found = new StateComparer(_store, _store, NameOf, Many).Compare(bad, State(Account(100, 7, 1)));
        Assert.That(found.Single().Problem, Does.Contain("an array claims 1 items"));
    }

    [TestCase(5, "[3].redeemed: 3 → 99")]

    // The second AMT is higher: the new index does not fit the first one.
    [TestCase(5000, "[3].redeemed: 3 → 99", "[5000]:  → {redeemed: 1, nonce: 1}")]
    public void Values_of_an_array_are_told_by_index(int last, params string[] differences)
    {
        Cid old = State(Channel(3, 3));
        Cid now = State(Channel(99, last == 5 ? 3 : last));
        Assert.That(Told(old, now), Is.EqualTo(differences.Select(static text => $"f0100 paymentchannel.state.lane_states{text}")));
    }

    [Test]
    public void Slots_of_a_contract_are_told_by_key()
    {
        string key = new('1', 64);
        Assert.That(Told(State(Contract(key, 5)), State(Contract(key, 6))), Is.EqualTo((string[])
        [
            $"f0100 evm.state.contract_state[0x{key}]: 0x05 → 0x06",
        ]));
    }

    private static string? NameOf(Cid code) => code == AccountCode ? "account" : code == InitCode ? "init"
        : code == ChannelCode ? "paymentchannel" : code == ContractCode ? "evm" : null;

    private string[] Told(Cid old, Cid now) =>
        [.. new StateComparer(_store, _store, NameOf, Many).Compare(old, now)
            .Select(static difference => $"{difference.Path}: {difference.Before} → {difference.After}{difference.Problem}")];

    private (ulong Id, ActorState Actor) Account(ulong id, ulong nonce, long balance)
    {
        CborWriter writer = new();
        writer.WriteArrayHeader(1);
        writer.WriteBytes(Address.NewId(id).ToBytes());
        return (id, new ActorState
        {
            Code = AccountCode,
            State = Put(writer.ToArray()),
            Sequence = nonce,
            Balance = TokenAmount.FromWhole(balance),
        });
    }

    private (ulong Id, ActorState Actor) Init(int count, int change, ulong next) =>
        (1, new ActorState { Code = InitCode, State = InitState(count, change, next) });

    private (ulong Id, ActorState Actor) Channel(ulong redeemed, int last)
    {
        Amt lanes = new(_store, bitWidth: 3);
        lanes.Set(3, Lane(redeemed));
        if (last > 3)
        {
            lanes.Set((ulong)last, Lane(1));
        }

        CborWriter writer = new();
        writer.WriteArrayHeader(6);
        writer.WriteBytes(Address.NewId(100).ToBytes());
        writer.WriteBytes(Address.NewId(101).ToBytes());
        writer.WriteBytes([]);
        writer.WriteUInt(0);
        writer.WriteUInt(0);
        writer.WriteCid(lanes.Flush());
        return (100, new ActorState { Code = ChannelCode, State = Put(writer.ToArray()) });
    }

    private static byte[] Lane(ulong redeemed)
    {
        CborWriter writer = new();
        writer.WriteArrayHeader(2);
        writer.WriteBytes([0, (byte)redeemed]);
        writer.WriteUInt(1);
        return writer.ToArray();
    }

    // A KAMT of a root with a link, with an extension, to a node with one entry.
    private (ulong Id, ActorState Actor) Contract(string key, byte value)
    {
        CborWriter leaf = new();
        leaf.WriteArrayHeader(2);
        leaf.WriteBytes([0x02]);
        leaf.WriteArrayHeader(1);
        leaf.WriteMapHeader(1);
        leaf.WriteText("v");
        leaf.WriteArrayHeader(1);
        leaf.WriteArrayHeader(2);
        leaf.WriteBytes(Convert.FromHexString(key));
        leaf.WriteBytes([value]);
        CborWriter root = new();
        root.WriteArrayHeader(2);
        root.WriteBytes([0x04]);
        root.WriteArrayHeader(1);
        root.WriteMapHeader(1);
        root.WriteText("l");
        root.WriteArrayHeader(3);
        root.WriteCid(Put(leaf.ToArray()));
        root.WriteUInt(5);
        root.WriteBytes([0x88]);
        CborWriter writer = new();
        writer.WriteArrayHeader(6);
        writer.WriteCid(Put([0x40]));
        writer.WriteBytes(new byte[32]);
        writer.WriteCid(Put(root.ToArray()));
        writer.WriteNull();
        writer.WriteUInt(1);
        writer.WriteNull();
        return (100, new ActorState { Code = ContractCode, State = Put(writer.ToArray()) });
    }

    private Cid InitState(int count, int change, ulong next)
    {
        Hamt map = new(_store, HamtOptions.State);
        for (int index = 0; index < count; index++)
        {
            map.Set(Address.NewActor(index == 0 ? [1] : [(byte)index, (byte)(index >> 8), 1]).ToBytes(), Number((ulong)(count + 1 + index)));
        }

        if (change > 0)
        {
            map.Set(Address.NewActor([1]).ToBytes(), Number(7777));
            map.Set(Address.NewActor([0, 0, 0]).ToBytes(), Number(555));
        }

        CborWriter writer = new();
        writer.WriteArrayHeader(3);
        writer.WriteCid(map.Flush());
        writer.WriteUInt(next);
        writer.WriteText("net");
        return Put(writer.ToArray());
    }

    private Cid State(params (ulong Id, ActorState Actor)[] actors)
    {
        Hamt map = new(_store, HamtOptions.State);
        foreach ((ulong id, ActorState actor) in actors)
        {
            map.Set(Address.NewId(id).ToBytes(), actor.Encode(StateTreeVersion.V5));
        }

        return Put(new StateRoot(StateTreeVersion.V5, map.Flush(), Put([0x80])).Encode());
    }

    private Cid Put(byte[] block)
    {
        Cid cid = CidOf(block);
        _store.Put(cid, block);
        return cid;
    }

    private static Cid CidOf(byte[] block) => Cid.Blake2b256(Multicodec.DagCbor, block);

    private static byte[] Number(ulong value)
    {
        CborWriter writer = new();
        writer.WriteUInt(value);
        return writer.ToArray();
    }
}
