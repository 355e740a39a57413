using Fvm.Ipld;

namespace Fvm.Chain;

/// <summary>The messages of executed tipsets with their results, as they are on the chain: nothing is executed.</summary>
/// <param name="reader">The chain.</param>
/// <param name="network">The network.</param>
public sealed class PastResults(ChainReader reader, NetworkParameters network)
{
    /// <summary>The messages that ran, in order, with what is known of their results: receipts, events, and what was paid.</summary>
    /// <param name="tipset">The tipset.</param>
    /// <param name="receipts">The receipts' root, from a child of the tipset.</param>
    /// <exception cref="ChainException">A block is missing or malformed.</exception>
    /// <exception cref="FatalException">The state is missing or broken.</exception>
    public IReadOnlyList<(ChainMessage Message, ApplyRet Ret)> Read(Tipset tipset, in Cid receipts)
    {
        ChainMessage[] messages = [.. MessageSelection.Of(reader, network, tipset).SelectMany(static block => block.Messages)];
        IReadOnlyList<byte[]> encoded = ReceiptsRoot.Read(reader.Store, receipts)
            ?? throw new ChainException($"the receipts {receipts} of epoch {tipset.Epoch} are missing or malformed");
        if (encoded.Count != messages.Length)
        {
            throw new ChainException($"epoch {tipset.Epoch} has {messages.Length} messages, but {encoded.Count} receipts");
        }

        List<(ChainMessage, ApplyRet)> results = [];
        foreach ((ChainMessage message, byte[] bytes) in messages.Zip(encoded))
        {
            Receipt receipt = ReceiptsRoot.Decode(bytes) ?? throw new ChainException($"a receipt of epoch {tipset.Epoch} is malformed");
            ApplyRet ret = ApplyRet.OfReceipt(message.Message, receipt, tipset.First.BaseFee);
            results.Add((message, ret with { Events = EventsOf(receipt, tipset) }));
        }

        return results;
    }

    private IReadOnlyList<StampedEvent> EventsOf(Receipt receipt, Tipset tipset)
    {
        if (receipt.EventsRoot is not Cid root)
        {
            return [];
        }

        try
        {
            return [.. Amt.Load(reader.Store, root, AmtVersion.V3).Entries().Select(static entry => StampedEvent.Read(entry.Value))];
        }
        catch (FormatException exception)
        {
            throw new ChainException($"the events {root} of epoch {tipset.Epoch} are missing or malformed: {exception.Message}", exception);
        }
    }
}
