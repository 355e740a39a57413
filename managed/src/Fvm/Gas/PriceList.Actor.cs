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

    public GasCharge OnActorLookup() => Otherwise("OnActorLookup", this[Price.ActorLookup]);

    /// <summary>Updating an actor whose lookup has been charged.</summary>
    public GasCharge OnActorUpdate() => Otherwise("OnActorUpdate", this[Price.ActorUpdate]);

    public GasCharge OnResolveAddress() => Computing("OnResolveAddress", Gas.Zero);

    public GasCharge OnLookupDelegatedAddress() => Computing("OnLookupAddress", Gas.Zero);

    public GasCharge OnBalanceOf() => Computing("OnBalanceOf", Gas.Zero);

    public GasCharge OnGetActorCodeCid() => Computing("OnGetActorCodeCid", Gas.Zero);

    public GasCharge OnGetBuiltinActorType() => Computing("OnGetBuiltinActorType", this[Price.ManifestLookup]);

    public GasCharge OnGetCodeCidForType() => Computing("OnGetCodeCidForType", this[Price.ManifestLookup]);

    /// <param name="length">Bytes of the Wasm module.</param>
    public GasCharge OnInstallActor(int length) => Computing("OnInstallActor", this[Price.InstallWasmPerByte] * length);
}
