using Fvm.Ipld;

namespace Fvm;

/// <summary>Access to actors and addresses, each charged on its first use in the message.</summary>
internal sealed partial class MessageExecution
{
    /// <summary>Resolves an address; null if it is unknown.</summary>
    public Outcome ResolveAddress(in Address address, out ActorId? id)
    {
        if (address.TryGetId(out ActorId direct))
        {
            id = direct;
            return Outcome.Ok;
        }

        id = null;
        bool isPaid = _access.IsLookupPaid(address);
        if (!isPaid && !TryCharge(Prices.OnResolveAddress())) return Outcome.OutOfGas;

        id = StateTree.LookupId(address);
        if (!isPaid && id is not null)
        {
            _access.RecordLookup(address);
        }

        return Outcome.Ok;
    }

    /// <summary>Reads an actor; null if there is none.</summary>
    public Outcome GetActor(ActorId id, out ActorState? actor)
    {
        actor = null;
        if (_access.AccessTo(id) < StateAccess.Read && !TryCharge(Prices.OnActorLookup())) return Outcome.OutOfGas;

        actor = StateTree.GetActor(id);
        _access.RecordRead(id);
        return Outcome.Ok;
    }

    /// <summary>Writes an actor.</summary>
    public Outcome SetActor(ActorId id, ActorState actor)
    {
        if (!TryChargeUpdate(id)) return Outcome.OutOfGas;

        StateTree.SetActor(id, actor);
        _access.RecordUpdate(id);
        return Outcome.Ok;
    }

    /// <summary>Removes an actor.</summary>
    public Outcome DeleteActor(ActorId id)
    {
        if (!TryChargeUpdate(id)) return Outcome.OutOfGas;

        StateTree.DeleteActor(id);
        _access.RecordUpdate(id);
        return Outcome.Ok;
    }

    /// <summary>Transfers value, in attoFIL, between actors.</summary>
    public Outcome Transfer(ActorId from, ActorId to, TokenAmount value)
    {
        if (value.IsNegative) return Outcome.Error(ErrorNumber.IllegalArgument, $"attempted to transfer the negative value {value}");

        if (GetActor(from, out ActorState? sender).Failed(out Outcome outcome)) return outcome;

        // A missing sender counts as one without funds, unlike a missing receiver.
        if (sender is null || sender.Balance < value)
        {
            return Outcome.Error(ErrorNumber.InsufficientFunds, $"actor {from} does not have the funds to transfer {value}");
        }

        if (from == to) return Outcome.Ok;

        if (GetActor(to, out ActorState? receiver).Failed(out outcome)) return outcome;

        if (receiver is null) return Outcome.Error(ErrorNumber.NotFound, $"transfer recipient {to} does not exist");

        if (SetActor(from, sender with { Balance = sender.Balance - value }).Failed(out outcome)) return outcome;

        return SetActor(to, receiver with { Balance = receiver.Balance + value });
    }

    /// <summary>
    /// Creates an actor under an ID assigned by the init actor, or turns a placeholder with the same delegated address into it.
    /// </summary>
    public Outcome CreateActor(in Cid code, ActorId id, in Address? delegatedAddress)
    {
        if (Machine.Manifest.IsPlaceholder(code))
        {
            return Outcome.Error(ErrorNumber.Forbidden, "cannot explicitly construct a placeholder actor");
        }

        if (GetActor(id, out ActorState? existing).Failed(out Outcome outcome)) return outcome;

        ActorState actor;
        if (existing is null)
        {
            // The init actor has charged for the address.
            if (!TryCharge(Prices.OnCreateActor(false))) return Outcome.OutOfGas;

            actor = ActorState.NewEmpty(code, delegatedAddress);
        }
        else if (!Machine.Manifest.IsPlaceholder(existing.Code))
        {
            return Outcome.Error(ErrorNumber.Forbidden, "actor address already exists");
        }
        else if (existing.DelegatedAddress is null)
        {
            return Outcome.Fatal($"placeholder {id} does not have a delegated address");
        }
        else if (existing.DelegatedAddress != delegatedAddress)
        {
            return Outcome.Error(ErrorNumber.Forbidden, "placeholder has a different delegated address");
        }
        else
        {
            actor = existing with { Code = code };
        }

        if (SetActor(id, actor).Failed(out outcome)) return outcome;

        ActorsCreated++;
        return Outcome.Ok;
    }

    /// <summary>Registers a new address and creates an actor there, as the receiver of a send.</summary>
    internal Outcome CreateActorFromSend(in Address address, ActorState actor, out ActorId id)
    {
        id = default;
        if (!TryCharge(Prices.OnCreateActor(true))) return Outcome.OutOfGas;

        id = StateTree.RegisterNewAddress(address);
        _access.RecordLookup(address);
        return SetActor(id, actor);
    }

    private bool TryChargeUpdate(ActorId id)
    {
        StateAccess access = _access.AccessTo(id);
        return (access >= StateAccess.Read || TryCharge(Prices.OnActorLookup()))
            && (access >= StateAccess.Updated || TryCharge(Prices.OnActorUpdate()));
    }
}
