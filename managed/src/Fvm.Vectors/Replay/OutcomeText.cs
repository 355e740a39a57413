// From what the machine gives to what vectors record.
namespace Fvm.Vectors;

/// <summary>Puts results of the machine into the text form of vectors.</summary>
public static class OutcomeText
{
    /// <summary>The outcome of one message.</summary>
    /// <param name="ret">What applying it gave.</param>
    /// <param name="trace">Its trace, in the form to compare with.</param>
    /// <param name="traced">Whether the machine traced, so that an empty trace is one.</param>
    /// <param name="keepTrace">Whether the trace's lines are wanted, beside length and digest.</param>
    /// <param name="keepEvents">Whether the events are wanted.</param>
    public static MessageOutcome Of(ApplyRet ret, IReadOnlyList<ExecutionEvent> trace, bool traced, bool keepTrace, bool keepEvents = true)
    {
        return new MessageOutcome
        {
            ExitCode = ret.Receipt.ExitCode.Value,
            Return = ret.Receipt.ReturnData.ToArray(),
            GasUsed = ret.Receipt.GasUsed,
            EventsRoot = ret.Receipt.EventsRoot?.ToString(),
            MinerPenalty = ret.Penalty.ToString(),
            MinerTip = ret.MinerTip.ToString(),
            BaseFeeBurn = ret.BaseFeeBurn.ToString(),
            OverEstimationBurn = ret.OverEstimationBurn.ToString(),
            Refund = ret.Refund.ToString(),
            GasRefund = ret.GasRefund,
            GasBurned = ret.GasBurned,
            ReturnCodec = ret.ReturnCodec,
            Failure = ret.Failure,
            EventsJson = EventsJson.Write(keepEvents ? ret.Events : []),
            TraceDigest = traced ? TraceText.Digest(trace) : null,
            TraceLength = traced ? trace.Count : null,
            Trace = keepTrace ? TraceText.Lines(trace) : null,
        };
    }
}
