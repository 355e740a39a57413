// Traces as vectors record them.
namespace Fvm.Vectors;

/// <summary>A trace's lines and digest.</summary>
public static class TraceText
{
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
