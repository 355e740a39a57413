namespace Fvm.Vectors;

/// <summary>Converts the machine's results to the vector format.</summary>
internal static class OutcomeText
{
    /// <summary>The result of one message.</summary>
    /// <param name="ret">The result of applying it.</param>
    /// <param name="trace">Its trace, in the form to be compared.</param>
    /// <param name="traced">Whether tracing was on; distinguishes an empty trace from none.</param>
    /// <param name="keepTrace">Whether to keep the trace's lines, not only its length and digest.</param>
    /// <param name="keepEvents">Whether to keep the events.</param>
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
