using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Fvm.Sidecar;

/// <summary>
/// Writes the log, one line per entry, on a thread of its own: nobody waits for a log that is not read. Lines beyond a bound are dropped and
/// counted. Thread-safe.
/// </summary>
internal sealed class LogLines : ILoggerProvider
{
    private const int MaxWaiting = 4_096;

    // The end of the process waits no longer for a reader.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Channel<string> _lines = Channel.CreateBounded<string>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private readonly LogLevel _level;
    private readonly bool _isJson;
    private readonly Task _writing;
    private int _dropped;

    /// <param name="output">Receives the lines.</param>
    /// <param name="level">The least level of the server's own entries. Those of others are warnings at least.</param>
    /// <param name="isJson">Whether each line is a JSON object.</param>
    public LogLines(TextWriter output, LogLevel level, bool isJson)
    {
        _level = level;
        _isJson = isJson;
        _writing = Task.Factory.StartNew(() => Write(output), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    /// <inheritdoc/>
    public void Dispose()
    {
        _lines.Writer.TryComplete();
        _writing.Wait(Patience);
    }

    private void Add(string line)
    {
        if (!_lines.Writer.TryWrite(line))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    private void Write(TextWriter output)
    {
        try
        {
            while (_lines.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            {
                while (_lines.Reader.TryRead(out string? line))
                {
                    output.WriteLine(line);
                }

                if (Interlocked.Exchange(ref _dropped, 0) is int dropped and > 0)
                {
                    output.WriteLine(LogEntry.Dropped(dropped).ToLine(_isJson));
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Nobody reads the log any more.
            _lines.Writer.TryComplete();
        }
    }

    private sealed class Category(LogLines lines, string name) : ILogger
    {
        private readonly LogLevel _level = LevelOf(name, lines._level);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= _level && logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel) && !IsEndOfClient(eventId, exception))
            {
                LogEntry entry = new(DateTime.UtcNow, logLevel, name, formatter(state, exception), exception)
                {
                    Fields = state as IReadOnlyList<KeyValuePair<string, object?>> ?? [],
                };
                lines.Add(entry.ToLine(lines._isJson));
            }
        }

        // Entries of libraries tell of each request. The host's failures are the command's to report.
        private static LogLevel LevelOf(string name, LogLevel level)
        {
            if (name.StartsWith("Microsoft.Extensions.Hosting", StringComparison.Ordinal))
            {
                return LogLevel.None;
            }

            return name.StartsWith(nameof(Fvm), StringComparison.Ordinal) || level > LogLevel.Warning ? level : LogLevel.Warning;
        }

        // A client that drops its stream fails the reads and writes of its call, which is logged as an error of the service.
        private bool IsEndOfClient(EventId eventId, Exception? exception)
        {
            const int ErrorExecutingServiceMethod = 6;
            return eventId.Id == ErrorExecutingServiceMethod && name.StartsWith("Grpc.", StringComparison.Ordinal)
                && exception is IOException or OperationCanceledException;
        }
    }
}
