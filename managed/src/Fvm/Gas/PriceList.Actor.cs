namespace Fvm;

/// <content>Actors in the state tree, their addresses and their code.</content>
public sealed partial class PriceList
{
    /// <param name="newAddress">True when an address is assigned with it.</param>
    public GasCharge OnCreateActor(bool newAddress) => new(
        "OnCreateActor",
        this[Price.ActorCreateCompute],
        this[Price.ActorCreateStorage] + (newAddress ? this[Price.AddressAssignment] + this[Price.AddressLookup] : Gas.Zero));

    /// <summary>Deleting an actor. Skyr gives back what storing it did cost.</summary>
    public GasCharge OnDeleteActor() =>
        new GasCharge("OnDeleteActor", Gas.Zero, Gas.Zero) { Refund = this[Price.ActorDeleteRefund] };

    /// <summary>Reading an actor for the first time in a message. Skyr makes no charge.</summary>
    public GasCharge OnActorLookup() => Access(Otherwise("OnActorLookup", this[Price.ActorLookup]));

    /// <summary>Updating an actor whose lookup has been charged. Skyr makes no charge.</summary>
    public GasCharge OnActorUpdate() => Access(Otherwise("OnActorUpdate", this[Price.ActorUpdate]));

    /// <summary>Looking an address up. Skyr makes no charge.</summary>
    public GasCharge OnResolveAddress() => Access(Computing("OnResolveAddress", Gas.Zero));

    public GasCharge OnLookupDelegatedAddress() => Computing("OnLookupAddress", Gas.Zero);

    public GasCharge OnBalanceOf() => Computing("OnBalanceOf", Gas.Zero);

    /// <summary>Reading an actor's code. Skyr makes no charge.</summary>
    public GasCharge OnGetActorCodeCid() => Access(Computing("OnGetActorCodeCid", Gas.Zero));

    /// <summary>Looking into the manifest. Skyr makes no charge.</summary>
    public GasCharge OnGetBuiltinActorType() => Access(Computing("OnGetBuiltinActorType", this[Price.ManifestLookup]));

    /// <summary>Looking into the manifest. Skyr makes no charge.</summary>
    public GasCharge OnGetCodeCidForType() => Access(Computing("OnGetCodeCidForType", this[Price.ManifestLookup]));

    /// <param name="length">Bytes of the Wasm module.</param>
    public GasCharge OnInstallActor(int length) => Computing("OnInstallActor", this[Price.InstallWasmPerByte] * length);
}
