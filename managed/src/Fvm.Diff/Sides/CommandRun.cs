using System.Diagnostics;
using System.Text;
using Fvm.Vectors;

namespace Fvm.Diff;

/// <summary>
/// One run of a command: its results line by line, within limits of time and bytes. Its process group is killed at the end, whatever it is doing.
/// </summary>
internal sealed class CommandRun : IDisposable
{
    private const int MaxErrorBytes = 64 << 10;
    private const int RefusedArguments = 2;
    private const int NotStarted = 126;
    private const int NotFound = 127;
    private static readonly TimeSpan TimeToEnd = TimeSpan.FromSeconds(2);

    private readonly CommandOptions _options;
    private readonly Process _process;
    private readonly Timer _watchdog;
    private readonly Stream _output;
    private readonly Task<string> _errors;
    private readonly List<SideRun> _runs = [];
    private readonly TaskCompletionSource _late = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _ending = new();
    private bool _hasEnded;

    private CommandRun(Process process, CommandOptions options)
    {
        _options = options;
        _process = process;
        _watchdog = new Timer(_ => EndLate());
        _output = process.StandardOutput.BaseStream;
        Stream errors = process.StandardError.BaseStream;
        _errors = Task.Factory.StartNew(() => ReadTail(errors), TaskCreationOptions.LongRunning);
    }

    /// <summary>Starts the command.</summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">All its arguments.</param>
    /// <param name="options">What it may use.</param>
    /// <param name="blocks">The folder for the new blocks of its states (<see cref="NewBlocks"/>); null if nobody needs them.</param>
    /// <exception cref="InputException">It cannot be started.</exception>
    public static CommandRun Start(string program, IReadOnlyList<string> arguments, CommandOptions options, string? blocks)
    {
        (string first, IReadOnlyList<string> rest) = ProcessGroup.Of(program, arguments);
        ProcessStartInfo start = new(first, rest)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (options.BundleDirectory is string bundles)
        {
            start.Environment[BundleDirectory.BundlesVariable] = Path.GetFullPath(bundles);
        }

        start.Environment[NewBlocks.Variable] = blocks;
        try
        {
            Process process = Process.Start(start)!;
            process.StandardInput.Close();
            return new CommandRun(process, options);
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or IOException)
        {
            throw new InputException($"{program}: cannot be started: {exception.Message}", exception);
        }
    }

    /// <summary>Reads the results, each a line that begins with a brace; other lines are for people.</summary>
    /// <param name="most">The number of expected results; one more ends the reading.</param>
    /// <returns>The results, and why there are no more if the command did not end well; null if it did.</returns>
    public (IReadOnlyList<SideRun> Runs, CommandFailure? Failure) Read(int most)
    {
        // A thread of its own: a process outside of the group may hold the other end of the pipe, and no read of a pipe can be cancelled.
        RestartClock();
        Task<CommandFailure?> reading = Task.Factory.StartNew(() => ReadLines(most), TaskCreationOptions.LongRunning);
        Task first = Task.WhenAny(reading, _late.Task).GetAwaiter().GetResult();
        if (first != reading)
        {
            reading.Wait(TimeToEnd);
        }

        lock (_runs)
        {
            return ([.. _runs], reading.IsCompleted ? reading.Result ?? Failure() : Failure());
        }
    }

    /// <summary>Reads the lines of a command that prints a short text.</summary>
    /// <exception cref="InputException">It did not end in time or well, or prints too much.</exception>
    public IReadOnlyList<string> ReadText()
    {
        RestartClock();
        Task<string[]> reading = Task.Factory.StartNew(
            () =>
            {
                using StreamReader lines = new(new BoundedStream(_output, MaxErrorBytes));
                return lines.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            },
            TaskCreationOptions.LongRunning);
        Task first = Task.WhenAny(reading, _late.Task).GetAwaiter().GetResult();
        bool ended = first == reading && _process.WaitForExit(TimeToEnd);
        return ended && _process.ExitCode == 0
            ? reading.GetAwaiter().GetResult()
            : throw new InputException(
                first == reading ? LastError() ?? "it failed" : $"it took more than {_options.TimePerVector.TotalSeconds:0.#} s");
    }

    /// <summary>The last line that the command wrote to its standard error; null if there was none.</summary>
    public string? LastError() =>
        _errors.Wait(TimeToEnd) && _errors.Result.Trim() is { Length: > 0 } text ? PrintableText.Of(text[(text.LastIndexOf('\n') + 1)..]) : null;

    public void Dispose()
    {
        lock (_ending)
        {
            _hasEnded = true;
            _watchdog.Dispose();
            ProcessGroup.End(_process);
            _process.Dispose();
        }
    }

    private void RestartClock()
    {
        lock (_ending)
        {
            if (!_hasEnded)
            {
                _watchdog.Change(_options.TimePerVector, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void EndLate()
    {
        lock (_ending)
        {
            if (!_hasEnded)
            {
                _late.TrySetResult();
                ProcessGroup.End(_process);
            }
        }
    }

    // Why the output is unusable; null if it is not.
    private CommandFailure? ReadLines(int most)
    {
        try
        {
            BoundedLineReader lines = new(new BoundedStream(_output, _options.MaxOutputBytes), _options.MaxLineBytes);
            int count = 0;
            while (count <= most && lines.TryRead(out ReadOnlyMemory<byte> line))
            {
                if (line.Span[0] != '{')
                {
                    continue;
                }

                SideRun run = RunOf(PrintedOutcomes.Read(line));
                count++;
                lock (_runs)
                {
                    _runs.Add(run);
                }

                RestartClock();
            }

            _process.WaitForExit(TimeToEnd);
            return null;
        }
        catch (InputException exception)
        {
            return new CommandFailure($"its output is unusable: {exception.Message}", CommandFault.Unusable);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException)
        {
            return _late.Task.IsCompleted ? null : new CommandFailure(exception.Message, CommandFault.Run);
        }
    }

    private CommandFailure? Failure()
    {
        if (_late.Task.IsCompleted)
        {
            return new CommandFailure($"it was killed after {_options.TimePerVector.TotalSeconds:0.#} s without a result", CommandFault.Run);
        }

        if (!_process.HasExited)
        {
            return new CommandFailure("it closed its output and did not end", CommandFault.Run);
        }

        int code = _process.ExitCode;
        string? said = code == 0 ? null : LastError();
        if (code is NotStarted or NotFound && said is not null && ProcessGroup.ReasonOfStart(said) is string reason)
        {
            return new CommandFailure($"it cannot be started: {reason}", CommandFault.Unusable);
        }

        string? end = code switch
        {
            0 => null,
            > 128 and < 160 => $"it was ended by signal {code - 128}",
            _ => $"it ended with exit code {code}",
        };
        return end is null ? null : new CommandFailure(
            said is null ? end : $"{end}: {said}", code is RefusedArguments or NotStarted or NotFound ? CommandFault.Refusal : CommandFault.Run);
    }

    private static SideRun RunOf(PrintedOutcomes printed) => new()
    {
        Failure = printed.Failure ?? (printed.StateRoot is null ? "it printed no state root" : null),
        Outcomes = printed.Outcomes,
        StateRoot = printed.StateRoot,
        Order = printed.IsTree ? TraceOrder.Tree : TraceOrder.Events,

        // The C interface has no codecs, and fvm 3 behind the oracle's form reports null for all.
        TellsReturnCodec = !printed.IsTree && printed.Outcomes.Any(static outcome => outcome.ReturnCodec is not null),
    };

    // Reads all, so that the command never waits, and keeps the end.
    private static string ReadTail(Stream stream)
    {
        byte[] kept = [];
        byte[] part = new byte[MaxErrorBytes];
        try
        {
            for (int read; (read = stream.Read(part)) > 0;)
            {
                byte[] all = [.. kept, .. part.AsSpan(0, read)];
                kept = all.Length <= MaxErrorBytes ? all : all[^MaxErrorBytes..];
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The run is over.
        }

        return Encoding.UTF8.GetString(kept);
    }
}
