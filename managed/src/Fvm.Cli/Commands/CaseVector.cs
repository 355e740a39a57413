using Fvm.Chain;
using Fvm.Ipld;
using Fvm.Vectors;
using AppliedMessage = Fvm.Chain.AppliedMessage;

namespace Fvm.Cli;

/// <summary>Messages of a chain as a vector.</summary>
internal static class CaseVector
{
    /// <summary>The vector.</summary>
    /// <param name="found">The messages and what they need.</param>
    /// <param name="receipts">The expected receipts; null where ours is expected.</param>
    /// <param name="root">The expected state root after the last message; empty if unknown.</param>
    public static Vector Of(MessageCase found, IReadOnlyList<Receipt?> receipts, string root)
    {
        MachineContext context = found.Context;
        uint version = (uint)context.Network.NetworkVersion;
        AppliedMessage first = found.Messages[0];
        string id = first.Source is ChainMessage source ? $"epoch-{context.Epoch}-{source.Cid}" : $"epoch-{context.Epoch}-system-{first.Message.To}";
        return new Vector
        {
            Name = id,
            Source = id,
            Id = id,
            Description = $"Epoch {context.Epoch} of a chain: {found.Messages.Count} messages; what is expected is what the chain has",
            Variants = [new VectorVariant($"nv{version}", context.Epoch.Value, version)],
            PreRoot = context.InitialStateRoot.ToString(),
            PostRoot = root,
            BaseFee = context.BaseFee.ToString(),
            CirculatingSupply = context.CirculatingSupply.ToString(),
            ChainId = context.Network.ChainId,
            Timestamp = context.Timestamp,
            ActorDebugging = context.Network.ActorDebugging,
            Car = CarOf(context.InitialStateRoot, found.Blocks),
            Messages =
            [
                .. found.Messages.Select(static message =>
                    new VectorMessage(message.Message.Encode(), message.Source is null, message.Source?.ChainLength ?? 0)),
            ],
            Receipts = [.. receipts.Select((expected, index) => ReceiptOf(expected ?? found.Messages[index].Ret.Receipt))],
            Randomness = [.. found.Answers.Randomness.Select(static answer => new VectorRandomness(answer.Beacon, answer.Epoch.Value, answer.Value))],
            TipsetCids = [.. found.Answers.Tipsets.Select(static answer => new VectorTipsetCid(answer.Epoch.Value, answer.Cid.ToString()))],
            ConsensusFaults =
            [
                .. found.Answers.Faults.Select(static answer =>
                    new VectorConsensusFault([answer.First, answer.Second, answer.Extra], answer.Fault, answer.GasUsed)),
            ],
        };
    }

    private static ExpectedReceipt ReceiptOf(Receipt receipt) => new(
        receipt.ExitCode.Value,
        receipt.ReturnData.ToArray(),
        receipt.GasUsed,
        receipt.EventsRoot?.ToString(),
        HasEventsRoot: true);

    private static byte[] CarOf(Cid root, IReadOnlyList<KeyValuePair<Cid, byte[]>> blocks)
    {
        using MemoryStream file = new();
        using (CarWriter writer = new(file, [root], leaveOpen: true))
        {
            writer.WriteMany(blocks);
        }

        return file.ToArray();
    }
}
