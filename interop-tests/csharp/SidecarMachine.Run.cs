using Fvm.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace SidecarClient;

// All calls of a machine in one.
public sealed partial class SidecarMachine
{
    private readonly List<MessageExecuted> _executed = [];

    /// <summary>Creates a machine, executes messages, flushes and drops it, in one call. The new blocks are put to the node.</summary>
    /// <param name="channel">The channel to the server.</param>
    /// <param name="settings">The epoch and the state.</param>
    /// <param name="node">Answers the machine.</param>
    /// <param name="messages">The messages, in order.</param>
    /// <param name="trace">The form of their traces.</param>
    /// <param name="completeStore">Whether the node lacks no block of the state: those in the server's cache need no question.</param>
    /// <returns>The results, one per message, and the CID of the state root.</returns>
    public static async Task<(IReadOnlyList<MessageExecuted> Executed, ByteString StateRoot)> RunAsync(
        ChannelBase channel, MachineSettings settings, INode node, IEnumerable<MessageInput> messages, TraceForm trace = TraceForm.Unspecified,
        bool completeStore = false)
    {
        using SidecarMachine machine = new(channel, node);
        await machine.OpenAsync(completeStore);
        RunMachine run = new()
        {
            MachineId = MachineId, Settings = settings, Messages = { messages }, Trace = trace, Flushes = true, ReturnsBlocks = true, Drops = true,
        };
        SessionResponse ran = await machine.CallAsync(new SessionRequest { RunMachine = run });
        return (machine._executed, ran.MachineRan.StateRoot);
    }

    private void Take(RunPart? part, ref ByteString tree)
    {
        if (part is null)
        {
            return;
        }

        if (!tree.IsEmpty)
        {
            // Parts of a tree come before the result that they belong to.
            part.Executed[0].Trace.Tree = tree;
            tree = ByteString.Empty;
        }

        _executed.AddRange(part.Executed);
        if (part.Blocks.Count > 0)
        {
            _node.Put(part.Blocks);
        }
    }
}
