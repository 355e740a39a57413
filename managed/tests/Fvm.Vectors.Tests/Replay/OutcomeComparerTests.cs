using System.Text.Json;
using NUnit.Framework;

namespace Fvm.Vectors.Tests;

public sealed class OutcomeComparerTests
{
    // The same events as below, in another notation.
    private const string ExpectedEvents = """[ {"entries": [[3, "k", 85, "AA=="]], "emitter": 1} ]""";

    private static readonly MessageOutcome Same = new()
    {
        ExitCode = 0,
        Return = [1, 2],
        GasUsed = 5,
        EventsRoot = "bafy",
        MinerPenalty = "1",
        MinerTip = "2",
        BaseFeeBurn = "3",
        OverEstimationBurn = "4",
        Refund = "5",
        GasRefund = 6,
        GasBurned = 7,
        ReturnCodec = 81,
        EventsJson = """[{"emitter":1,"entries":[[3,"k",85,"AA=="]]}]""",
        TraceDigest = "aa",
        TraceLength = 2,
        Trace = ["""["gas","a",1,2]""", """["error",5,"ours"]"""],
    };

    [Test]
    public void Nothing_differs_when_all_is_equal_but_the_texts_for_people() =>
        Assert.That(Compare(Same with { Failure = "other words" }), Is.Empty);

    private static IEnumerable<TestCaseData> ChangedFields()
    {
        yield return new TestCaseData(Same with { ExitCode = 9 }, "exit_code", "9", "0");
        yield return new TestCaseData(Same with { Return = [] }, "return", "empty", "AQI=");
        yield return new TestCaseData(Same with { GasUsed = 6 }, "gas_used", "6", "5");
        yield return new TestCaseData(Same with { EventsRoot = null }, "events_root", "none", "bafy");
        yield return new TestCaseData(Same with { MinerPenalty = "0" }, "miner_penalty", "0", "1");
        yield return new TestCaseData(Same with { MinerTip = "0" }, "miner_tip", "0", "2");
        yield return new TestCaseData(Same with { BaseFeeBurn = "0" }, "base_fee_burn", "0", "3");
        yield return new TestCaseData(Same with { OverEstimationBurn = "0" }, "over_estimation_burn", "0", "4");
        yield return new TestCaseData(Same with { Refund = "0" }, "refund", "0", "5");
        yield return new TestCaseData(Same with { GasRefund = 0 }, "gas_refund", "0", "6");
        yield return new TestCaseData(Same with { GasBurned = 0 }, "gas_burned", "0", "7");
        yield return new TestCaseData(Same with { ReturnCodec = null }, "return_codec", "none", "81");
        yield return new TestCaseData(Same with { EventsJson = "[]" }, "events", "[]", ExpectedEvents);
    }

    [TestCaseSource(nameof(ChangedFields))]
    public void A_field_that_differs_is_named_with_both_values(MessageOutcome actual, string field, string found, string expected)
    {
        Difference difference = Compare(actual).Single();

        Assert.That(difference, Is.EqualTo(new Difference(3, field, found, expected)));
        Assert.That(difference.ToString(), Is.EqualTo($"message 3: {field} is {found}, expected {expected}"));
    }

    [Test]
    public void Of_a_trace_the_first_line_that_differs_is_named()
    {
        MessageOutcome actual = Same with { TraceDigest = "bb", Trace = ["""["gas","a",1,2]""", """["gas","b",1,2]"""] };

        Difference[] differences = [.. Compare(actual)];

        Assert.That(differences.Select(difference => difference.Field), Is.EqualTo(new[] { "trace line 1", "trace_digest" }));
        Assert.That(differences[0].Expected, Does.Contain("error"));
    }

    [Test]
    public void A_trace_that_ends_early_differs_at_its_end()
    {
        MessageOutcome actual = Same with { TraceDigest = "bb", TraceLength = 1, Trace = ["""["gas","a",1,2]"""] };

        Assert.That(Compare(actual).First().ToString(), Does.StartWith("message 3: trace line 1 is the trace's end, expected"));
    }

    [Test]
    public void The_text_of_an_error_line_is_not_compared() =>
        Assert.That(
            OutcomeComparer.FirstDifference(["""["error",5,"ours"]"""], ["""["error",5,"theirs"]""", "[]"]), Is.EqualTo(1));

    [Test]
    public void Public_vectors_compare_receipts_alone()
    {
        ExpectedReceipt receipt = new(0, [1, 2], 5, null, HasEventsRoot: false);

        Assert.That(OutcomeComparer.Compare(0, Same, receipt, null), Is.Empty);
    }

    [Test]
    public void A_codec_that_the_recording_does_not_know_is_not_compared() =>
        Assert.That(Compare(Same with { ReturnCodec = 1 }, codecKnown: false), Is.Empty);

    private static IEnumerable<Difference> Compare(MessageOutcome actual, bool codecKnown = true)
    {
        using JsonDocument events = JsonDocument.Parse(ExpectedEvents);
        ExpectedApplyRet ret = new(
            "1", "2", "3", "4", "5", 6, 7, codecKnown ? 81 : null, codecKnown, events.RootElement.Clone(), 2, "aa",
            ["""["gas","a",1,2]""", """["error",5,"theirs"]"""]);
        return OutcomeComparer.Compare(3, actual, new ExpectedReceipt(0, [1, 2], 5, "bafy", HasEventsRoot: true), ret);
    }
}
