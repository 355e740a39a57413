using System.Buffers;
using System.CommandLine;
using System.Text;
using System.Text.Json;
using Fvm.Ipld;

namespace Fvm.Cli;

/// <summary>
/// Writes JSON on one line. Amounts are decimal strings in attoFIL, gas and sizes are integers, CIDs and addresses are strings, bytes are
/// base64. Non-ASCII characters are escaped, so that content of files and actors is safe on a terminal.
/// </summary>
internal static class JsonOutput
{
    /// <summary>The option <c>--json</c>.</summary>
    public static Option<bool> Option(string shape = "one JSON object") => new("--json")
    {
        Description = $"Print {shape} instead of text (docs/command-line.md names the fields)",
    };

    /// <summary>Writes one object as one line.</summary>
    /// <param name="output">Receives the line.</param>
    /// <param name="body">Writes the fields.</param>
    public static void WriteLine(TextWriter output, Action<Utf8JsonWriter> body) => output.WriteLine(Line(body));

    /// <summary>One object as text, without a line break.</summary>
    public static string Line(Action<Utf8JsonWriter> body)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            body(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>A string, or null.</summary>
    public static void WriteText(this Utf8JsonWriter json, string name, string? value)
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

    /// <summary>A number, or null.</summary>
    public static void WriteNumberOrNull(this Utf8JsonWriter json, string name, ulong? value)
    {
        if (value is ulong number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>A CID as text.</summary>
    public static void WriteCid(this Utf8JsonWriter json, string name, Cid cid) => json.WriteString(name, cid.ToString());

    /// <summary>An amount in attoFIL.</summary>
    public static void WriteAmount(this Utf8JsonWriter json, string name, TokenAmount amount) => json.WriteString(name, amount.ToString());

    /// <summary>An array of objects.</summary>
    public static void WriteObjects<T>(this Utf8JsonWriter json, string name, IEnumerable<T> items, Action<Utf8JsonWriter, T> body)
    {
        json.WriteStartArray(name);
        foreach (T item in items)
        {
            json.WriteStartObject();
            body(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>An array of strings.</summary>
    public static void WriteTexts(this Utf8JsonWriter json, string name, IEnumerable<string> items)
    {
        json.WriteStartArray(name);
        foreach (string item in items)
        {
            json.WriteStringValue(item);
        }

        json.WriteEndArray();
    }
}
