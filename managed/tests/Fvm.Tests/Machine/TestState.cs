using System.Text;
using Fvm.Ipld;

namespace Fvm.Tests;

/// <summary>
/// A small state: the singletons, a sender of each kind, one actor with state, and a manifest of made-up code CIDs. Only the account's code
/// is a module (one that succeeds); add others with <see cref="AddActor(byte[], TokenAmount)"/>.
/// </summary>
internal sealed class TestState
{
    /// <summary>An account with the address <see cref="SenderKey"/>.</summary>
    public static readonly ActorId Sender = new(100);

    /// <summary>An account with the address <see cref="BlsKey"/>.</summary>
    public static readonly ActorId BlsAccount = new(101);

    /// <summary>An Ethereum account with the address <see cref="EthAccountAddress"/>.</summary>
    public static readonly ActorId EthAccount = new(102);

    /// <summary>A placeholder with the address <see cref="PlaceholderAddress"/>.</summary>
    public static readonly ActorId Placeholder = new(103);

    /// <summary>An actor with a state that links to <see cref="Leaf"/>.</summary>
    public static readonly ActorId Actor = new(104);

    /// <summary>The id of the next new actor, not in use.</summary>
    public static readonly ActorId Next = new(105);

    public static readonly Address SenderKey = Key1(1);

    public static readonly Address BlsKey = Key3(1);

    public static readonly Address EthAccountAddress = Eth(1);

    public static readonly Address PlaceholderAddress = Eth(2);

    public static readonly Address ActorAddress = Address.NewActor("an actor"u8);

    public static readonly TokenAmount Rich = TokenAmount.FromWhole(1_000);

    /// <summary>The names in the manifest, in the order of <see cref="ActorType"/>.</summary>
    public static readonly string[] Names =
    [
        "system", "init", "cron", "account", "storagepower", "storageminer", "storagemarket", "paymentchannel",
        "multisig", "reward", "verifiedregistry", "datacap", "placeholder", "evm", "eam", "ethaccount",
    ];

    private readonly StateTree _tree;
    private ulong _nextId;

    /// <param name="accountModule">The module of accounts; one that succeeds if null.</param>
    /// <param name="version">Version of the state tree.</param>
    public TestState(byte[]? accountModule = null, StateTreeVersion version = StateTreeVersion.V5)
    {
        AccountModule = accountModule ?? ActorText.Module(ActorText.ReturnNothing);
        Store.Put(EmptyState.Cid, EmptyState.Block);
        Store.Put(CodeOf("account"), AccountModule);
        ManifestList = PutManifest(static name => CodeOf(name));
        Cid addresses = new Hamt(Store, HamtOptions.State).Flush();
        _tree = StateTree.Create(Store, version);
        Set(ActorId.System, "system", TokenAmount.Zero, Put(Multicodec.DagCbor, new SystemActorState(ManifestList).Encode()));
        Set(ActorId.Init, "init", TokenAmount.Zero, Put(Multicodec.DagCbor, new InitActorState(addresses, 100, "test").Encode()));
        Set(ActorId.Reward, "reward", Rich);
        Set(ActorId.Cron, "cron", TokenAmount.Zero);
        Set(ActorId.EthereumAddressManager, "eam", TokenAmount.Zero);
        Set(ActorId.BurntFunds, "account", TokenAmount.Zero);

        Set(_tree.RegisterNewAddress(SenderKey), "account", Rich);
        Set(_tree.RegisterNewAddress(BlsKey), "account", Rich);
        Set(_tree.RegisterNewAddress(EthAccountAddress), "ethaccount", Rich, delegated: EthAccountAddress);
        Set(_tree.RegisterNewAddress(PlaceholderAddress), "placeholder", Rich, delegated: PlaceholderAddress);
        Leaf = Put(Multicodec.Raw, "a leaf"u8);
        CborWriter state = new();
        state.WriteArrayHeader(2);
        state.WriteUInt(7);
        state.WriteCid(Leaf);
        ActorStateRoot = Put(Multicodec.DagCbor, state.ToArray());
        Set(_tree.RegisterNewAddress(ActorAddress), "multisig", TokenAmount.FromAtto(500L), ActorStateRoot);
        _nextId = 1_000;
    }

    /// <summary>The blocks; thread-safe.</summary>
    public MemoryBlockstore Store { get; } = new(threadSafe: true);

    public Cid ManifestList { get; }

    /// <summary>The module of accounts.</summary>
    public byte[] AccountModule { get; }

    /// <summary>A raw block that the state of <see cref="Actor"/> links to.</summary>
    public Cid Leaf { get; }

    /// <summary>The state of <see cref="Actor"/>: [7, link to <see cref="Leaf"/>].</summary>
    public Cid ActorStateRoot { get; }

    /// <summary>The state before it is flushed.</summary>
    public StateTree Tree => _tree;

    /// <summary>The made-up code CID of a builtin actor.</summary>
    public static Cid CodeOf(string name) => Cid.Blake2b256(Multicodec.Raw, Encoding.UTF8.GetBytes("fil/test/" + name));

    /// <summary>A secp256k1 address.</summary>
    public static Address Key1(byte seed)
    {
        byte[] key = new byte[65];
        key.AsSpan().Fill(seed);
        return Address.NewSecp256k1(key);
    }

    /// <summary>A BLS address.</summary>
    public static Address Key3(byte seed)
    {
        byte[] key = new byte[48];
        key.AsSpan().Fill(seed);
        return Address.NewBls(key);
    }

    /// <summary>An f410 address.</summary>
    public static Address Eth(byte seed)
    {
        byte[] address = new byte[20];
        address.AsSpan().Fill(seed);
        return Address.NewDelegated(ActorId.EthereumAddressManager, address);
    }

    public Cid Put(ulong codec, ReadOnlySpan<byte> data)
    {
        Cid cid = Cid.Blake2b256(codec, data);
        Store.Put(cid, data.ToArray());
        return cid;
    }

    /// <summary>Stores the list of a manifest.</summary>
    /// <param name="code">The code CID per name.</param>
    public Cid PutManifest(Func<string, Cid> code) =>
        Put(Multicodec.DagCbor, Manifest.EncodeList([.. Names.Select(name => (name, code(name)))]));

    /// <summary>Adds an actor that runs a module, with the next free id from 1,000 on.</summary>
    public ActorId AddActor(byte[] module, TokenAmount balance) => AddActor(Put(Multicodec.Raw, module), balance);

    /// <summary>Adds an actor with a code CID.</summary>
    public ActorId AddActor(in Cid code, TokenAmount balance)
    {
        ActorId id = new(_nextId++);
        _tree.SetActor(id, ActorState.NewEmpty(code, null) with { Balance = balance });
        return id;
    }

    /// <summary>Sets an actor with the code of a builtin actor.</summary>
    public void Set(ActorId id, string name, TokenAmount balance, Cid? state = null, Address? delegated = null, ulong sequence = 0) =>
        _tree.SetActor(id, ActorState.NewEmpty(CodeOf(name), delegated) with
        {
            Balance = balance,
            State = state ?? EmptyState.Cid,
            Sequence = sequence,
        });

    /// <summary>Writes the state.</summary>
    /// <returns>The state root.</returns>
    public Cid Flush() => _tree.Flush();
}
