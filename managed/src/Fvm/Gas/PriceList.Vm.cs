namespace Fvm;

/// <content>Messages and their return values, context, and execution itself.</content>
public sealed partial class PriceList
{
    /// <summary>Including a message in the chain, and updating its sender.</summary>
    /// <param name="length">Bytes on the chain, signature included where it travels along.</param>
    public GasCharge OnChainMessage(int length) => new(
        "OnChainMessage",
        this[Price.ChainMessageCompute],
        this[Price.ActorUpdate] + this[Price.ChainMessageStorage] + this[Price.ChainMessageStoragePerByte] * length);

    /// <summary>
    /// Returning a value: at the outermost call it is stored on the chain, in the others its links are handed over. Hygge charges at the
    /// outermost call alone, Skyr not here.
    /// </summary>
    /// <param name="callDepth">One for the outermost call.</param>
    /// <param name="length">Bytes of the value.</param>
    /// <param name="links">Links in the value.</param>
    public GasCharge OnMethodReturn(uint callDepth, uint length, int links) => callDepth == 1
        ? PartOfCall(OfChainReturn(length))
        : Links(Computing("OnReturnValue", this[Price.LinkTracked] * links));

    /// <summary>The value that a message returns, charged once its call has ended, at Skyr alone.</summary>
    /// <param name="length">Bytes of the value; zero for none, which is charged for too.</param>
    public GasCharge OnChainReturnValue(uint length) => Rules.ChargesCallsWhole ? OfChainReturn(length) : GasCharge.None;

    public GasCharge OnMessageContext() => Computing("OnMessageContext", this[Price.MessageContext]);

    /// <summary>Calling from Wasm into the machine.</summary>
    public GasCharge OnSyscall() => Computing("OnSyscall", this[Price.HostCall]);

    /// <summary>The memory that an instance starts with, or grows by. Traces call it by when it happens.</summary>
    public Gas OfMemory(ulong bytes) => this[Price.MemoryFillPerByte] * bytes;

    /// <summary>The table that an instance starts with.</summary>
    public Gas OfTable(ulong elements) => this[Price.MemoryFillPerByte] * elements * TableElementSize;

    private GasCharge OfChainReturn(uint length) => Otherwise("OnChainReturnValue", this[Price.ChainReturnStoragePerByte] * length);
}
