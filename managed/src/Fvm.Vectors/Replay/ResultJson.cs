using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Fvm.Vectors;

/// <summary>Writes results as compact JSON on one line with sorted keys, the form of a vector's postconditions (--print, --json).</summary>
public static class ResultJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The results of a vector: <c>apply_rets</c>, <c>receipts</c> and <c>state_root</c>.</summary>
    public static string Outcomes(VectorResult result) =>
        Outcomes(new PrintedOutcomes(result.Outcomes, result.StateRoot, Failure: null, IsTree: false));

    /// <summary>Results with <c>failure</c>, if there is one, and <c>trace_form</c>, unless traces have the order of events.</summary>
    public static string Outcomes(PrintedOutcomes result) => Write(result, static (json, result) =>
    {
        json.WriteStartObject();
        json.WriteStartArray("apply_rets");
        foreach (MessageOutcome outcome in result.Outcomes)
        {
            WriteApplyRet(json, outcome);
        }

        json.WriteEndArray();
        if (result.Failure is not null)
        {
            json.WriteString("failure", result.Failure);
        }

        json.WriteStartArray("receipts");
        foreach (MessageOutcome outcome in result.Outcomes)
        {
            WriteReceipt(json, outcome);
        }

        json.WriteEndArray();
        WriteText(json, "state_root", result.StateRoot);
        if (result.IsTree)
        {
            json.WriteString("trace_form", PrintedOutcomes.Tree);
        }

        json.WriteEndObject();
    });

    /// <summary>The comparison of a vector: <c>name</c>, <c>status</c>, <c>differences</c>, <c>reason</c>, gas and times.</summary>
    public static string Comparison(VectorResult result) => Write(result, static (json, result) =>
    {
        json.WriteStartObject();
        json.WriteStartArray("differences");
        foreach (Difference difference in result.Differences)
        {
            json.WriteStartObject();
            json.WriteString("actual", difference.Actual);
            json.WriteString("expected", difference.Expected);
            json.WriteString("field", difference.Field);
            if (difference.Message is int message)
            {
                json.WriteNumber("message", message);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("exec_us", (long)result.ExecutionTime.TotalMicroseconds);
        json.WriteNumber("gas", result.GasUsed);
        json.WriteNumber("messages", result.Outcomes.Count);
        json.WriteString("name", result.Name);
        WriteText(json, "reason", result.Reason);
        json.WriteString("status", StatusText(result.Status));
        json.WriteNumber("total_us", (long)result.TotalTime.TotalMicroseconds);
        json.WriteEndObject();
    });

    private static string StatusText(VectorStatus status) => status switch
    {
        VectorStatus.Passed => "passed",
        VectorStatus.Failed => "failed",
        VectorStatus.Skipped => "skipped",
        _ => "unreadable",
    };

    internal static void WriteApplyRet(Utf8JsonWriter json, MessageOutcome outcome, bool tellsReturnCodec = true)
    {
        json.WriteStartObject();
        json.WriteString("base_fee_burn", outcome.BaseFeeBurn);
        json.WritePropertyName("events");
        json.WriteRawValue(outcome.EventsJson);
        WriteText(json, "failure", outcome.Failure);
        json.WriteNumber("gas_burned", outcome.GasBurned);
        json.WriteNumber("gas_refund", outcome.GasRefund);
        json.WriteString("miner_penalty", outcome.MinerPenalty);
        json.WriteString("miner_tip", outcome.MinerTip);
        json.WriteString("over_estimation_burn", outcome.OverEstimationBurn);
        json.WriteString("refund", outcome.Refund);
        if (outcome.ReturnCodec is ulong codec)
        {
            json.WriteNumber("return_codec", codec);
        }
        else if (tellsReturnCodec)
        {
            json.WriteNull("return_codec");
        }

        if (outcome.Trace is not null)
        {
            json.WriteStartArray("trace");
            foreach (string line in outcome.Trace)
            {
                json.WriteRawValue(line);
            }

            json.WriteEndArray();
        }

        WriteText(json, "trace_digest", outcome.TraceDigest);
        if (outcome.TraceLength is int length)
        {
            json.WriteNumber("trace_length", length);
        }

        json.WriteEndObject();
    }

    internal static void WriteReceipt(Utf8JsonWriter json, MessageOutcome outcome)
    {
        json.WriteStartObject();
        WriteEventsRoot(json, outcome.EventsRoot);
        json.WriteNumber("exit_code", outcome.ExitCode);
        json.WriteNumber("gas_used", outcome.GasUsed);
        json.WriteString("return", Convert.ToBase64String(outcome.Return));
        json.WriteEndObject();
    }

    internal static void WriteEventsRoot(Utf8JsonWriter json, string? root)
    {
        if (root is null)
        {
            json.WriteNull("events_root");
            return;
        }

        json.WriteStartObject("events_root");
        json.WriteString("/", root);
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? value)
    {
        if (value is null)
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteString(name, value);
        }
    }

    // Actors' texts may contain terminal escapes; outside of strings JSON is ASCII anyway.
    private static string Ascii(string json)
    {
        if (!json.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return json;
        }

        StringBuilder text = new(json.Length + 64);
        foreach (char letter in json)
        {
            if (letter is >= ' ' and <= '~')
            {
                text.Append(letter);
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
            }
        }

        return text.ToString();
    }

    private static string Write<T>(T result, Action<Utf8JsonWriter, T> body)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, Options))
        {
            body(json, result);
        }

        return Ascii(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }
}
