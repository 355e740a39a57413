// Traces as vectors record them.
namespace Fvm.Vectors;

/// <summary>A trace's lines and digest.</summary>
public static class TraceText
{
    private const string FaultCheck = "OnVerifyConsensusFault";

    /// <summary>
    /// The trace as the vector's recorder wrote it. The kernel that vectors of fvm 4 are recorded on counts what a check for a fault
    /// costs as computation; the reference's own counts it as "other". The sum, and so the gas, is the same.
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

    /// <summary>BLAKE2b-256 over the lines, in hexadecimal.</summary>
    public static string Digest(IReadOnlyList<ExecutionEvent> trace) => TraceJsonWriter.Digest(AsTrace(trace));

    /// <summary>The lines, each compact JSON.</summary>
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
