using Spectre.Console;

namespace Fvm.Cli;

/// <summary>A progress bar for a replay, on a terminal only; passes result lines on without breaking the bar.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class ReplayProgress : IDisposable
{
    private readonly TextWriter _output;
    private readonly TextWriter _errors;
    private readonly IAnsiConsole? _console;
    private readonly ManualResetEventSlim _finished = new();
    private readonly Task _drawing = Task.CompletedTask;
    private readonly bool _outputIsTerminal;
    private ProgressTask? _bar;

    private ReplayProgress(TextWriter output, TextWriter errors, IAnsiConsole? console, int total, string what)
    {
        _output = output;
        _errors = errors;
        _console = console;
        _outputIsTerminal = console is not null && output is PrintableWriter { IsTerminal: true };
        if (console is null)
        {
            return;
        }

        using ManualResetEventSlim started = new();
        _drawing = Task.Run(() => console.Progress().AutoClear(true).Columns(BarColumns()).Start(context =>
        {
            _bar = context.AddTask(what, maxValue: Math.Max(1, total));
            started.Set();
            _finished.Wait();
        }));
        _ = WaitHandle.WaitAny([started.WaitHandle, ((IAsyncResult)_drawing).AsyncWaitHandle]);
    }

    /// <summary>Draws on the process's standard error if it is a terminal; otherwise draws no bar.</summary>
    /// <param name="count">Returns the number of steps; called only if a bar is drawn.</param>
    /// <param name="what">The steps' name.</param>
    public static ReplayProgress Start(TextWriter output, TextWriter errors, Func<int> count, string what = "vectors")
    {
        bool terminal = errors is PrintableWriter { IsTerminal: true } && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
        IAnsiConsole? console = terminal
            ? AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) })
            : null;
        return new ReplayProgress(output, errors, console, console is null ? 0 : count(), what);
    }

    /// <summary>Advances by one step.</summary>
    /// <param name="what">What the bar says from now on; null for what it says already.</param>
    public void Advance(string? what = null)
    {
        _bar?.Increment(1);
        if (what is not null && _bar is not null)
        {
            _bar.Description = what;
        }
    }

    /// <summary>Writes a line of results.</summary>
    public void WriteLine(string line)
    {
        if (_outputIsTerminal)
        {
            _console!.WriteLine(PrintableText.Of(line));
        }
        else
        {
            _output.WriteLine(PrintableText.Of(line));
        }
    }

    /// <summary>Writes lines of results.</summary>
    public void WriteAll(IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            WriteLine(line);
        }
    }

    /// <summary>Writes a line about unusable or skipped input.</summary>
    public void WriteErrorLine(string line)
    {
        if (_console is not null)
        {
            _console.WriteLine(PrintableText.Of(line));
        }
        else
        {
            _errors.WriteLine(PrintableText.Of(line));
        }
    }

    public void Dispose()
    {
        _finished.Set();
        try
        {
            _drawing.Wait();
        }
        catch (AggregateException)
        {
            // Failure to draw the bar must not fail the replay.
        }

        _finished.Dispose();
    }

    private static ProgressColumn[] BarColumns() =>
        [new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn(), new RemainingTimeColumn()];
}
