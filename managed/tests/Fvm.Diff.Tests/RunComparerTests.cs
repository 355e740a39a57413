using Fvm.Vectors;
using NUnit.Framework;

namespace Fvm.Diff.Tests;

public sealed class RunComparerTests
{
    private static readonly string[] Trace =
    [
        """["gas","OnChainMessage",1000,2500]""",
        """["call",100,"f0101",2,null,"0",5000,false]""",
        """["invoke",101,"bafa","bafb",0,"0",null]""",
        """["gas","OnSyscall",14000,0]""",
        """["call",101,"f0102",3,{"codec":81,"data":"gA=="},"7",4000,true]""",
        """["error",6,"no such actor"]""",
        """["return",0,null]""",
    ];

    private static MessageOutcome Outcome => new()
    {
        ExitCode = 0,
        Return = [1, 2],
        GasUsed = 100,
        MinerPenalty = "0",
        MinerTip = "1",
        BaseFeeBurn = "2",
        OverEstimationBurn = "3",
        Refund = "4",
        GasRefund = 5,
        GasBurned = 6,
        ReturnCodec = 81,
        EventsJson = """[{"emitter":101,"entries":[[3,"key",85,"dmFsdWU="],[0,"other",85,""]]}]""",
        Trace = Trace,
    };

    private static SideRun Run => new() { Outcomes = [Outcome, Outcome], StateRoot = "root" };

    [Test]
    public void Equal_runs_are_the_same()
    {
        VectorComparison comparison = RunComparer.Compare(SharedVectors.Counter, Run, Run);
        Assert.That(comparison.Status, Is.EqualTo(ComparisonStatus.Same));
        Assert.That(comparison.Messages, Is.EqualTo(2));
    }

    [Test]
    public void Fields_are_compared_in_a_fixed_order_up_to_the_first_message_that_differs()
    {
        MessageOutcome other = Outcome with { GasUsed = 101, Refund = "9", EventsRoot = "bafe", ReturnCodec = null };
        VectorComparison comparison = RunComparer.Compare(
            SharedVectors.Counter, Run with { StateRoot = "another" }, Run with { Outcomes = [Outcome, other] });
        Assert.That(comparison.Message, Is.EqualTo(1));
        Assert.That(comparison.Fields, Is.EqualTo((FieldDifference[])
            [new("gas_used", "100", "101"), new("refund", "4", "9"), new("return_codec", "81", "none"), new("events_root", "none", "bafe")]));
    }

    [TestCase("[3,\"key\"", "[1,\"key\"", "events[0].entries[0].flags", "3", "1")]
    [TestCase("\"other\"", "\"others\"", "events[0].entries[1].key", "\"other\"", "\"others\"")]
    [TestCase("101", "102", "events[0].emitter", "101", "102")]
    [TestCase(",[0,\"other\",85,\"\"]", "", "events[0].entries.length", "2", "1")]
    public void A_difference_of_events_names_the_field(string text, string replacement, string field, string a, string b)
    {
        MessageOutcome other = Outcome with { EventsJson = Outcome.EventsJson.Replace(text, replacement, StringComparison.Ordinal) };
        VectorComparison comparison = RunComparer.Compare(SharedVectors.Counter, Run, Run with { Outcomes = [other, other] });
        Assert.That(comparison.Fields, Is.EqualTo((FieldDifference[])[new(field, a, b)]));
    }

    [Test]
    public void A_difference_of_traces_has_its_surroundings_and_the_calls_around_it()
    {
        string[] changed = [.. Trace];
        changed[4] = """["call",101,"f0102",3,{"codec":81,"data":"gA=="},"7",3999,true]""";
        VectorComparison comparison = Compare(changed);
        Assert.That(comparison.Fields.Single().Field, Is.EqualTo("trace[4].call.gas_limit"));
        TraceDivergence trace = comparison.Trace!;
        Assert.That(trace.Line, Is.EqualTo(4));
        Assert.That(trace.Before, Is.EqualTo(Trace[..4]));
        Assert.That(trace.B[0], Is.EqualTo(changed[4]));
        Assert.That(trace.CallsA, Has.Count.EqualTo(2));
        Assert.That(trace.CallsA[0].ToString(), Is.EqualTo("f0100 → f0101, method 2, gas limit 5000 [f0101, code bafa]"));
        Assert.That(trace.CallsA[1].ToString(), Does.StartWith("f0101 → f0102, method 3").And.EndsWith("value 7 attoFIL, gas limit 4000, read-only"));
        Assert.That(trace.CallsB[1].ToString(), Does.Contain("gas limit 3999"));
    }

    [Test]
    public void A_missing_line_is_where_traces_part()
    {
        VectorComparison comparison = Compare([.. Trace[..3], .. Trace[4..]]);
        Assert.That(comparison.Fields.Single().Field, Is.EqualTo("trace[3].kind"));
        Assert.That(Compare(Trace[..5]).Fields.Single(), Is.EqualTo(new FieldDifference("trace[5].end", Trace[5], "the trace's end")));
    }

    [Test]
    public void Texts_of_errors_and_the_division_of_a_fault_checks_gas_do_not_count()
    {
        string[] changed = [.. Trace];
        changed[5] = """["error",6,"another text"]""";
        Assert.That(Compare(changed).Status, Is.EqualTo(ComparisonStatus.Same));
        string[] one = [.. Trace, """["gas","OnVerifyConsensusFault",516422760000,0]"""];
        string[] other = [.. Trace, """["gas","OnVerifyConsensusFault",0,516422760000]"""];
        Assert.That(RunComparer.Compare(SharedVectors.Counter, Traced(one), Traced(other)).Status, Is.EqualTo(ComparisonStatus.Same));
    }

    [Test]
    public void A_trace_in_the_order_of_the_tree_is_compared_with_one_of_events()
    {
        string[] tree =
        [
            """["call",100,"f0101",2,null,"0",5000,false]""",
            """["invoke",101,"bafa","bafb",0,"0",null]""",
            """["gas","OnChainMessage",4,1,3]""",
            """["gas","OnSyscall",14,14,0]""",
            """["call",101,"f0102",3,{"codec":81,"data":"gA=="},"7",4000,true]""",
            """["return",5,null]""",
            """["return",0,null]""",
        ];
        SideRun Library(string[] lines) => Traced(lines) with { Order = TraceOrder.Tree };
        Assert.That(RunComparer.Compare(SharedVectors.Counter, Run, Library(tree)).Status, Is.EqualTo(ComparisonStatus.Same));
        tree[3] = """["gas","OnSyscall",15,15,0]""";
        VectorComparison comparison = RunComparer.Compare(SharedVectors.Counter, Run, Library(tree));
        Assert.That(comparison.Fields.Single().Field, Is.EqualTo("trace[3].gas.total"));
        Assert.That(comparison.Trace!.Order, Is.EqualTo(TraceOrder.Tree));
    }

    [Test]
    public void A_side_that_fails_differs_from_one_that_does_not()
    {
        SideRun failed = Run with { Outcomes = [Outcome], StateRoot = null, Failure = "killed" };
        VectorComparison comparison = RunComparer.Compare(SharedVectors.Counter, Run, failed);
        Assert.That(comparison.Message, Is.EqualTo(1));
        Assert.That(comparison.Fields, Is.EqualTo((FieldDifference[])[new("outcome", "a receipt", "failed: killed")]));
    }

    [Test]
    public void A_text_that_is_not_Unicode_is_a_difference_and_no_crash()
    {
        string[] changed = [.. Trace];
        changed[3] = "[\"gas\",\"\\ud800\",14000,0]";
        Assert.That(Compare(changed).Status, Is.EqualTo(ComparisonStatus.Different));
    }

    [Test]
    public void State_roots_are_compared_last()
    {
        VectorComparison comparison = RunComparer.Compare(SharedVectors.Counter, Run, Run with { StateRoot = "another" });
        Assert.That(comparison.Message, Is.Null);
        Assert.That(comparison.Fields, Is.EqualTo((FieldDifference[])[new("state_root", "root", "another")]));
    }

    private static SideRun Traced(string[] trace) => Run with { Outcomes = [Outcome with { Trace = trace }, Outcome with { Trace = trace }] };

    private static VectorComparison Compare(string[] trace) => RunComparer.Compare(SharedVectors.Counter, Run, Traced(trace));
}
