using System.Runtime.InteropServices;
using Fvm.Ipld;

namespace Fvm;

/// <summary>
/// All actors, by number: a HAMT under a versioned root (reference: <c>fvm/src/state_tree.rs</c>). What is read stays in a
/// cache, what is written stays there until <see cref="Flush"/>; transactions nest, and one that is reverted undoes what was
/// written since it began. Not thread-safe. Everything that goes wrong in here is a <see cref="FatalException"/>.
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

    /// <summary>A state tree without actors.</summary>
    /// <param name="store">Where its blocks go.</param>
    /// <param name="version">Of the tree.</param>
    public static StateTree Create(IBlockstore store, StateTreeVersion version)
    {
        if (version < StateTreeVersion.V3)
        {
            throw new FatalException($"unsupported state tree version: {version}");
        }

        Cid info = StateBlocks.Put(store, EmptyState.Block);
        return new StateTree(store, version, info, ActorsMap.Create(store, version));
    }

    /// <summary>The state tree under a root.</summary>
    /// <param name="store">Where its blocks are, and where new ones go.</param>
    /// <param name="root">The root.</param>
    /// <param name="version">The version that the network has; V4 stands for V3 too, which is no different.</param>
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

    /// <summary>An actor, or null where there is none.</summary>
    public ActorState? GetActor(ActorId id)
    {
        if (_cache.TryGet(id, out CachedActor cached))
        {
            return cached.State;
        }

        ActorState? state = _actors.Get(id);
        _cache.Put(id, new CachedActor(state, Dirty: false));
        return state;
    }

    public void SetActor(ActorId id, ActorState state) => _cache.Put(id, new CachedActor(state, Dirty: true));

    public void DeleteActor(ActorId id) => _cache.Put(id, new CachedActor(null, Dirty: true));

    /// <summary>Begins a transaction within the present one.</summary>
    public void BeginTransaction() => _layers.Push((_cache.HistoryLength, _resolved.HistoryLength));

    /// <summary>Ends the innermost transaction, and undoes it if asked to.</summary>
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

    /// <summary>Writes what has changed into the store.</summary>
    /// <returns>The root of the tree.</returns>
    public Cid Flush()
    {
        if (InTransaction)
        {
            throw new FatalException("cannot flush while inside of a transaction");
        }

        // Writing through a reference is no change that would end the enumeration.
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

    /// <summary>Visits all actors as they were at the last flush, or when loaded.</summary>
    public void ForEach(Action<ActorId, ActorState> visit) => _actors.ForEach(visit);

    private readonly record struct CachedActor(ActorState? State, bool Dirty);
}
