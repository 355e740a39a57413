using System.Text.Encodings.Web;
using System.Text.Json;

namespace Fvm.Diff;

/// <summary>Writes strings as JSON.</summary>
internal static class JsonLine
{
    /// <summary>A string in quotes.</summary>
    public static string Text(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
