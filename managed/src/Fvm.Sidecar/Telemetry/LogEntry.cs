using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Fvm.Sidecar;

/// <summary>An entry of the log.</summary>
/// <param name="Time">When, in UTC.</param>
/// <param name="Level">How severe.</param>
/// <param name="Category">Whose.</param>
/// <param name="Text">For people; may hold text from clients.</param>
/// <param name="Exception">Its exception; null for none.</param>
internal sealed record LogEntry(DateTime Time, LogLevel Level, string Category, string Text, Exception? Exception = null)
{
    private const string TimeForm = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    // Texts of clients are in entries that wait to be written, too.
    private const int MaxTextLength = 2_000;

    // Where templates keep themselves.
    private const string Template = "{OriginalFormat}";

    /// <summary>The values in the text, by name.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Fields { get; init; } = [];

    private string LevelName => Level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        _ => "error",
    };

    /// <summary>Tells of entries that nobody can read any more.</summary>
    public static LogEntry Dropped(int count) =>
        new(DateTime.UtcNow, LogLevel.Warning, nameof(Fvm), $"{count} entries of the log were dropped: it is not read as fast as it is written");

    /// <summary>One line, whatever characters the text contains.</summary>
    public string ToLine(bool isJson) => isJson ? ToJson() : ToText();

    private string ToText()
    {
        string problem = Exception is null ? string.Empty : $": {ProblemText(Exception)}";
        string time = Time.ToString(TimeForm, CultureInfo.InvariantCulture);
        return $"{time} {LevelName}: {PrintableText.Of(Cut(Text) + problem)}";
    }

    private string ToJson()
    {
        ArrayBufferWriter<byte> bytes = new();

        // The writer's default form escapes all but printable ASCII.
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            json.WriteString("time", Time.ToString(TimeForm, CultureInfo.InvariantCulture));
            json.WriteString("level", LevelName);
            json.WriteString("category", Category);
            json.WriteString("message", Cut(Text));
            foreach ((string name, object? value) in Fields)
            {
                if (name != Template)
                {
                    Write(json, JsonNamingPolicy.SnakeCaseLower.ConvertName(name), value);
                }
            }

            if (Exception is not null)
            {
                json.WriteString("exception", ProblemText(Exception));
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case int number:
                json.WriteNumber(name, number);
                break;
            case long number:
                json.WriteNumber(name, number);
                break;
            case ulong number:
                json.WriteNumber(name, number);
                break;
            case double number when double.IsFinite(number):
                json.WriteNumber(name, number);
                break;
            case bool flag:
                json.WriteBoolean(name, flag);
                break;
            default:
                json.WriteString(name, Cut(Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty));
                break;
        }
    }

    private static string Cut(string text) => text.Length <= MaxTextLength ? text : $"{text.AsSpan(0, MaxTextLength)}…";

    private static string ProblemText(Exception exception) =>
        UnforeseenFailure.WantsDetails ? exception.ToString() : $"{exception.GetType().Name}: {exception.Message}";
}
