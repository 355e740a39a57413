namespace Fvm;

/// <summary>
/// The accesses already paid for in a message, free from then on: reads and updates of actors, and address lookups (FIP-0055, FIP-0057;
/// reference: <c>call_manager/state_access_tracker.rs</c>). A failed call's entries are reverted with it.
/// </summary>
internal sealed class StateAccessTracker
{
    // The sender, and the receivers of a few calls.
    private const int UsualActors = 3;
    private const int MaskedIds = 128;

    // Bits by ID. Each message has a tracker, and an entry for each of the preloaded actors was a tenth of a transfer.
    private readonly UInt128 _preloaded;
    private readonly HistoryMap<ActorId, Access> _actors = new(UsualActors);
    private readonly HistoryMap<Address, Access> _addresses = new();
    private readonly Stack<(int Actors, int Addresses)> _layers = new();

    /// <param name="preloaded">Actors with free access.</param>
    public StateAccessTracker(ReadOnlySpan<ActorId> preloaded)
    {
        foreach (ActorId actor in preloaded)
        {
            if (actor.Value < MaskedIds)
            {
                _preloaded |= UInt128.One << (int)actor.Value;
            }
            else
            {
                RecordUpdate(actor);
            }
        }
    }

    public void BeginTransaction() => _layers.Push((_actors.HistoryLength, _addresses.HistoryLength));

    /// <exception cref="FatalException">No transaction is open.</exception>
    public void EndTransaction(bool revert)
    {
        if (!_layers.TryPop(out (int Actors, int Addresses) layer))
        {
            throw new FatalException("state access tracker not in a transaction");
        }

        if (revert)
        {
            _actors.Rollback(layer.Actors);
            _addresses.Rollback(layer.Addresses);
        }
    }

    public StateAccess AccessTo(ActorId actor)
    {
        if (IsPreloaded(actor)) return StateAccess.Updated;

        return _actors.TryGet(actor, out Access access) ? access.Level : StateAccess.None;
    }

    public void RecordRead(ActorId actor)
    {
        if (AccessTo(actor) == StateAccess.None)
        {
            _actors.Put(actor, new Access(StateAccess.Read));
        }
    }

    public void RecordUpdate(ActorId actor)
    {
        if (!IsPreloaded(actor))
        {
            _actors.Put(actor, new Access(StateAccess.Updated));
        }
    }

    /// <summary>Whether an address lookup is free: already paid for, or an ID address.</summary>
    public bool IsLookupPaid(in Address address) => address.Protocol == AddressProtocol.Id || _addresses.TryGet(address, out _);

    public void RecordLookup(in Address address)
    {
        if (address.Protocol != AddressProtocol.Id)
        {
            _addresses.Put(address, new Access(StateAccess.Read));
        }
    }

    private bool IsPreloaded(ActorId actor) => actor.Value < MaskedIds && (_preloaded >> (int)actor.Value & UInt128.One) != UInt128.Zero;

    private readonly record struct Access(StateAccess Level);
}
