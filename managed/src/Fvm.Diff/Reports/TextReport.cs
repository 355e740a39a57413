using Fvm.Actors;

namespace Fvm.Diff;

/// <summary>A comparison as lines of text: the fields that differ, and the traces around the first line that does.</summary>
public static class TextReport
{
    // Return data and lines of traces can be long; shown up to this many characters.
    private const int MaxShown = 600;

    /// <summary>The lines; none if nothing differs.</summary>
    /// <param name="comparison">The comparison.</param>
    /// <param name="a">The name of the first side.</param>
    /// <param name="b">The name of the second side.</param>
    public static IEnumerable<string> Lines(VectorComparison comparison, string a, string b)
    {
        if (comparison.Status != ComparisonStatus.Different)
        {
            yield break;
        }

        string message = comparison.Message is int index ? $" message {index}:" : string.Empty;
        foreach (FieldDifference field in comparison.Fields)
        {
            yield return $"{comparison.Name}:{message} {field.Field} is {Shorten(field.A)} on {a}, {Shorten(field.B)} on {b}";
        }

        if (comparison.Trace is TraceDivergence trace)
        {
            foreach (string line in Around(trace, a, b))
            {
                yield return line;
            }
        }

        if (comparison.States is StateComparison states)
        {
            foreach (string line in Of(states, a, b))
            {
                yield return line;
            }
        }
    }

    private static IEnumerable<string> Of(StateComparison states, string a, string b)
    {
        yield return states.Note is string note
            ? $"  the states after the last message differ, and are not compared: {note}"
            : $"  the states after the last message, {a} → {b}";
        foreach (StateDifference difference in states.Differences)
        {
            yield return $"    {Shorten(difference.ToString())}";
        }

        if (states.IsTruncated)
        {
            yield return "    and more";
        }
    }

    private static IEnumerable<string> Around(TraceDivergence trace, string a, string b)
    {
        string order = trace.Order == TraceOrder.Tree ? " (in the order of the C interface)" : string.Empty;
        yield return $"  trace line {trace.Line}{order}, within";
        foreach (string line in Calls(trace.CallsA, a, trace.CallsB, b))
        {
            yield return line;
        }

        for (int index = 0; index < trace.Before.Count; index++)
        {
            yield return $"  {trace.Line - trace.Before.Count + index,8}   {Shorten(trace.Before[index])}";
        }

        foreach (string line in Side(trace.Line, '<', trace.A, a).Concat(Side(trace.Line, '>', trace.B, b)))
        {
            yield return line;
        }
    }

    private static IEnumerable<string> Calls(IReadOnlyList<CallStackEntry> one, string a, IReadOnlyList<CallStackEntry> other, string b)
    {
        bool same = one.SequenceEqual(other);
        IEnumerable<string> first = Calls(one, same ? string.Empty : $" on {a}");
        return same ? first : first.Concat(Calls(other, $" on {b}"));
    }

    private static IEnumerable<string> Calls(IReadOnlyList<CallStackEntry> calls, string suffix)
    {
        if (calls.Count == 0)
        {
            yield return $"    no call{suffix}";
        }

        for (int depth = 0; depth < calls.Count; depth++)
        {
            yield return $"    {new string(' ', Math.Min(depth, 20) * 2)}{Shorten(calls[depth].ToString())}{(depth == 0 ? suffix : string.Empty)}";
        }
    }

    private static IEnumerable<string> Side(int first, char mark, IReadOnlyList<string> lines, string name)
    {
        if (lines.Count == 0)
        {
            yield return $"  {first,8} {mark} the trace's end ({name})";
        }

        for (int index = 0; index < lines.Count; index++)
        {
            yield return $"  {first + index,8} {(index == 0 ? mark : ' ')} {Shorten(lines[index])}{(index == 0 ? $" ({name})" : string.Empty)}";
        }
    }

    private static string Shorten(string text) =>
        text.Length <= MaxShown ? text : $"{text.AsSpan(0, MaxShown)}… ({text.Length} characters)";
}
