using Fvm.Ipld;

namespace Fvm;

internal sealed partial class Kernel
{
    /// <summary>Resolves an address to an actor ID.</summary>
    public Outcome ResolveAddress(in Address address, out ActorId id)
    {
        id = default;
        if (!TryCharge(Prices.OnResolveAddress())) return Outcome.OutOfGas;

        if (_execution.ResolveAddress(address, out ActorId? found).Failed(out Outcome outcome)) return outcome;

        if (found is not ActorId actor) return ActorNotFound();

        id = actor;
        return Outcome.Ok;
    }

    /// <summary>An actor's delegated address; null if it has none.</summary>
    public Outcome LookupDelegatedAddress(ActorId id, out Address? address)
    {
        address = null;
        if (!TryCharge(Prices.OnLookupDelegatedAddress())) return Outcome.OutOfGas;

        if (GetExistingActor(id, out ActorState actor).Failed(out Outcome outcome)) return outcome;

        address = actor.DelegatedAddress;
        return Outcome.Ok;
    }

    /// <summary>The CID of an actor's code.</summary>
    public Outcome GetActorCodeCid(ActorId id, out Cid code)
    {
        code = default;
        if (!TryCharge(Prices.OnGetActorCodeCid())) return Outcome.OutOfGas;

        if (GetExistingActor(id, out ActorState actor).Failed(out Outcome outcome)) return outcome;

        code = actor.Code;
        return Outcome.Ok;
    }

    /// <summary>The address of the next actor to be created. Free of charge.</summary>
    public Address NextActorAddress() => _execution.NextActorAddress();

    /// <summary>
    /// An address for a new actor, derived from the message sender's key address, its nonce, and the number of addresses requested before
    /// (before NV18). Free of charge.
    /// </summary>
    public Outcome NewActorAddress(out Address address)
    {
        address = default;
        if (ResolveToKey(_execution.OriginAddress, charges: false, out Address origin).OrFatal().Failed(out Outcome outcome)) return outcome;

        address = _execution.NextActorAddress(origin);
        _execution.ActorsCreated++;
        return Outcome.Ok;
    }

    /// <summary>Creates a builtin actor other than a singleton, under a new ID; any actor may (before NV18).</summary>
    public Outcome CreateBuiltinActor(in Cid code, ActorId id)
    {
        Manifest manifest = _execution.Machine.Manifest;
        if (manifest.TypeOf(code) == 0) return Outcome.Error(ErrorNumber.Forbidden, "can only create built-in actors");

        if (manifest.IsSingleton(code)) return Outcome.Error(ErrorNumber.Forbidden, "can only have one instance of singleton actors");

        if (_execution.StateTree.GetActor(id) is not null) return Outcome.Error(ErrorNumber.Forbidden, "actor address already exists");

        if (!TryCharge(Prices.OnCreateActor(true))) return Outcome.OutOfGas;

        return _execution.SetActor(id, ActorState.NewEmpty(code, null));
    }

    /// <summary>Creates an actor; only the init actor may.</summary>
    public Outcome CreateActor(in Cid code, ActorId id, in Address? delegatedAddress)
    {
        if (Receiver != ActorId.Init)
        {
            return Outcome.Error(ErrorNumber.Forbidden, $"create_actor is restricted to the init actor; called by {Receiver}");
        }

        if (IsReadOnly) return Outcome.Error(ErrorNumber.ReadOnly, "create_actor cannot be called while read-only");

        return _execution.CreateActor(code, id, delegatedAddress);
    }

    /// <summary>The builtin actor type of a code CID; 0 if it is not a builtin actor's.</summary>
    public Outcome GetBuiltinActorType(in Cid code, out uint type)
    {
        type = 0;
        if (!TryCharge(Prices.OnGetBuiltinActorType())) return Outcome.OutOfGas;

        type = _execution.Machine.Manifest.TypeOf(code);
        return Outcome.Ok;
    }

    /// <summary>The code CID of a builtin actor type.</summary>
    public Outcome GetCodeCidForType(uint type, out Cid code)
    {
        code = default;
        if (!TryCharge(Prices.OnGetCodeCidForType())) return Outcome.OutOfGas;

        return _execution.Machine.Manifest.TryGetCode(type, out code)
            ? Outcome.Ok
            : Outcome.Error(ErrorNumber.IllegalArgument, $"unrecognised actor type {type}");
    }

    /// <summary>An actor's balance.</summary>
    public Outcome BalanceOf(ActorId id, out TokenAmount balance)
    {
        balance = TokenAmount.Zero;
        if (!TryCharge(Prices.OnBalanceOf())) return Outcome.OutOfGas;

        if (GetExistingActor(id, out ActorState actor).Failed(out Outcome outcome)) return outcome;

        balance = actor.Balance;
        return Outcome.Ok;
    }

    private Outcome GetExistingActor(ActorId id, out ActorState actor)
    {
        Outcome outcome = _execution.GetActor(id, out ActorState? found);
        actor = found!;
        return outcome.IsOk && found is null ? ActorNotFound() : outcome;
    }

    private static Outcome ActorNotFound() => Outcome.Error(ErrorNumber.NotFound, "actor not found");
}
