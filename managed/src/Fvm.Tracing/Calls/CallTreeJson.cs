using System.Text.Json;
using Fvm.Actors;

namespace Fvm.Tracing;

/// <summary>Writes a call tree as JSON: a list of calls in order, each with its depth, so that deep trees do not nest.</summary>
public static class CallTreeJson
{
    /// <summary>Writes the list.</summary>
    /// <param name="json">The writer, where a value is expected.</param>
    /// <param name="tree">The tree.</param>
    public static void Write(Utf8JsonWriter json, CallTree tree)
    {
        json.WriteStartArray();
        Stack<(CallNode Node, int Depth)> left = new();
        PushAll(left, tree.Calls, 0);
        while (left.TryPop(out (CallNode Node, int Depth) next))
        {
            Write(json, next.Node, next.Depth);
            PushAll(left, next.Node.Calls, next.Depth + 1);
        }

        json.WriteEndArray();
    }

    private static void PushAll(Stack<(CallNode Node, int Depth)> left, IReadOnlyList<CallNode> calls, int depth)
    {
        for (int index = calls.Count - 1; index >= 0; index--)
        {
            left.Push((calls[index], depth));
        }
    }

    private static void Write(Utf8JsonWriter json, CallNode node, int depth)
    {
        CallEvent call = node.Call;
        json.WriteStartObject();
        json.WriteNumber("depth", depth);
        json.WriteNumber("from", call.From.Value);
        json.WriteString("to", call.To.ToString());
        json.WriteString("actor", node.Actor);
        json.WriteNumber("method", call.Method.Value);
        json.WriteString("method_name", node.Method?.Name);
        WriteNamed(json, "parameters", node.Parameters);
        json.WriteString("value", call.Value.ToString());
        json.WriteBoolean("read_only", call.ReadOnly);
        json.WriteNumber("gas_limit", call.GasLimit);
        WriteExit(json, node);
        WriteNamed(json, "result", node.Result);
        json.WriteNumber("gas_milligas", node.TotalGas.Milli);
        json.WriteNumber("own_gas_milligas", node.OwnGas.Milli);
        json.WriteStartArray("events");
        foreach (EmittedEvent emitted in node.Events)
        {
            json.WriteNumberValue(emitted.Index);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteExit(Utf8JsonWriter json, CallNode node)
    {
        if (node.Return is CallReturnEvent end)
        {
            json.WriteNumber("exit_code", end.ExitCode.Value);
        }
        else
        {
            json.WriteNull("exit_code");
        }

        json.WriteString("error", node.Error?.Text);
    }

    /// <summary>Writes a field with a value by names; null if there is none, or it does not fit the names.</summary>
    /// <param name="json">The writer, within an object.</param>
    /// <param name="field">The field's name.</param>
    /// <param name="value">The value; null for none.</param>
    public static void WriteNamed(Utf8JsonWriter json, string field, DecodedValue? value)
    {
        json.WritePropertyName(field);
        if (value is null || value.Misfit is not null)
        {
            json.WriteNullValue();
        }
        else
        {
            value.Value.WriteTo(json);
        }
    }
}
