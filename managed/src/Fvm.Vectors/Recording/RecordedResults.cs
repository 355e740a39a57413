using System.Text.Json;

namespace Fvm.Vectors;

/// <summary>Makes the results of a run the expected ones of its vector.</summary>
public static class RecordedResults
{
    /// <summary>The vector with these results.</summary>
    /// <param name="vector">The vector.</param>
    /// <param name="outcomes">One per message.</param>
    /// <param name="stateRoot">The state root after the last message.</param>
    /// <param name="tellsReturnCodec">Whether an absent codec means that nothing was returned.</param>
    /// <param name="keepsTraces">Whether the traces are in the order of events, hence comparable with those of other replays.</param>
    public static Vector With(
        Vector vector, IReadOnlyList<MessageOutcome> outcomes, string stateRoot, bool tellsReturnCodec = true, bool keepsTraces = true) =>
        vector with
        {
            Receipts =
            [
                .. outcomes.Select(static outcome =>
                    new ExpectedReceipt(outcome.ExitCode, outcome.Return, outcome.GasUsed, outcome.EventsRoot, HasEventsRoot: true)),
            ],
            ApplyRets = [.. outcomes.Select(outcome => ApplyRetOf(outcome, tellsReturnCodec, keepsTraces))],
            PostRoot = stateRoot,
        };

    /// <summary>The vector with receipts that are all zero, for messages on which this machine gets to no state root.</summary>
    public static Vector WithoutResults(Vector vector) => vector with
    {
        Receipts = [.. vector.Messages.Select(static _ => new ExpectedReceipt(0, [], 0, EventsRoot: null, HasEventsRoot: false))],
        ApplyRets = [],
        PostRoot = string.Empty,
    };

    /// <summary>The result that a vector expects of a message: the reverse of <see cref="With"/>.</summary>
    public static MessageOutcome OutcomeOf(ExpectedReceipt receipt, ExpectedApplyRet ret) => new()
    {
        ExitCode = receipt.ExitCode,
        Return = receipt.Return,
        GasUsed = receipt.GasUsed,
        EventsRoot = receipt.EventsRoot,
        MinerPenalty = ret.MinerPenalty,
        MinerTip = ret.MinerTip,
        BaseFeeBurn = ret.BaseFeeBurn,
        OverEstimationBurn = ret.OverEstimationBurn,
        Refund = ret.Refund,
        GasRefund = ret.GasRefund,
        GasBurned = ret.GasBurned,
        ReturnCodec = ret.ReturnCodec,
        Failure = ret.Failure,
        EventsJson = ret.Events.GetRawText(),
        TraceDigest = ret.TraceDigest,
        TraceLength = (int?)ret.TraceLength,
        Trace = ret.Trace,
    };

    private static ExpectedApplyRet ApplyRetOf(MessageOutcome outcome, bool tellsReturnCodec, bool keepsTraces)
    {
        using JsonDocument events = JsonDocument.Parse(outcome.EventsJson);
        return new ExpectedApplyRet(
            outcome.MinerPenalty,
            outcome.MinerTip,
            outcome.BaseFeeBurn,
            outcome.OverEstimationBurn,
            outcome.Refund,
            outcome.GasRefund,
            outcome.GasBurned,
            outcome.ReturnCodec,
            tellsReturnCodec,
            events.RootElement.Clone(),
            keepsTraces ? outcome.TraceLength : null,
            keepsTraces ? outcome.TraceDigest : null,
            keepsTraces ? outcome.Trace : null,
            outcome.Failure);
    }
}
