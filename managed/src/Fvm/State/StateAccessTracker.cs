using System.Runtime.CompilerServices;

namespace Fvm;

/// <summary>
/// The accesses already paid for in a message, free from then on: reads and updates of actors, and address lookups (FIP-0055, FIP-0057;
/// reference: <c>call_manager/state_access_tracker.rs</c>). A failed call's entries are reverted with it.
/// </summary>
internal sealed class StateAccessTracker
{
    private const int MaskedIds = 128;

    // Changes of the sender, and of the receivers of a few calls. Each message has a tracker, and most need no dictionary.
    private const int FewChanges = 8;

    // Bits by ID.
    private readonly UInt128 _preloaded;

    // The changes, the latest of an actor being its level, while there are few; then a map with as long a history.
    private Changes _few;
    private int _fewCount;
    private HistoryMap<ActorId, Access>? _many;
    private HistoryMap<Address, Access>? _addresses;

    // The addresses looked up before any transaction, which no revert takes back: a message's sender and receiver, mostly all that there are.
    private Address _first;
    private Address _second;
    private int _lastingCount;

    // The lengths of both histories when each open transaction began; the outermost one's apart.
    private (int Actors, int Addresses) _outermost;
    private Stack<(int Actors, int Addresses)>? _nested;
    private bool _inTransaction;

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

    public void BeginTransaction()
    {
        (int Actors, int Addresses) layer = (_many?.HistoryLength ?? _fewCount, _addresses?.HistoryLength ?? 0);
        if (_inTransaction)
        {
            (_nested ??= new Stack<(int Actors, int Addresses)>()).Push(layer);
            return;
        }

        _inTransaction = true;
        _outermost = layer;
    }

    /// <exception cref="FatalException">No transaction is open.</exception>
    public void EndTransaction(bool revert)
    {
        if (_nested is null || !_nested.TryPop(out (int Actors, int Addresses) layer))
        {
            if (!_inTransaction)
            {
                throw new FatalException("state access tracker not in a transaction");
            }

            _inTransaction = false;
            layer = _outermost;
        }

        if (!revert)
        {
            return;
        }

        _addresses?.Rollback(layer.Addresses);
        if (_many is not null)
        {
            _many.Rollback(layer.Actors);
        }
        else
        {
            _fewCount = layer.Actors;
        }
    }

    public StateAccess AccessTo(ActorId actor)
    {
        if (IsPreloaded(actor)) return StateAccess.Updated;

        if (_many is not null) return _many.TryGet(actor, out Access access) ? access.Level : StateAccess.None;

        for (int change = _fewCount - 1; change >= 0; change--)
        {
            if (_few[change].Actor == actor) return _few[change].Level;
        }

        return StateAccess.None;
    }

    public void RecordRead(ActorId actor)
    {
        if (AccessTo(actor) == StateAccess.None)
        {
            Put(actor, StateAccess.Read);
        }
    }

    public void RecordUpdate(ActorId actor)
    {
        if (AccessTo(actor) != StateAccess.Updated)
        {
            Put(actor, StateAccess.Updated);
        }
    }

    /// <summary>Whether an address lookup is free: already paid for, or an ID address.</summary>
    public bool IsLookupPaid(in Address address) =>
        address.Protocol == AddressProtocol.Id
        || (_lastingCount > 0 && address == _first)
        || (_lastingCount > 1 && address == _second)
        || (_addresses is not null && _addresses.TryGet(address, out _));

    public void RecordLookup(in Address address)
    {
        if (IsLookupPaid(address)) return;

        if (!_inTransaction && _lastingCount < 2)
        {
            if (_lastingCount++ == 0)
            {
                _first = address;
            }
            else
            {
                _second = address;
            }
        }
        else
        {
            (_addresses ??= new HistoryMap<Address, Access>()).Put(address, new Access(StateAccess.Read));
        }
    }

    private bool IsPreloaded(ActorId actor) => actor.Value < MaskedIds && (_preloaded >> (int)actor.Value & UInt128.One) != UInt128.Zero;

    // Adds a change: the actor has another level so far.
    private void Put(ActorId actor, StateAccess level)
    {
        if (_many is null && _fewCount < FewChanges)
        {
            _few[_fewCount++] = new Change(actor, level);
            return;
        }

        if (_many is null)
        {
            _many = new HistoryMap<ActorId, Access>(2 * FewChanges);
            foreach (Change change in _few)
            {
                _many.Put(change.Actor, new Access(change.Level));
            }
        }

        _many.Put(actor, new Access(level));
    }

    private readonly record struct Access(StateAccess Level);

    private readonly record struct Change(ActorId Actor, StateAccess Level);

    [InlineArray(FewChanges)]
    private struct Changes
    {
        private Change _first;
    }
}
