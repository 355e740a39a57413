// JSON documents from anywhere.
using System.Text.Json;

namespace Fvm.Vectors;

/// <summary>Reads a JSON document whose root is an object.</summary>
internal static class JsonText
{
    /// <summary>Parses the text and hands its root to <paramref name="read"/>.</summary>
    /// <exception cref="InputException">The text is not JSON, or <paramref name="read"/> says so.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> json, Func<JsonFields, T> read)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return read(new JsonFields(document.RootElement, string.Empty));
        }
        catch (JsonException exception)
        {
            throw new InputException($"not JSON: {FirstLine(exception.Message)}", exception);
        }
        catch (InvalidOperationException exception)
        {
            // The parser looks at what is in strings only when they are taken out.
            throw new InputException("not JSON: a text in it is no Unicode", exception);
        }
    }

    private static string FirstLine(string text)
    {
        int end = text.IndexOf('\n', StringComparison.Ordinal);
        return end < 0 ? text : text[..end].TrimEnd('\r');
    }
}
