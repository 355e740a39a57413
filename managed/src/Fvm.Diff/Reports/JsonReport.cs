using System.Text.Json;
using Fvm.Actors;

namespace Fvm.Diff;

/// <summary>A comparison as fields of a JSON object.</summary>
public static class JsonReport
{
    /// <summary>Writes the fields into an open object.</summary>
    public static void Write(Utf8JsonWriter json, VectorComparison comparison)
    {
        json.WriteString("name", comparison.Name);
        json.WriteString("status", comparison.Status switch
        {
            ComparisonStatus.Same => "same",
            ComparisonStatus.Different => "different",
            ComparisonStatus.Skipped => "skipped",
            _ => "unusable",
        });
        if (comparison.Reason is not null)
        {
            json.WriteString("reason", comparison.Reason);
        }

        json.WriteNumber("messages", comparison.Messages);
        if (comparison.Message is int message)
        {
            json.WriteNumber("message", message);
        }

        json.WriteStartArray("differences");
        foreach (FieldDifference field in comparison.Fields)
        {
            json.WriteStartObject();
            json.WriteString("field", field.Field);
            json.WriteString("a", field.A);
            json.WriteString("b", field.B);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (comparison.Trace is TraceDivergence trace)
        {
            json.WriteStartObject("trace");
            json.WriteNumber("line", trace.Line);
            json.WriteString("order", trace.Order == TraceOrder.Tree ? "tree" : "events");
            WriteTexts(json, "before", trace.Before);
            WriteTexts(json, "a", trace.A);
            WriteTexts(json, "b", trace.B);
            WriteTexts(json, "calls_a", trace.CallsA.Select(static call => call.ToString()));
            WriteTexts(json, "calls_b", trace.CallsB.Select(static call => call.ToString()));
            json.WriteEndObject();
        }

        if (comparison.States is StateComparison states)
        {
            WriteStates(json, states);
        }
    }

    private static void WriteStates(Utf8JsonWriter json, StateComparison states)
    {
        json.WriteStartObject("states");
        if (states.Note is not null)
        {
            json.WriteString("note", states.Note);
        }

        json.WriteBoolean("truncated", states.IsTruncated);
        json.WriteStartArray("differences");
        foreach (StateDifference difference in states.Differences)
        {
            json.WriteStartObject();
            json.WriteString("path", difference.Path);
            json.WriteString("a", difference.Before);
            json.WriteString("b", difference.After);
            json.WriteString("problem", difference.Problem);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
