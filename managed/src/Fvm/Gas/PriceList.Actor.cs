namespace Fvm;

/// <content>Actors in the state tree, their addresses and code.</content>
public sealed partial class PriceList
{
    /// <param name="newAddress">Whether an address is assigned as well.</param>
    public GasCharge OnCreateActor(bool newAddress) => new(
        "OnCreateActor",
        this[Price.ActorCreateCompute],
        this[Price.ActorCreateStorage] + (newAddress ? this[Price.AddressAssignment] + this[Price.AddressLookup] : Gas.Zero));

    /// <summary>Deleting an actor. Skyr refunds the cost of storing it.</summary>
    public GasCharge OnDeleteActor() =>
        new GasCharge("OnDeleteActor", Gas.Zero, Gas.Zero) { Refund = this[Price.ActorDeleteRefund] };

    /// <summary>The first read of an actor in a message. No charge in Skyr.</summary>
    public GasCharge OnActorLookup() => Access(Otherwise("OnActorLookup", this[Price.ActorLookup]));

    /// <summary>Updating an actor already looked up. No charge in Skyr.</summary>
    public GasCharge OnActorUpdate() => Access(Otherwise("OnActorUpdate", this[Price.ActorUpdate]));

    /// <summary>Resolving an address. No charge in Skyr.</summary>
    public GasCharge OnResolveAddress() => Access(Computing("OnResolveAddress", Gas.Zero));

    public GasCharge OnLookupDelegatedAddress() => Computing("OnLookupAddress", Gas.Zero);

    public GasCharge OnBalanceOf() => Computing("OnBalanceOf", Gas.Zero);

    /// <summary>Reading an actor's code CID. No charge in Skyr.</summary>
    public GasCharge OnGetActorCodeCid() => Access(Computing("OnGetActorCodeCid", Gas.Zero));

    /// <summary>Looking up the manifest. No charge in Skyr.</summary>
    public GasCharge OnGetBuiltinActorType() => Access(Computing("OnGetBuiltinActorType", this[Price.ManifestLookup]));

    /// <summary>Looking up the manifest. No charge in Skyr.</summary>
    public GasCharge OnGetCodeCidForType() => Access(Computing("OnGetCodeCidForType", this[Price.ManifestLookup]));

    /// <param name="length">The size of the Wasm module, in bytes.</param>
    public GasCharge OnInstallActor(int length) => Computing("OnInstallActor", this[Price.InstallWasmPerByte] * length);
}
