using Fvm.Ipld;
using Fvm.Wasm;

namespace Fvm;

/// <summary>The state of one epoch and the environment in which messages run on it. Not thread-safe.</summary>
public sealed class Machine
{
    private const string CutShort = "a call was cut short";

    private readonly EnginePool _pool;
    private readonly BufferedBlockstore _blockstore;

    /// <summary>Opens a state.</summary>
    /// <param name="pool">Prepares and keeps code.</param>
    /// <param name="context">Epoch, state root and settings.</param>
    /// <param name="store">Provides blocks, and receives them at a flush.</param>
    /// <param name="externs">The host's externs.</param>
    /// <param name="proofs">Verifies proofs.</param>
    /// <exception cref="FatalException">
    /// The state root, the system actor or the manifest is missing or broken, or the network version is not supported.
    /// </exception>
    public Machine(EnginePool pool, MachineContext context, IBlockstore store, IExterns externs, IProofs proofs)
    {
        NetworkRules rules = NetworkTable.Find(context.Network.NetworkVersion)
            ?? throw new FatalException($"network version {(uint)context.Network.NetworkVersion} is not supported");

        _pool = pool;
        Context = context;
        Rules = rules;
        Externs = externs;
        Proofs = proofs;
        try
        {
            if (!store.Has(context.InitialStateRoot))
            {
                throw new FatalException($"the blockstore does not have the initial state root {context.InitialStateRoot}");
            }

            // The default state of actors: it must exist before anything links to it.
            store.Put(EmptyState.Cid, EmptyState.Block);
        }
        catch (BlockstoreException e)
        {
            throw new FatalException("the blockstore failed", e);
        }

        _blockstore = new BufferedBlockstore(store);
        StateTree = StateTree.Load(_blockstore, context.InitialStateRoot, rules.StateTree);
        Manifest = context.Network.BuiltinActorsOverride is Cid manifest
            ? Manifest.LoadBundle(_blockstore, manifest, rules.DelegatedAddresses)
            : Manifest.Load(_blockstore, SystemActorState.Load(StateTree).BuiltinActors, Manifest.Version, rules.DelegatedAddresses);
    }

    /// <summary>A machine on another state, with the same code, host and proofs.</summary>
    /// <param name="context">Epoch, state root and settings.</param>
    /// <param name="store">Provides blocks, and receives them at a flush.</param>
    /// <exception cref="FatalException">The state is missing or broken.</exception>
    public Machine Beside(MachineContext context, IBlockstore store) => new(_pool, context, store, Externs, Proofs) { Artifacts = Artifacts };

    /// <summary>Epoch, state root and settings.</summary>
    public MachineContext Context { get; }

    /// <summary>The network version's rules.</summary>
    public NetworkRules Rules { get; }

    /// <summary>The network version's prices.</summary>
    public PriceList Prices => Rules.Prices;

    /// <summary>The builtin actors.</summary>
    public Manifest Manifest { get; }

    /// <summary>The current state.</summary>
    public StateTree StateTree { get; }

    /// <summary>The host's externs.</summary>
    public IExterns Externs { get; }

    /// <summary>Verifies proofs.</summary>
    public IProofs Proofs { get; }

    /// <summary>Receives artifacts of actors in debug mode; null to discard them.</summary>
    public IArtifactStore? Artifacts { get; init; }

    /// <summary>Memory for the blocks of messages that create many.</summary>
    internal NativeBytesPool BlockChunks => _pool.BlockChunks;

    /// <summary>All blocks, including those written but not flushed.</summary>
    public IBlockstore Blockstore => _blockstore;

    /// <summary>Why the machine refuses all calls; null if it is intact.</summary>
    public string? Broken { get; private set; }

    /// <summary>Makes the machine refuse all later calls: its state may be incomplete.</summary>
    /// <param name="reason">The reason, human-readable.</param>
    public void Break(string reason) => Broken = reason;

    /// <summary>
    /// Begins a call. Until <see cref="EndCall"/> the machine counts as broken, so that nothing can use the incomplete state left by a call cut
    /// short at any point.
    /// </summary>
    /// <exception cref="ResourceExhaustedException">An earlier call was cut short.</exception>
    internal void BeginCall()
    {
        if (Broken is string reason)
        {
            throw new ResourceExhaustedException($"the machine refuses all calls but its end: {reason}");
        }

        Broken = CutShort;
    }

    /// <summary>Ends a call regularly.</summary>
    internal void EndCall() => Broken = null;

    /// <summary>The exception of a call that ran out of memory. The machine stays broken, for this reason.</summary>
    /// <param name="what">What the call was doing.</param>
    /// <param name="cause">The original exception.</param>
    internal ResourceExhaustedException CutShortBy(string what, Exception cause)
    {
        Exception first = cause;
        while (first is not ResourceExhaustedException && first.InnerException is Exception inner)
        {
            first = inner;
        }

        Broken = $"{what} was cut short: {first.Message}";
        return new ResourceExhaustedException(Broken, cause);
    }

    /// <summary>Flushes the state to the underlying blockstore.</summary>
    /// <returns>The new state root.</returns>
    /// <exception cref="FatalException">The state cannot be written.</exception>
    /// <exception cref="ResourceExhaustedException">The process ran out of memory now, or in an earlier call.</exception>
    public Cid Flush()
    {
        BeginCall();
        try
        {
            Cid root = WriteChanges();
            EndCall();
            return root;
        }
        catch (FatalException e) when (!ResourceExhaustedException.IsCauseOf(e))
        {
            EndCall();
            throw;
        }
        catch (Exception e) when (ResourceExhaustedException.IsCauseOf(e))
        {
            throw CutShortBy("writing the state", e);
        }
    }

    /// <summary>
    /// The code of a CID, or of its redirect, linked to the syscalls. Kept until <see cref="ActorCode.Release"/>.
    /// </summary>
    internal ActorCode LoadCode(in Cid code, HostTable syscalls)
    {
        if (Rules.Machine.RunsOnlyBuiltinActors && Manifest.TypeOf(code) == 0)
        {
            return ActorCode.Broken($"actor code not found: {code} is not a builtin actor's");
        }

        Cid actual = Context.Network.ActorRedirects.TryGetValue(code, out Cid redirected) ? redirected : code;
        return _pool.Load(actual, Rules, syscalls, _blockstore);
    }

    private Cid WriteChanges()
    {
        Cid root = StateTree.Flush();
        try
        {
            if (Context.FlushAllBlocks)
            {
                _blockstore.FlushAll();
            }
            else
            {
                _blockstore.Flush(root);
            }
        }
        catch (BlockstoreException e)
        {
            throw new FatalException($"cannot write the state {root}", e);
        }

        return root;
    }
}
