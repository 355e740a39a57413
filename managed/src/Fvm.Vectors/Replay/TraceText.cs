namespace Fvm.Vectors;

/// <summary>A trace in the vector format: lines and digest.</summary>
public static class TraceText
{
    /// <summary>The charge for the check of a consensus fault, which machines divide differently between computation and the rest.</summary>
    public const string FaultCheck = "OnVerifyConsensusFault";

    /// <summary>
    /// The trace in the form of the vector's recorder. The kernel that records the vectors of fvm 4 charges the check for a consensus fault as
    /// computation; the reference's own kernel as "other". The sum, hence the gas, is the same.
    /// </summary>
    public static IReadOnlyList<ExecutionEvent> AsRecorded(IReadOnlyList<ExecutionEvent> trace, string? recorder)
    {
        if (recorder?.StartsWith("Rust fvm 4", StringComparison.Ordinal) != true)
        {
            return trace;
        }

        ExecutionTrace recorded = new();
        foreach (ExecutionEvent item in trace)
        {
            recorded.Add(item is GasChargeEvent { Charge: { Name: FaultCheck } charge }
                ? new GasChargeEvent(charge with { Compute = charge.Total, Other = Gas.Zero })
                : item);
        }

        return recorded;
    }

    /// <summary>BLAKE2b-256 of the lines, in hexadecimal.</summary>
    public static string Digest(IReadOnlyList<ExecutionEvent> trace) => TraceJsonWriter.Digest(AsTrace(trace));

    /// <summary>The lines, each as compact JSON.</summary>
    public static IReadOnlyList<string> Lines(IReadOnlyList<ExecutionEvent> trace)
    {
        string[] lines = new string[trace.Count];
        for (int index = 0; index < lines.Length; index++)
        {
            lines[index] = TraceJsonWriter.ToLine(trace[index]);
        }

        return lines;
    }

    private static ExecutionTrace AsTrace(IReadOnlyList<ExecutionEvent> trace)
    {
        if (trace is ExecutionTrace same)
        {
            return same;
        }

        ExecutionTrace copy = new();
        foreach (ExecutionEvent item in trace)
        {
            copy.Add(item);
        }

        return copy;
    }
}
