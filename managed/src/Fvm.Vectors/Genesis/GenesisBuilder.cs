using Fvm.Ipld;

namespace Fvm.Vectors;

/// <summary>
/// Builds the smallest state the machine runs on: a manifest, the system and init actors, the reward and burnt-funds accounts that receive
/// fees, and the content of the specification.
/// </summary>
/// <param name="store">Receives the blocks.</param>
/// <param name="readCode">Returns the Wasm at a file path.</param>
public sealed class GenesisBuilder(IBlockstore store, Func<string, byte[]> readCode)
{
    private const ulong RewardActor = 2;
    private const ulong BurntFundsActor = 99;
    /// <summary>The ID of the first account.</summary>
    internal const ulong FirstFreeId = 100;

    private readonly Dictionary<string, Cid> _codes = new(StringComparer.Ordinal);

    /// <summary>Builds the state.</summary>
    /// <returns>The state tree's root.</returns>
    /// <exception cref="InputException">A required builtin actor is missing, or two actors have the same ID.</exception>
    public Cid Build(GenesisSpec spec)
    {
        Put(EmptyState.Block);
        Cid manifest = PutManifest(spec.Builtin);
        StateTree tree = StateTree.Create(store, StateTreeVersion.V5);
        tree.SetActor(ActorId.System, NewActor(CodeOf("system"), Put(new SystemActorState(manifest).Encode())));
        tree.SetActor(ActorId.Init, NewActor(CodeOf("init"), Put(NewInitState(spec.NetworkName).Encode())));
        tree.SetActor(new ActorId(RewardActor), NewActor(CodeOf("account"), EmptyState.Cid));
        tree.SetActor(new ActorId(BurntFundsActor), NewActor(CodeOf("account"), EmptyState.Cid));
        foreach (GenesisAccount account in spec.Accounts)
        {
            ActorId id = tree.RegisterNewAddress(account.Address);
            tree.SetActor(id, NewActor(CodeOf("account"), Put(AccountState(account.Address))) with { Balance = account.Balance });
        }

        foreach (GenesisActor actor in spec.Actors)
        {
            ActorId id = new(actor.Id);
            if (tree.GetActor(id) is not null)
            {
                throw new InputException($"actors: f0{actor.Id} occurs twice");
            }

            tree.SetActor(id, NewActor(CodeOf(actor.Code), Put(actor.State)) with { Balance = actor.Balance });
        }

        ReserveIds(tree, spec.Actors);
        return tree.Flush();
    }

    private static ActorState NewActor(in Cid code, in Cid state) => new() { Code = code, State = state };

    private InitActorState NewInitState(string networkName) =>
        new(new Hamt(store, HamtOptions.State).Flush(), FirstFreeId, networkName);

    /// <summary>An account's state: its key address.</summary>
    internal static byte[] AccountState(in Address address)
    {
        CborWriter writer = new();
        writer.WriteArrayHeader(1);
        writer.WriteBytes(address.ToBytes());
        return writer.ToArray();
    }

    private Cid PutManifest(IReadOnlyList<GenesisActor> builtin)
    {
        List<(string Name, Cid Code)> actors = [];
        foreach (GenesisActor actor in builtin)
        {
            Cid code = PutCode(actor.Code);
            _codes[actor.Name] = code;
            actors.Add((actor.Name, code));
        }

        return Put(Manifest.EncodeList(actors));
    }

    // New actors must not get IDs already in use.
    private void ReserveIds(StateTree tree, IReadOnlyList<GenesisActor> actors)
    {
        ActorState actor = tree.GetActor(ActorId.Init)!;
        InitActorState init = InitActorState.Decode(store.Get(actor.State)!);
        ulong next = actors.Aggregate(init.NextId, (highest, taken) => Math.Max(highest, taken.Id + 1));
        tree.SetActor(ActorId.Init, actor with { State = Put((init with { NextId = next }).Encode()) });
    }

    private Cid CodeOf(string code)
    {
        if (!_codes.TryGetValue(code, out Cid cid))
        {
            if (!code.EndsWith(".wasm", StringComparison.Ordinal))
            {
                throw new InputException($"builtin: the actor '{code}' is missing");
            }

            cid = PutCode(code);
            _codes.Add(code, cid);
        }

        return cid;
    }

    private Cid PutCode(string path)
    {
        byte[] wasm = readCode(path);
        Cid cid = Cid.Blake2b256(Multicodec.Raw, wasm);
        store.Put(cid, wasm);
        return cid;
    }

    private Cid Put(byte[] block)
    {
        Cid cid = Cid.Blake2b256(Multicodec.DagCbor, block);
        store.Put(cid, block);
        return cid;
    }
}
