using System.Globalization;
using System.Text.Json;

namespace Fvm.Vectors;

/// <summary>Compares results with a vector's postconditions, field by field, except <c>failure</c>, a human-readable text.</summary>
internal static class OutcomeComparer
{
    /// <summary>The differing fields of a message, those of the receipt first.</summary>
    /// <param name="message">The message's index.</param>
    /// <param name="expectedRet">Null for public vectors, which contain only receipts.</param>
    public static IEnumerable<Difference> Compare(
        int message, MessageOutcome actual, ExpectedReceipt expected, ExpectedApplyRet? expectedRet)
    {
        List<Difference> differences = [];
        Comparison compare = new(message, differences);
        if (actual.ExitCode != expected.ExitCode)
        {
            string failure = actual.Failure is null ? string.Empty : $" ({actual.Failure.Trim().ReplaceLineEndings("; ")})";
            differences.Add(new Difference(message, "exit_code", $"{actual.ExitCode}{failure}", $"{expected.ExitCode}"));
        }

        compare.Numbers("gas_used", actual.GasUsed, expected.GasUsed);
        compare.Text("return", Convert.ToBase64String(actual.Return), Convert.ToBase64String(expected.Return));
        if (expected.HasEventsRoot)
        {
            compare.Text("events_root", actual.EventsRoot, expected.EventsRoot);
        }

        if (expectedRet is not null)
        {
            CompareRets(compare, actual, expectedRet);
        }

        return differences;
    }

    private static void CompareRets(Comparison compare, MessageOutcome actual, ExpectedApplyRet expected)
    {
        if (expected.ReturnCodecKnown)
        {
            compare.Text("return_codec", TextOf(actual.ReturnCodec), TextOf(expected.ReturnCodec));
        }

        compare.Text("miner_penalty", actual.MinerPenalty, expected.MinerPenalty);
        compare.Text("miner_tip", actual.MinerTip, expected.MinerTip);
        compare.Text("base_fee_burn", actual.BaseFeeBurn, expected.BaseFeeBurn);
        compare.Text("over_estimation_burn", actual.OverEstimationBurn, expected.OverEstimationBurn);
        compare.Text("refund", actual.Refund, expected.Refund);
        compare.Numbers("gas_refund", actual.GasRefund, expected.GasRefund);
        compare.Numbers("gas_burned", actual.GasBurned, expected.GasBurned);
        string expectedEvents = expected.Events.GetRawText();
        if (!SameJson(actual.EventsJson, expectedEvents))
        {
            compare.Text("events", actual.EventsJson, expectedEvents);
        }

        if (actual.TraceDigest is not null && expected.TraceDigest is not null)
        {
            CompareTraces(compare, actual, expected);
        }
    }

    private static void CompareTraces(Comparison compare, MessageOutcome actual, ExpectedApplyRet expected)
    {
        if (actual.TraceDigest == expected.TraceDigest)
        {
            return;
        }

        if (actual.Trace is not null && expected.Trace is not null)
        {
            int line = FirstDifference(actual.Trace, expected.Trace);
            compare.Text($"trace line {line}", LineOrEnd(actual.Trace, line), LineOrEnd(expected.Trace, line));
        }

        compare.Text("trace_length", TextOf(actual.TraceLength), TextOf(expected.TraceLength));
        compare.Text("trace_digest", actual.TraceDigest, expected.TraceDigest);
    }

    /// <summary>The index of the first differing line; the shorter length if one trace is a prefix of the other.</summary>
    public static int FirstDifference(IReadOnlyList<string> actual, IReadOnlyList<string> expected)
    {
        int shared = Math.Min(actual.Count, expected.Count);
        for (int line = 0; line < shared; line++)
        {
            if (!SameLine(actual[line], expected[line]))
            {
                return line;
            }
        }

        return shared;
    }

    private static string LineOrEnd(IReadOnlyList<string> trace, int line) => line < trace.Count ? trace[line] : "the trace's end";

    // The text of an error line is human-readable and not part of the digest.
    private static bool SameLine(string actual, string expected)
    {
        if (actual == expected)
        {
            return true;
        }

        using JsonDocument left = JsonDocument.Parse(actual);
        using JsonDocument right = JsonDocument.Parse(expected);
        return IsError(left.RootElement) && IsError(right.RootElement)
            ? JsonElement.DeepEquals(left.RootElement[1], right.RootElement[1])
            : JsonElement.DeepEquals(left.RootElement, right.RootElement);
    }

    private static bool IsError(JsonElement line) =>
        line.ValueKind == JsonValueKind.Array && line.GetArrayLength() > 1 && line[0].ValueKind == JsonValueKind.String
        && line[0].ValueEquals("error"u8);

    private static bool SameJson(string actual, string expected)
    {
        if (actual == expected)
        {
            return true;
        }

        using JsonDocument left = JsonDocument.Parse(actual);
        using JsonDocument right = JsonDocument.Parse(expected);
        return JsonElement.DeepEquals(left.RootElement, right.RootElement);
    }

    private static string? TextOf<T>(T? value)
        where T : struct, IFormattable => value?.ToString(null, CultureInfo.InvariantCulture);

    private readonly struct Comparison(int message, List<Difference> differences)
    {
        public void Numbers(string field, ulong actual, ulong expected) => Text(field, TextOf<ulong>(actual), TextOf<ulong>(expected));

        public void Text(string field, string? actual, string? expected)
        {
            if (actual != expected)
            {
                differences.Add(new Difference(message, field, Shown(actual), Shown(expected)));
            }
        }

        private static string Shown(string? value) => value switch
        {
            null => "none",
            "" => "empty",
            _ => value,
        };
    }
}
