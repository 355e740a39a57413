using System.Text;

namespace Fvm.Native;

/// <summary>
/// The log: one line per write to standard error, filtered by <c>RUST_LOG</c>, as JSON if <c>GOLOG_LOG_FMT</c> is <c>json</c>. Writes to the
/// descriptor directly, because .NET's console would install signal handlers in the host's process.
/// </summary>
/// <param name="filter">The filter.</param>
/// <param name="asJson">Whether lines are JSON.</param>
/// <param name="sink">Receives a line, including its line break.</param>
internal sealed class Log(LogFilter filter, bool asJson, Action<byte[]> sink)
{
    private const string Target = "fvm";

    /// <summary>Why there is no log: the environment's filter is malformed. Null if there is one.</summary>
    public string? Problem => filter.Problem;

    /// <summary>The log configured by the environment.</summary>
    public static Log FromEnvironment() => new(
        LogFilter.Parse(Environment.GetEnvironmentVariable("RUST_LOG")),
        Environment.GetEnvironmentVariable("GOLOG_LOG_FMT") == "json",
        WriteToStandardError);

    /// <summary>Whether lines of a level are shown; check before building an expensive text.</summary>
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
            // Dropped, like a line that cannot be written.
        }
    }

    // Sound: the array is pinned while it is written, and its length is passed.
    private static unsafe void WriteToStandardError(byte[] line)
    {
        const int StandardError = 2;
        fixed (byte* bytes = line)
        {
            // A failure to write the log must not fail a call.
            _ = Libc.write(StandardError, bytes, (nuint)line.Length);
        }
    }

    private static string Escape(string text)
    {
        // Backslashes first: the escapes of non-printable characters are the same in JSON.
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
