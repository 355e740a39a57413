using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Fvm.Vectors;

/// <summary>Finds the line of a field by its path, for errors.</summary>
internal static class JsonPlaces
{
    // Longer documents are not hand-written, and the search takes time.
    private const int MaxLength = 4 << 20;

    /// <summary>
    /// The line, from 1, of the field or of its nearest existing parent; null for single-line and for long documents.
    /// </summary>
    public static int? LineOf(ReadOnlySpan<byte> json, string path)
    {
        if (json.Length > MaxLength || json.TrimEnd("\r\n "u8).IndexOf((byte)'\n') < 0)
        {
            return null;
        }

        Utf8JsonReader reader = new(json);
        Stack<Container> open = new();
        int foundLength = -1;
        long place = 0;
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject)
            {
                open.Pop();
                continue;
            }

            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                Container parent = open.Pop();
                string name = Text(ref reader);
                open.Push(parent with { Current = parent.Path.Length == 0 ? name : $"{parent.Path}.{name}" });
            }
            else if (open.TryPop(out Container holder))
            {
                open.Push(holder.IsArray
                    ? holder with
                    {
                        Index = holder.Index + 1,
                        Current = string.Create(CultureInfo.InvariantCulture, $"{holder.Path}[{holder.Index}]"),
                    }
                    : holder);
            }

            string here = open.TryPeek(out Container current) ? current.Current : string.Empty;
            if (here.Length > foundLength && Holds(here, path))
            {
                (foundLength, place) = (here.Length, reader.TokenStartIndex);
            }

            if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
            {
                open.Push(new Container(here, reader.TokenType == JsonTokenType.StartArray, 0, here));
            }
        }

        return 1 + json[..(int)place].Count((byte)'\n');
    }

    private static bool Holds(string holder, string path) =>
        path.StartsWith(holder, StringComparison.Ordinal) &&
        (path.Length == holder.Length || holder.Length == 0 || path[holder.Length] is '.' or '[');

    private static string Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // An invalid Unicode name matches no path.
            return Encoding.UTF8.GetString(reader.ValueSpan);
        }
    }

    // Current: the path of the next item in the container.
    private readonly record struct Container(string Path, bool IsArray, int Index, string Current);
}
