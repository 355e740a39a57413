using System.Text;
using Fvm.Hosting;
using Fvm.Ipld;

namespace Fvm.State.Bench;

/// <summary>A state of many accounts in memory, with made-up code: transfers run none.</summary>
internal sealed class LargeState
{
    private const ulong FirstAccount = 10_000;
    private static readonly string[] Names = ["system", "init", "account", "placeholder", "eam", "ethaccount"];

    private readonly MemoryBlockstore _store = new();
    private readonly int _accounts;

    public LargeState(int accounts)
    {
        _accounts = accounts;
        byte[] manifest = Manifest.EncodeList([.. Names.Select(static name => (name, CodeOf(name)))]);
        StateTree tree = StateTree.Create(_store, StateTreeVersion.V5);
        ActorState account = ActorState.NewEmpty(CodeOf("account"), null) with { Balance = TokenAmount.FromWhole(1_000) };
        SystemActorState system = new(Put(manifest));
        tree.SetActor(ActorId.System, ActorState.NewEmpty(CodeOf("system"), null) with { State = Put(system.Encode()) });
        tree.SetActor(ActorId.Reward, account);
        tree.SetActor(ActorId.BurntFunds, account);
        for (int i = 0; i < accounts; i++)
        {
            tree.SetActor(new ActorId(FirstAccount + (ulong)i), account.Deposit(TokenAmount.FromAtto(i)));
        }

        Root = tree.Flush();
    }

    public Cid Root { get; }

    /// <summary>A node's view for a new machine: the state's blocks, under a cache and an empty store for new blocks.</summary>
    public IBlockstore NewStore(SharedBlockCache cache) => new CachedBlockstore(
        new LayeredBlockstore(new MemoryBlockstore(), _store), cache.For(NetworkVersion.Nv28), new HostCalls());

    /// <summary>A cache with room for the whole state, all of which a machine has read.</summary>
    public SharedBlockCache NewFullCache()
    {
        SharedBlockCache cache = new(4L << 30);
        foreach (KeyValuePair<Cid, byte[]> block in _store.Snapshot())
        {
            cache.Keep(block.Key, block.Value);
        }

        StateTree tree = StateTree.Load(NewStore(cache), Root, StateTreeVersion.V5);
        for (int i = 0; i < _accounts; i++)
        {
            _ = tree.GetActor(new ActorId(FirstAccount + (ulong)i));
        }

        return cache;
    }

    /// <summary>An account.</summary>
    public ActorId Any(Random random) => new(FirstAccount + (ulong)random.Next(_accounts));

    private static Cid CodeOf(string name) => Cid.Blake2b256(Multicodec.Raw, Encoding.UTF8.GetBytes("fil/bench/" + name));

    private Cid Put(byte[] block)
    {
        Cid cid = Cid.Blake2b256(Multicodec.DagCbor, block);
        _store.Put(cid, block);
        return cid;
    }
}
