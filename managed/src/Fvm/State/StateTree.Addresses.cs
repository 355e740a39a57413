namespace Fvm;

/// <content>Addresses, which the init actor's state maps to actors.</content>
public sealed partial class StateTree
{
    /// <summary>The actor that an address stands for. An ID address stands for its number, whether there is such an actor or not.</summary>
    /// <returns>False when the address is not known.</returns>
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

    /// <summary>The actor that an address stands for, or null when the address is not known.</summary>
    public ActorId? LookupId(in Address address) => TryLookupId(address, out ActorId id) ? id : null;

    /// <summary>Gives an address the next free number. An address that had one gets another, as in the reference.</summary>
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
