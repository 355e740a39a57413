namespace Fvm;

/// <content>Address resolution by the init actor's state.</content>
public sealed partial class StateTree
{
    /// <summary>Resolves an address to an actor ID. An ID address resolves to its ID, whether the actor exists or not.</summary>
    /// <returns>False if the address is unknown.</returns>
    public bool TryLookupId(in Address address, out ActorId id)
    {
        if (address.TryGetId(out id) || _resolved.TryGet(address, out id))
        {
            return true;
        }

        InitActorState init = LoadInit(out _);
        if (!_addresses.TryGet(init.AddressMap, address, out id))
        {
            return false;
        }

        _resolved.Put(address, id);
        return true;
    }

    /// <summary>Resolves an address to an actor ID; null if the address is unknown.</summary>
    public ActorId? LookupId(in Address address) => TryLookupId(address, out ActorId id) ? id : null;

    /// <summary>Assigns the next free ID to an address. An already registered address gets another ID, as in the reference.</summary>
    public ActorId RegisterNewAddress(in Address address)
    {
        InitActorState init = LoadInit(out ActorState actor);
        ActorId id = new(init.NextId);
        InitActorState changed = init with
        {
            NextId = unchecked(init.NextId + 1),
            AddressMap = _addresses.Put(init.AddressMap, address, id),
        };
        SetActor(ActorId.Init, actor with { State = StateBlocks.Put(Store, changed.Encode()) });
        _resolved.Put(address, id);
        return id;
    }

    private InitActorState LoadInit(out ActorState actor)
    {
        actor = GetActor(ActorId.Init) ?? throw new FatalException("init actor address could not be resolved");
        byte[] block = StateBlocks.Get(Store, actor.State, "init actor state");
        return StateBlocks.Decode(block, "init actor state", static bytes => InitActorState.Decode(bytes));
    }
}
