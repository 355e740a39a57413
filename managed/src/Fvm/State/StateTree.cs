using System.Runtime.InteropServices;
using Fvm.Ipld;

namespace Fvm;

/// <summary>
/// The state tree: all actors by ID, a HAMT under a versioned root (reference: <c>fvm/src/state_tree.rs</c>). Reads are cached; writes stay in
/// the cache until <see cref="Flush"/>. Transactions nest; reverting one undoes the writes since it began. Not thread-safe. Every failure is
/// a <see cref="FatalException"/>.
/// </summary>
public sealed partial class StateTree
{
    private readonly ActorsMap _actors;
    private readonly Cid _info;
    private readonly HistoryMap<ActorId, CachedActor> _cache = new();
    private readonly HistoryMap<Address, ActorId> _resolved = new();
    private readonly AddressMap _addresses;
    private readonly Stack<(int Actors, int Resolved)> _layers = new();

    private StateTree(IBlockstore store, StateTreeVersion version, in Cid info, ActorsMap actors)
    {
        Store = store;
        Version = version;
        _info = info;
        _actors = actors;
        _addresses = new AddressMap(store);
    }

    public IBlockstore Store { get; }

    public StateTreeVersion Version { get; }

    public bool InTransaction => _layers.Count > 0;

    /// <summary>An empty state tree.</summary>
    /// <param name="store">Receives its blocks.</param>
    /// <param name="version">The tree's version.</param>
    public static StateTree Create(IBlockstore store, StateTreeVersion version)
    {
        if (version < StateTreeVersion.V3)
        {
            throw new FatalException($"unsupported state tree version: {version}");
        }

        Cid info = StateBlocks.Put(store, EmptyState.Block);
        return new StateTree(store, version, info, ActorsMap.Create(store, version));
    }

    /// <summary>Loads the state tree of a root.</summary>
    /// <param name="store">Holds its blocks and receives new ones.</param>
    /// <param name="root">The root.</param>
    /// <param name="version">The network's version of state trees; V4 also accepts V3, which is identical.</param>
    public static StateTree Load(IBlockstore store, in Cid root, StateTreeVersion version)
    {
        StateRoot decoded = StateBlocks.Decode(
            StateBlocks.Get(store, root, "state tree"), "state tree", static bytes => StateRoot.Decode(bytes));
        if (decoded.Version != version && !(decoded.Version == StateTreeVersion.V3 && version == StateTreeVersion.V4))
        {
            throw new FatalException($"unsupported state tree version: {decoded.Version}");
        }

        return new StateTree(store, decoded.Version, decoded.Info, ActorsMap.Load(store, decoded.Actors, decoded.Version));
    }

    /// <summary>An actor; null if there is none.</summary>
    public ActorState? GetActor(ActorId id)
    {
        if (_cache.TryGet(id, out CachedActor cached))
        {
            return cached.State;
        }

        ActorState? state = _actors.Get(id);
        _cache.Add(id, new CachedActor(state, Dirty: false));
        return state;
    }

    /// <summary>
    /// Asks the memory for the sender and the receiver of a message before they are looked up one after the other. Reads nothing that is not in
    /// memory, and has no effect but on time.
    /// </summary>
    /// <returns>A block to be asked for once the sender was looked up; null if there is none.</returns>
    public byte[]? Prefetch(ActorId sender, in Address receiver) =>
        (receiver.TryGetId(out ActorId to) || _resolved.TryGet(receiver, out to)) && to != sender && !_cache.Has(to)
            ? _actors.Prefetch(_cache.Has(sender) ? null : sender, to)
            : null;

    public void SetActor(ActorId id, ActorState state) => _cache.Put(id, new CachedActor(state, Dirty: true));

    public void DeleteActor(ActorId id) => _cache.Put(id, new CachedActor(null, Dirty: true));

    /// <summary>Begins a nested transaction.</summary>
    public void BeginTransaction() => _layers.Push((_cache.HistoryLength, _resolved.HistoryLength));

    /// <summary>Ends the innermost transaction, reverting it if requested.</summary>
    public void EndTransaction(bool revert)
    {
        if (!_layers.TryPop(out (int Actors, int Resolved) layer))
        {
            throw new FatalException("state snapshots empty");
        }

        if (revert)
        {
            _cache.Rollback(layer.Actors);
            _resolved.Rollback(layer.Resolved);
        }

        if (!InTransaction)
        {
            _cache.DiscardHistory();
            _resolved.DiscardHistory();
        }
    }

    /// <summary>Writes the changes to the store.</summary>
    /// <returns>The tree's root.</returns>
    public Cid Flush()
    {
        if (InTransaction)
        {
            throw new FatalException("cannot flush while inside of a transaction");
        }

        // Assigning through the ref does not invalidate the enumerator.
        foreach (ActorId id in _cache.Entries.Keys)
        {
            // Sound: nothing is added to the cache while the reference is used.
            ref CachedActor cached = ref CollectionsMarshal.GetValueRefOrNullRef(_cache.Entries, id);
            if (cached.Dirty)
            {
                _actors.Set(id, cached.State);
                cached = cached with { Dirty = false };
            }
        }

        return StateBlocks.Put(Store, new StateRoot(Version, _actors.Flush(), _info).Encode());
    }

    /// <summary>Visits all actors as of the last flush or load.</summary>
    public void ForEach(Action<ActorId, ActorState> visit) => _actors.ForEach(visit);

    private readonly record struct CachedActor(ActorState? State, bool Dirty);
}
