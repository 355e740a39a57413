namespace Fvm;

/// <content>Messages and their return values, context, and execution.</content>
public sealed partial class PriceList
{
    /// <summary>Including a message in the chain, and updating its sender.</summary>
    /// <param name="length">The on-chain length in bytes, with the signature if it is stored with the message.</param>
    public GasCharge OnChainMessage(long length) => new(
        "OnChainMessage",
        this[Price.ChainMessageCompute],
        this[Price.ActorUpdate] + this[Price.ChainMessageStorage] + this[Price.ChainMessageStoragePerByte] * checked((ulong)length));

    /// <summary>
    /// Returning a value: the outermost call's is stored on the chain, the others pass on its links. Hygge charges only at the outermost call,
    /// Skyr not here.
    /// </summary>
    /// <param name="callDepth">One for the outermost call.</param>
    /// <param name="length">The length of the value, in bytes.</param>
    /// <param name="links">The number of links in the value.</param>
    public GasCharge OnMethodReturn(uint callDepth, uint length, int links) => callDepth == 1
        ? PartOfCall(OfChainReturn(length))
        : Links(Computing("OnReturnValue", this[Price.LinkTracked] * links));

    /// <summary>The return value of a message, charged after its call has ended, in Skyr only.</summary>
    /// <param name="length">The length of the value in bytes; zero for none, which is charged for, too.</param>
    public GasCharge OnChainReturnValue(uint length) => Rules.ChargesCallsWhole ? OfChainReturn(length) : GasCharge.None;

    public GasCharge OnMessageContext() => Computing("OnMessageContext", this[Price.MessageContext]);

    /// <summary>The base price of a syscall.</summary>
    public GasCharge OnSyscall() => Computing("OnSyscall", this[Price.HostCall]);

    /// <summary>Initial or additional memory of an instance. The name of the charge depends on when it is made.</summary>
    public Gas OfMemory(ulong bytes) => this[Price.MemoryFillPerByte] * bytes;

    /// <summary>The initial table of an instance.</summary>
    public Gas OfTable(ulong elements) => this[Price.MemoryFillPerByte] * elements * TableElementSize;

    private GasCharge OfChainReturn(uint length) => Otherwise("OnChainReturnValue", this[Price.ChainReturnStoragePerByte] * length);
}
