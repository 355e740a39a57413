using System.Text.Json;

namespace Fvm.Diff;

/// <summary>The calls that a line of a trace is within.</summary>
internal static class CallStack
{
    // Arguments of a call can be long; their beginning tells enough.
    private const int MaxArguments = 120;

    /// <summary>The calls around a line, the outermost first, each with what it invoked.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="line">The line's index; a call that it begins is included.</param>
    public static IReadOnlyList<CallStackEntry> At(IReadOnlyList<string> trace, int line)
    {
        List<CallStackEntry> open = [];
        for (int index = 0; index <= line && index < trace.Count; index++)
        {
            // Most lines are charges.
            if (trace[index].StartsWith("[\"gas\"", StringComparison.Ordinal))
            {
                continue;
            }

            using JsonDocument parsed = JsonDocument.Parse(trace[index]);
            JsonElement item = parsed.RootElement;
            switch (TraceLine.KindOf(item))
            {
                case "call":
                    open.Add(Describe(item));
                    break;
                case "invoke" when open.Count > 0 && item.GetArrayLength() > 2:
                    open[^1] = open[^1] with { Invoked = $"f0{item[1].GetRawText()}", Code = item[2].ToString() };
                    break;

                // The call's own end still belongs to it.
                case "return" or "error" when open.Count > 0 && index < line:
                    open.RemoveAt(open.Count - 1);
                    break;
                default:
                    break;
            }
        }

        return open;
    }

    private static CallStackEntry Describe(JsonElement call)
    {
        if (call.GetArrayLength() < 8)
        {
            return new CallStackEntry { From = string.Empty, To = string.Empty, Method = string.Empty, Details = call.GetRawText() };
        }

        string parameters = call[4].ValueKind == JsonValueKind.Null ? string.Empty : $", params {Shorten(call[4].GetRawText())}";
        string value = call[5].ToString() == "0" ? string.Empty : $", value {call[5]} attoFIL";
        string readOnly = call[7].ValueKind == JsonValueKind.True ? ", read-only" : string.Empty;
        return new CallStackEntry
        {
            From = $"f0{call[1].GetRawText()}",
            To = call[2].ToString(),
            Method = call[3].GetRawText(),
            Details = $"{parameters}{value}, gas limit {call[6].GetRawText()}{readOnly}",
        };
    }

    private static string Shorten(string text) => text.Length <= MaxArguments ? text : $"{text.AsSpan(0, MaxArguments)}…";
}
