using System.Text;

namespace Fvm.Native;

/// <summary>
/// The log: a line a write to standard error, filtered by <c>RUST_LOG</c>, as JSON where <c>GOLOG_LOG_FMT</c> is <c>json</c>. Standard
/// error is written to directly, for .NET's console would set up signal handlers in a process that is not ours.
/// </summary>
/// <param name="filter">What is shown.</param>
/// <param name="asJson">The form of lines.</param>
/// <param name="sink">Takes a line, its end included.</param>
internal sealed class Log(LogFilter filter, bool asJson, Action<byte[]> sink)
{
    private const string Target = "fvm";

    /// <summary>Why there is no log: the environment asks for something malformed. Null when there is one.</summary>
    public string? Problem => filter.Problem;

    /// <summary>The log that the environment asks for.</summary>
    public static Log FromEnvironment() => new(
        LogFilter.Parse(Environment.GetEnvironmentVariable("RUST_LOG")),
        Environment.GetEnvironmentVariable("GOLOG_LOG_FMT") == "json",
        WriteToStandardError);

    /// <summary>Whether lines of a level are shown: asked before a text that costs something is made.</summary>
    public bool Shows(LogLevel level) => filter.Shows(Target, level);

    /// <summary>Writes a line.</summary>
    public void Write(LogLevel level, string text)
    {
        if (!Shows(level))
        {
            return;
        }

        try
        {
            sink(Encoding.UTF8.GetBytes(Format(level, text)));
        }
        catch (OutOfMemoryException)
        {
            // As one that cannot be written.
        }
    }

    // Sound: the array is pinned while it is written, and its length is passed.
    private static unsafe void WriteToStandardError(byte[] line)
    {
        const int StandardError = 2;
        fixed (byte* bytes = line)
        {
            // A log that cannot be written is no reason to fail a call.
            _ = Libc.write(StandardError, bytes, (nuint)line.Length);
        }
    }

    private static string Escape(string text)
    {
        // Backslashes first: the escapes of what is not printable are the same in JSON.
        return PrintableText.Of(text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal));
    }

    private string Format(LogLevel level, string text)
    {
        DateTime now = DateTime.UtcNow;
        return asJson
            ? $"{{\"level\":\"{level.ToString().ToLowerInvariant()}\",\"ts\":\"{now:yyyy-MM-ddTHH:mm:ss.fffZ}\",\"logger\":\"{Target}\","
                + $"\"msg\":\"{Escape(text)}\"}}\n"
            : $"{now:yyyy-MM-ddTHH:mm:ss.fff} {level.ToString().ToUpperInvariant()} {Target} > {PrintableText.Of(text)}\n";
    }
}
