using Fvm.Ipld;

namespace Fvm.Vectors;

/// <summary>
/// Builds the state that a network starts with, by the constructors of the builtin actors: each actor of a singleton gets an empty state, and
/// its constructor runs as an implicit message. So it depends on no actor's layout of its state. All of Filecoin's singletons are there
/// (reference for IDs and amounts: Lotus, <c>chain/gen/genesis</c>), and a miner without power, f01000, which gets block rewards.
/// </summary>
/// <param name="pool">Runs the actors' code.</param>
/// <param name="store">Contains the bundle, and receives the state.</param>
public sealed class BundleGenesis(EnginePool pool, IBlockstore store)
{
    /// <summary>The miner's ID.</summary>
    public const ulong Miner = 1_000;

    private const ulong FirstAccountId = 100;
    private const ulong VerifiedRegistryRoot = 80;
    private const ulong Reserve = 90;
    private const int EthereumAddressLength = 20;

    // The limit of Lotus's implicit messages at genesis.
    private const ulong ImplicitGasLimit = 10_000_000_000;

    private const ulong Constructor = 1;
    private const ulong CreateMiner = 2;

    // What the reward actor holds at the start, all that there is, and the miner's deposit, in FIL.
    private const long MiningReserve = 1_100_000_000;
    private const long Supply = 2_000_000_000;
    private const long MinerDeposit = 1_000;

    // BLS12-381's generator of G1: the public key of the secret key 1, so that whoever needs to can sign for the miner.
    private static readonly byte[] MinerKey = Convert.FromHexString(
        "97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb");

    /// <summary>Builds the state.</summary>
    /// <param name="bundle">The bundle's root.</param>
    /// <param name="spec">What it contains.</param>
    /// <returns>The state tree's root.</returns>
    /// <exception cref="InputException">
    /// The bundle is incomplete or made for another network version, the network version is too old, or an account cannot be made.
    /// </exception>
    public Cid Build(in Cid bundle, BundleGenesisSpec spec)
    {
        NetworkRules rules = NetworkRules.For((uint)spec.NetworkVersion);
        if (!rules.DelegatedAddresses)
        {
            throw new InputException($"network version {(uint)spec.NetworkVersion} has no Ethereum accounts: a genesis needs 18 or later");
        }

        try
        {
            return BuildUnchecked(bundle, spec, rules);
        }
        catch (FatalException exception)
        {
            throw new InputException($"the bundle does not serve network version {(uint)spec.NetworkVersion}: {exception.Message}", exception);
        }
    }

    private Cid BuildUnchecked(in Cid bundle, BundleGenesisSpec spec, NetworkRules rules)
    {
        if (store.Get(bundle) is not byte[] block || Manifest.TryDecodeRoot(bundle, block) is not Cid manifest)
        {
            throw new InputException("its root is not a manifest: expected a bundle of builtin actors");
        }

        Manifest actors = Manifest.LoadBundle(store, bundle);
        Put(EmptyState.Block);
        StateTree tree = StateTree.Create(store, rules.StateTree);
        AddSingletons(tree, actors, manifest, spec.NetworkName);
        TokenAmount given = AddAccounts(tree, actors, spec.Accounts);
        TokenAmount rest = TokenAmount.FromWhole(Supply - MiningReserve) - given;
        if (rest.IsNegative)
        {
            throw new InputException(
                $"the accounts have {given.ToFil()} FIL together: there are {Supply - MiningReserve}, the rest belongs to the reward actor");
        }

        tree.SetActor(new ActorId(Reserve), Account(actors, Address.NewId(Reserve)) with { Balance = rest });
        ReserveIds(tree);
        return Construct(tree.Flush(), spec.NetworkVersion);
    }

    private void AddSingletons(StateTree tree, Manifest actors, in Cid manifest, string networkName)
    {
        InitActorState init = new(new Hamt(store, HamtOptions.State).Flush(), FirstAccountId, networkName);
        tree.SetActor(ActorId.System, NewActor(actors.SystemCode, Put(new SystemActorState(manifest).Encode())));
        tree.SetActor(ActorId.Init, NewActor(actors.InitCode, Put(init.Encode())));
        foreach (Singleton singleton in Singletons.Rows)
        {
            tree.SetActor(new ActorId(singleton.Id), NewActor(CodeOf(actors, singleton.Name), EmptyState.Cid));
        }

        tree.SetActor(ActorId.Reward, tree.GetActor(ActorId.Reward)! with { Balance = TokenAmount.FromWhole(MiningReserve) });
        tree.SetActor(ActorId.EthereumAddressManager, NewActor(actors.EamCode, EmptyState.Cid));
        foreach (ulong id in (ReadOnlySpan<ulong>)[VerifiedRegistryRoot, ActorId.BurntFunds.Value])
        {
            tree.SetActor(new ActorId(id), Account(actors, Address.NewId(id)));
        }
    }

    // The miner's owner first, then Ethereum's zero address, which receives tokens burnt by contracts, then the specification's.
    private TokenAmount AddAccounts(StateTree tree, Manifest actors, IReadOnlyList<GenesisAccount> accounts)
    {
        Address zero = Address.NewDelegated(ActorId.EthereumAddressManager, new byte[EthereumAddressLength]);
        TokenAmount given = TokenAmount.Zero;
        foreach (GenesisAccount account in (IEnumerable<GenesisAccount>)
            [new(Address.NewBls(MinerKey), TokenAmount.FromWhole(MinerDeposit)), new(zero, TokenAmount.Zero), .. accounts])
        {
            if (tree.LookupId(account.Address) is not null)
            {
                throw new InputException($"the account {account.Address} occurs twice");
            }

            ActorState actor = account.Address.Protocol switch
            {
                AddressProtocol.Secp256k1 or AddressProtocol.Bls => Account(actors, account.Address),
                AddressProtocol.Delegated when IsEthereum(account.Address) =>
                    ActorState.NewEmpty(actors.EthAccountCode, account.Address),
                _ => throw new InputException($"{account.Address} cannot be an account: expected a key address (f1…, f3…) or an Ethereum address"),
            };
            tree.SetActor(tree.RegisterNewAddress(account.Address), actor with { Balance = account.Balance });
            given += account.Balance;
        }

        return given;
    }

    private Cid Construct(in Cid root, NetworkVersion networkVersion)
    {
        MachineContext context = new()
        {
            Network = new NetworkConfig { NetworkVersion = networkVersion },
            Epoch = new ChainEpoch(0),
            Timestamp = 0,
            BaseFee = TokenAmount.Zero,
            CirculatingSupply = TokenAmount.Zero,
            InitialStateRoot = root,
        };
        Executor executor = new(new Machine(pool, context, store, new NoExterns(), new ConstantProofs()));
        foreach (Singleton singleton in Singletons.Rows)
        {
            string what = $"the constructor of {singleton.Name}";
            Apply(executor, ActorId.System, singleton.Id, Constructor, singleton.Parameters, TokenAmount.Zero, what);
        }

        ulong proof = NetworkRules.For((uint)networkVersion).ActorsVersion <= Singletons.LastActorsWithFirstPost
            ? Singletons.FirstWindowPost32GiB
            : Singletons.WindowPost32GiB;
        CborWriter parameters = new();
        parameters.WriteArrayHeader(5);
        parameters.WriteBytes(Address.NewId(FirstAccountId).ToBytes());
        parameters.WriteBytes(Address.NewId(FirstAccountId).ToBytes());
        parameters.WriteUInt(proof);
        parameters.WriteBytes([]);
        parameters.WriteArrayHeader(0);
        Apply(
            executor, new ActorId(FirstAccountId), Singletons.Power, CreateMiner, parameters.ToArray(), TokenAmount.FromWhole(MinerDeposit),
            "the creation of the miner");
        return executor.Flush();
    }

    private static void Apply(
        Executor executor, ActorId from, ulong to, ulong method, byte[] parameters, in TokenAmount value, string what)
    {
        Message message = new()
        {
            From = Address.NewId(from),
            To = Address.NewId(to),
            Sequence = 0,
            Value = value,
            Method = new MethodNumber(method),
            Params = parameters,
            GasLimit = ImplicitGasLimit,
            GasFeeCap = TokenAmount.Zero,
            GasPremium = TokenAmount.Zero,
        };
        ApplyRet ret = executor.Execute(message, ApplyKind.Implicit, rawLength: 0);
        if (!ret.Receipt.ExitCode.IsSuccess)
        {
            throw new InputException($"{what} failed with exit code {ret.Receipt.ExitCode}: the bundle may be of another network version");
        }
    }

    // IDs below the miner's are for accounts, as on Filecoin's networks.
    private void ReserveIds(StateTree tree)
    {
        ActorState actor = tree.GetActor(ActorId.Init)!;
        InitActorState init = InitActorState.Decode(store.Get(actor.State)!);
        if (init.NextId > Miner)
        {
            throw new InputException($"there are {init.NextId - FirstAccountId} accounts: at most {Miner - FirstAccountId} fit below the miner's ID");
        }

        tree.SetActor(ActorId.Init, actor with { State = Put((init with { NextId = Miner }).Encode()) });
    }

    private static bool IsEthereum(in Address address) => address.TryGetDelegated(out ActorId manager, out ReadOnlyMemory<byte> subaddress)
        && manager == ActorId.EthereumAddressManager && subaddress.Length == EthereumAddressLength;

    private static Cid CodeOf(Manifest actors, string name)
    {
        foreach (Cid code in actors.Codes)
        {
            if (actors.NameOf(code) == name) return code;
        }

        throw new InputException($"the bundle lacks the actor '{name}'");
    }

    private ActorState Account(Manifest actors, in Address address) =>
        NewActor(actors.AccountCode, Put(GenesisBuilder.AccountState(address)));

    private static ActorState NewActor(in Cid code, in Cid state) => new() { Code = code, State = state };

    private Cid Put(byte[] block)
    {
        Cid cid = Cid.Blake2b256(Multicodec.DagCbor, block);
        store.Put(cid, block);
        return cid;
    }
}
