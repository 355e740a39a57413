// JSON documents from anywhere.
using System.Text.Json;

namespace Fvm.Vectors;

/// <summary>Reads a JSON document whose root is an object.</summary>
internal static class JsonText
{
    /// <summary>Parses the text and hands its root to <paramref name="read"/>.</summary>
    /// <exception cref="InputException">
    /// The text is not JSON, or <paramref name="read"/> refuses a field; the message names the line, if there are several, and the field.
    /// </exception>
    public static T Read<T>(ReadOnlyMemory<byte> json, Func<JsonFields, T> read)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return read(new JsonFields(document.RootElement, string.Empty));
        }
        catch (JsonException exception)
        {
            throw new InputException($"not JSON: {Describe(exception)}", exception);
        }
        catch (JsonFieldException exception)
        {
            string line = JsonPlaces.LineOf(json.Span, exception.Path) is int number ? $"line {number}: " : string.Empty;
            throw new InputException(line + exception.Message, exception);
        }
        catch (InvalidOperationException exception)
        {
            // The parser looks at what is in strings only when they are taken out.
            throw new InputException("not JSON: a text in it is no Unicode", exception);
        }
    }

    // The parser counts from zero, and says so behind its reason.
    private static string Describe(JsonException exception)
    {
        string text = exception.Message;
        int end = text.AsSpan().IndexOfAny('\r', '\n');
        text = end < 0 ? text : text[..end];
        int place = text.IndexOf(" LineNumber: ", StringComparison.Ordinal);
        return exception.LineNumber is long line && exception.BytePositionInLine is long position
            ? $"line {line + 1}, byte {position + 1}: {(place < 0 ? text : text[..place])}"
            : text;
    }
}
