using Fvm.Vectors;
using NUnit.Framework;

namespace Fvm.Tracing.Tests;

/// <summary>Call trees of recorded messages agree with their receipts.</summary>
public sealed class RecordedTreesTests
{
    [TestCase("nv18/evm.ndjson.gz")]
    [TestCase("nv28/evm.ndjson.gz")]
    [TestCase("nv28/paych.ndjson.gz")]
    public void Gas_exit_code_return_value_and_events_are_those_of_the_receipt(string set)
    {
        int messages = RecordedMessages.Check(set, FaultOf);

        Assert.That(messages, Is.GreaterThan(80));
    }

    private static string? FaultOf(ReplayedMessage applied)
    {
        CallTree tree = CallTree.Of(applied.Result, ActorNames.Of(applied.Machine));
        Receipt receipt = applied.Result.Receipt;
        ulong sum = tree.TotalGas.RoundUp();
        CallNode[] all = [.. All(tree)];

        // Charges beyond a limit are in the trace, but not in the receipt.
        bool ranOut = receipt.ExitCode == ExitCode.SysOutOfGas || all.Any(static call => call.ExitCode == ExitCode.SysOutOfGas);
        if (ranOut ? sum < receipt.GasUsed : sum != receipt.GasUsed && tree.Outermost is not null) return $"gas {sum} instead of {receipt.GasUsed}";

        if (tree.Outermost is CallNode outermost)
        {
            if (outermost.ExitCode != receipt.ExitCode) return $"exit code {outermost.ExitCode} instead of {receipt.ExitCode}";

            ReadOnlyMemory<byte> returned = outermost.Return?.Value?.Data ?? default;
            if (!returned.Span.SequenceEqual(receipt.ReturnData.Span)) return "another return value";

            if (outermost.TotalGas + tree.OwnGas != tree.TotalGas) return "the sums differ from the sum";

            if (outermost.Descendants + 1 != all.Length) return "the calls are counted wrongly";
        }

        int[] placed = [.. all.SelectMany(static call => call.Events).Select(static emitted => emitted.Index).Order()];
        if (!placed.SequenceEqual(Enumerable.Range(0, applied.Result.Events.Count))) return $"{placed.Length} of {applied.Result.Events.Count} events";

        bool belong = all.All(static call => call.Events.All(emitted => emitted.Event.Emitter == call.Invoked?.Id));
        return belong && tree.Unplaced.Count == 0 ? null : "an event of another emitter";
    }

    private static IEnumerable<CallNode> All(CallTree tree)
    {
        Stack<CallNode> left = new(tree.Calls);
        while (left.TryPop(out CallNode? call))
        {
            yield return call;
            foreach (CallNode inner in call.Calls)
            {
                left.Push(inner);
            }
        }
    }
}
