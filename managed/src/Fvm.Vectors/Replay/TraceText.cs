// Traces as vectors record them.
namespace Fvm.Vectors;

/// <summary>A trace's lines and digest, in the form of the recordings.</summary>
public static class TraceText
{
    private const string FaultCheck = "OnVerifyConsensusFault";

    /// <summary>BLAKE2b-256 over the lines, in hexadecimal.</summary>
    public static string Digest(IReadOnlyList<ExecutionEvent> trace)
    {
        ExecutionTrace recorded = new();
        foreach (ExecutionEvent item in trace)
        {
            recorded.Add(AsRecorded(item));
        }

        return TraceJsonWriter.Digest(recorded);
    }

    /// <summary>The lines, each compact JSON.</summary>
    public static IReadOnlyList<string> Lines(IReadOnlyList<ExecutionEvent> trace)
    {
        string[] lines = new string[trace.Count];
        for (int index = 0; index < lines.Length; index++)
        {
            lines[index] = TraceJsonWriter.ToLine(AsRecorded(trace[index]));
        }

        return lines;
    }

    // The reference's kernel for tests, on which vectors are recorded, counts what a check for a fault costs as computation; its kernel
    // for production, as "other". The sum, and so the gas, is the same.
    private static ExecutionEvent AsRecorded(ExecutionEvent item) => item is GasChargeEvent { Charge: { Name: FaultCheck } charge }
        ? new GasChargeEvent(charge with { Compute = charge.Total, Other = Gas.Zero })
        : item;
}
