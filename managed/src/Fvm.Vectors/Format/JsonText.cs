using System.Text.Json;

namespace Fvm.Vectors;

/// <summary>Parses untrusted JSON documents whose root is an object.</summary>
internal static class JsonText
{
    /// <summary>Parses the text and passes its root to <paramref name="read"/>.</summary>
    /// <exception cref="InputException">
    /// The text is not JSON, or <paramref name="read"/> rejects a field; the message names the line (of several) and the field.
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
            // The parser validates strings only when they are extracted.
            throw new InputException("not JSON: a string is not valid Unicode", exception);
        }
    }

    // The parser's line numbers start at zero and follow the reason.
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
