using Fvm.Ipld;
using Fvm.Wasm;
using NUnit.Framework;

namespace Fvm.Vectors.Tests;

/// <summary>Genesis states of the recorded bundles.</summary>
public sealed class BundleGenesisTests
{
    private static readonly Address Ethereum = Address.NewDelegated(new ActorId(10), Convert.FromHexString("f39fd6e51aad88f6f4ce6ab8827279cfffb92266"));
    private static readonly Address Alice = Address.Parse("f1amhpxw5uiazpybikmauuriwnmm3xbdrntixzrii");

    [TestCase(NetworkVersion.Nv18, 10)]
    [TestCase(NetworkVersion.Nv20, 11)]
    [TestCase(NetworkVersion.Nv21, 12)]
    [TestCase(NetworkVersion.Nv22, 13)]
    [TestCase(NetworkVersion.Nv23, 14)]
    [TestCase(NetworkVersion.Nv24, 15)]
    [TestCase(NetworkVersion.Nv25, 16)]
    [TestCase(NetworkVersion.Nv27, 17)]
    [TestCase(NetworkVersion.Nv28, 18)]
    public void The_constructors_of_a_bundle_make_a_state_that_pays_rewards_and_runs_cron(NetworkVersion networkVersion, int actors)
    {
        MemoryBlockstore store = new();
        using EnginePool pool = new(WasmEngines.Default);

        Cid root = Build(pool, store, actors, networkVersion);

        Executor executor = new(new Machine(pool, ContextOf(networkVersion, root, 1), store, new NoExterns(), new ConstantProofs()));
        ApplyRet reward = Implicitly(executor, 2, 2, [0x84, 0x43, 0x00, 0xe8, 0x07, 0x40, 0x40, 0x01]);
        ApplyRet cron = Implicitly(executor, 3, 2, []);
        StateTree tree = StateTree.Load(store, executor.Flush(), StateTreeVersion.V5);
        Assert.Multiple(() =>
        {
            Assert.That(reward.Receipt.ExitCode, Is.EqualTo(ExitCode.Ok), reward.Failure);
            Assert.That(cron.Receipt.ExitCode, Is.EqualTo(ExitCode.Ok), cron.Failure);
            Assert.That(Balance(tree, Alice), Is.EqualTo("1.5"));
            Assert.That(Balance(tree, Ethereum), Is.EqualTo("10000.0"));
            Assert.That(tree.GetActor(new ActorId(BundleGenesis.Miner))!.Balance, Is.GreaterThan(TokenAmount.FromWhole(1_000)));
            Assert.That(tree.RegisterNewAddress(Address.NewActor([1])).Value, Is.GreaterThan(BundleGenesis.Miner));
        });
    }

    [Test]
    public void All_the_money_that_there_is_has_an_owner()
    {
        MemoryBlockstore store = new();
        using EnginePool pool = new(WasmEngines.Default);

        StateTree tree = StateTree.Load(store, Build(pool, store, 18, NetworkVersion.Nv28), StateTreeVersion.V5);

        TokenAmount sum = TokenAmount.Zero;
        tree.ForEach((_, actor) => sum += actor.Balance);
        Assert.That(sum.ToFil(), Is.EqualTo("2000000000.0"));
    }

    [Test]
    public void The_same_arguments_give_the_same_state()
    {
        using EnginePool pool = new(WasmEngines.Default);

        Assert.That(
            Build(pool, new MemoryBlockstore(), 18, NetworkVersion.Nv28),
            Is.EqualTo(Build(pool, new MemoryBlockstore(), 18, NetworkVersion.Nv28)));
    }

    [Test]
    public void Accounts_that_cannot_be_made_are_refused_with_the_reason()
    {
        using EnginePool pool = new(WasmEngines.Default);
        MemoryBlockstore store = new();
        Cid bundle = Load(store, 18);
        TokenAmount much = TokenAmount.FromWhole(900_000_000);
        Assert.Multiple(() =>
        {
            Refused([new(Alice, much)], "900001000.0 FIL together");
            Refused([new(Alice, much), new(Alice, much)], "occurs twice");
            Refused([new(Address.NewActor([1]), much)], "cannot be an account");
            Refused([new(Address.NewDelegated(new ActorId(11), new byte[20]), much)], "cannot be an account");
        });

        void Refused(IReadOnlyList<GenesisAccount> accounts, string reason) => Assert.That(
            () => Build(pool, store, bundle, NetworkVersion.Nv28, accounts),
            Throws.TypeOf<InputException>().With.Message.Contains(reason));
    }

    [Test]
    public void Too_old_a_network_version_is_refused()
    {
        using EnginePool pool = new(WasmEngines.Default);
        MemoryBlockstore store = new();
        Cid bundle = Load(store, 9);

        Assert.That(
            () => Build(pool, store, bundle, NetworkVersion.Nv17, []),
            Throws.TypeOf<InputException>().With.Message.Contains("18 or later"));
    }

    private static Cid Build(
        EnginePool pool, MemoryBlockstore store, int actors, NetworkVersion networkVersion, IReadOnlyList<GenesisAccount>? accounts = null) =>
        Build(pool, store, Load(store, actors), networkVersion, accounts);

    private static Cid Build(
        EnginePool pool, MemoryBlockstore store, in Cid bundle, NetworkVersion networkVersion, IReadOnlyList<GenesisAccount>? accounts) =>
        new BundleGenesis(pool, store).Build(bundle, new BundleGenesisSpec
        {
            NetworkVersion = networkVersion,
            NetworkName = "test",
            Accounts = accounts ?? [new(Alice, TokenAmount.ParseAtto("1500000000000000000")), new(Ethereum, TokenAmount.FromWhole(10_000))],
        });

    // Puts a bundle's blocks into the store, and returns its root. Ignores the test if there is no such bundle.
    private static Cid Load(MemoryBlockstore store, int actors)
    {
        using CarStore bundle = CarBlocks.Open(Repository.Shared("bundles", $"builtin-actors-v{actors}-mainnet.car.gz"));
        store.PutMany(bundle.ReadAll());
        return bundle.Roots[0];
    }

    private static ApplyRet Implicitly(Executor executor, ulong to, ulong method, byte[] parameters) => executor.Execute(
        new Message
        {
            From = Address.NewId(ActorId.System),
            To = Address.NewId(to),
            Sequence = 1,
            Value = TokenAmount.Zero,
            Method = new MethodNumber(method),
            Params = parameters,
            GasLimit = 10_000_000_000,
            GasFeeCap = TokenAmount.Zero,
            GasPremium = TokenAmount.Zero,
        },
        ApplyKind.Implicit,
        rawLength: 0);

    private static string Balance(StateTree tree, in Address address) => tree.GetActor(tree.LookupId(address)!.Value)!.Balance.ToFil();

    private static MachineContext ContextOf(NetworkVersion networkVersion, in Cid root, long epoch) => new()
    {
        Network = new NetworkConfig { NetworkVersion = networkVersion },
        Epoch = new ChainEpoch(epoch),
        Timestamp = 30,
        BaseFee = TokenAmount.FromAtto(100L),
        CirculatingSupply = TokenAmount.Zero,
        InitialStateRoot = root,
    };
}
