namespace Fvm;

/// <content>Events.</content>
public sealed partial class PriceList
{
    // The CBOR overhead per event, at most, in bytes: the tuple, the emitter, the list of entries.
    private const ulong EventOverhead = 12;

    // The CBOR overhead per entry, at most, in bytes: the tuple, flags, and the heads of key, codec and value.
    private const ulong EntryOverhead = 9;

    // The bytes added by stamping an encoded event, as estimated in Hygge.
    private const int StampOverhead = 12;

    /// <summary>An event in three buffers, from Watermelon on.</summary>
    /// <param name="entries">The number of entries.</param>
    /// <param name="keys">The total length of the keys, in bytes.</param>
    /// <param name="values">The total length of the values, in bytes.</param>
    public GasCharge OnActorEvent(int entries, int keys, int values)
    {
        ulong length = EventOverhead + EntryOverhead * (ulong)entries + (ulong)keys + (ulong)values;
        Gas copy = this[Price.BlockCopyPerByte] * length + this[Price.BlockAllocatePerByte] * length;
        Gas validation = this[Price.EventPerEntry] + this[Price.EventPerEntryScale] * entries
            + (this[Price.Utf8Validate] + this[Price.Utf8ValidatePerByte] * keys);
        Gas hash = this[Price.HashBlake2b256PerByte] * length;
        return new GasCharge("OnActorEvent", copy * 2 + validation, hash + copy);
    }

    /// <summary>Validating an encoded event, in Hygge.</summary>
    public GasCharge OnActorEventValidate(int length) => Computing(
        "OnActorEventValidate",
        this[Price.BlockCopyPerByte] * length + this[Price.BlockAllocatePerByte] * length
            + this[Price.EventValidate] + this[Price.EventValidatePerByte] * length);

    /// <summary>Accepting an encoded event, in Hygge, whose prices for indexed elements are zero.</summary>
    public GasCharge OnActorEventAccept(int length)
    {
        int stamped = length + StampOverhead;
        Gas copy = this[Price.BlockCopyPerByte] * stamped;
        Gas allocation = this[Price.BlockAllocatePerByte] * stamped;
        Gas hash = this[Price.HashBlake2b256PerByte] * stamped;
        return new GasCharge("OnActorEventAccept", copy + allocation, copy * 2 + allocation + hash);
    }
}
