using System.Globalization;
using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Diff;

/// <summary>
/// Compares two runs of a vector up to the first message that differs: outcome, exit code, gas, return value, fees, codec, events, events root,
/// trace; and the state root if no message does.
/// </summary>
public sealed class RunComparer
{
    private const int LinesBefore = 8;
    private const int LinesAfter = 4;

    private readonly List<FieldDifference> _fields = [];

    private RunComparer()
    {
    }

    /// <summary>Compares two runs of one vector.</summary>
    public static VectorComparison Compare(VectorCase item, SideRun a, SideRun b)
    {
        try
        {
            return new RunComparer().Run(item, a, b);
        }
        catch (InvalidOperationException exception)
        {
            // JSON texts are validated only when they are compared.
            FieldDifference difference = new("outcome", "results that can be compared", $"a text that is not Unicode: {exception.Message}");
            return new VectorComparison { Name = item.Name, Status = ComparisonStatus.Different, Fields = [difference] };
        }
    }

    private VectorComparison Run(VectorCase item, SideRun a, SideRun b)
    {
        if (a.IsUnusable && b.Outcomes.Count == 0 && b.StateRoot is null)
        {
            return Unusable(item, a.Failure);
        }

        if (b.IsUnusable && a.Outcomes.Count == 0 && a.StateRoot is null)
        {
            return Unusable(item, b.Failure);
        }

        int both = Math.Min(a.Outcomes.Count, b.Outcomes.Count);
        for (int index = 0; index < both; index++)
        {
            TraceDivergence? trace = CompareMessage(a, b, index);
            if (_fields.Count > 0)
            {
                return Different(item, a, b, index + 1, index, trace);
            }
        }

        if (a.Outcomes.Count != b.Outcomes.Count || (a.Failure is null) != (b.Failure is null))
        {
            _fields.Add(new FieldDifference("outcome", OutcomeOf(a, both), OutcomeOf(b, both)));
            return Different(item, a, b, both, both < item.Vector.Messages.Count ? both : null, trace: null);
        }

        if (a.Failure is not null)
        {
            // Both ended at the same message: for reasons that are texts for people.
            return both == 0
                ? Unusable(item, $"both sides failed: {a.Failure}; {b.Failure}")
                : new VectorComparison { Name = item.Name, Status = ComparisonStatus.Same, Messages = both };
        }

        Add("state_root", a.StateRoot, b.StateRoot);
        return _fields.Count == 0
            ? new VectorComparison { Name = item.Name, Status = ComparisonStatus.Same, Messages = both }
            : Different(item, a, b, both, message: null, trace: null);
    }

    private static VectorComparison Unusable(VectorCase item, string? reason) =>
        new() { Name = item.Name, Status = ComparisonStatus.Unusable, Reason = reason };

    private VectorComparison Different(VectorCase item, SideRun a, SideRun b, int messages, int? message, TraceDivergence? trace)
    {
        bool statesDiffer = a.StateRoot is not null && b.StateRoot is not null && a.StateRoot != b.StateRoot;
        return new VectorComparison
        {
            Name = item.Name,
            Status = ComparisonStatus.Different,
            Messages = messages,
            Message = message,
            Fields = _fields,
            Trace = trace,
            Case = item,
            StatesDiffer = statesDiffer,
            StateA = statesDiffer ? StateOf(a) : null,
            StateB = statesDiffer ? StateOf(b) : null,
        };
    }

    private TraceDivergence? CompareMessage(SideRun a, SideRun b, int index)
    {
        MessageOutcome left = a.Outcomes[index];
        MessageOutcome right = b.Outcomes[index];
        Add("exit_code", Text(left.ExitCode), Text(right.ExitCode));
        Add("gas_used", Text(left.GasUsed), Text(right.GasUsed));
        Add("return", Convert.ToBase64String(left.Return), Convert.ToBase64String(right.Return));
        Add("miner_penalty", left.MinerPenalty, right.MinerPenalty);
        Add("miner_tip", left.MinerTip, right.MinerTip);
        Add("base_fee_burn", left.BaseFeeBurn, right.BaseFeeBurn);
        Add("over_estimation_burn", left.OverEstimationBurn, right.OverEstimationBurn);
        Add("refund", left.Refund, right.Refund);
        Add("gas_refund", Text(left.GasRefund), Text(right.GasRefund));
        Add("gas_burned", Text(left.GasBurned), Text(right.GasBurned));
        if (a.TellsReturnCodec && b.TellsReturnCodec)
        {
            Add("return_codec", left.ReturnCodec is ulong one ? Text(one) : null, right.ReturnCodec is ulong other ? Text(other) : null);
        }

        if (EventsComparison.Of(left.EventsJson, right.EventsJson) is FieldDifference events)
        {
            _fields.Add(events);
        }

        Add("events_root", left.EventsRoot, right.EventsRoot);
        return CompareTraces(a, b, left, right);
    }

    private TraceDivergence? CompareTraces(SideRun a, SideRun b, MessageOutcome left, MessageOutcome right)
    {
        if (left.Trace is null || right.Trace is null)
        {
            if (left.TraceDigest is not null && right.TraceDigest is not null && a.Order == b.Order)
            {
                Add("trace_digest", left.TraceDigest, right.TraceDigest);
            }

            return null;
        }

        // A tree cannot be put into the order of events, but those into the tree.
        TraceOrder order = a.Order == TraceOrder.Tree || b.Order == TraceOrder.Tree ? TraceOrder.Tree : TraceOrder.Events;
        IReadOnlyList<string> one = a.Order == order ? left.Trace : TraceTree.Of(left.Trace);
        IReadOnlyList<string> other = b.Order == order ? right.Trace : TraceTree.Of(right.Trace);
        int line = FirstDifference(one, other);
        if (line == one.Count && line == other.Count)
        {
            return null;
        }

        string? at = line < one.Count ? one[line] : null;
        string? against = line < other.Count ? other[line] : null;
        string field = at is null || against is null ? "end" : TraceLine.DifferingField(at, against) ?? "line";
        _fields.Add(new FieldDifference($"trace[{line}].{field}", at ?? "the trace's end", against ?? "the trace's end"));
        return new TraceDivergence(
            line, order, Slice(one, line - LinesBefore, line), Slice(one, line, line + LinesAfter), Slice(other, line, line + LinesAfter),
            CallStack.At(one, line), CallStack.At(other, line));
    }

    private static int FirstDifference(IReadOnlyList<string> one, IReadOnlyList<string> other)
    {
        int shared = Math.Min(one.Count, other.Count);
        for (int line = 0; line < shared; line++)
        {
            if (!TraceLine.Same(one[line], other[line]))
            {
                return line;
            }
        }

        return shared;
    }

    private static string[] Slice(IReadOnlyList<string> trace, int from, int to) =>
        [.. trace.Take(Math.Min(to, trace.Count)).Skip(Math.Max(0, from))];

    private void Add(string field, string? left, string? right)
    {
        if (left != right)
        {
            _fields.Add(new FieldDifference(field, Shown(left), Shown(right)));
        }
    }

    private static string OutcomeOf(SideRun run, int message) =>
        run.Outcomes.Count > message ? "a receipt" : run.Failure is string failure ? $"failed: {failure}" : "a state root";

    private static StateOfSide? StateOf(SideRun run) =>
        run.Written is not null && Cid.TryParse(run.StateRoot!, out Cid root) ? new StateOfSide(root, run.Written) : null;

    private static string Text(ulong value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Shown(string? value) => value switch
    {
        null => "none",
        "" => "empty",
        _ => value,
    };
}
