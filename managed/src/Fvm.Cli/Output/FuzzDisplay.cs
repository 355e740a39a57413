using System.Globalization;
using Fvm.Fuzz;
using Spectre.Console;

namespace Fvm.Cli;

/// <summary>The statistics of a fuzzer: a table that is drawn again on a terminal, a line every few seconds otherwise.</summary>
internal sealed class FuzzDisplay : IDisposable
{
    private const double SecondsPerLine = 5;

    private readonly TextWriter _output;
    private readonly IAnsiConsole? _console;
    private readonly ManualResetEventSlim _finished = new();
    private readonly Task _drawing = Task.CompletedTask;
    private readonly Lock _gate = new();
    private FuzzStatistics _last = new();
    private double _writtenAt = double.NegativeInfinity;

    private FuzzDisplay(TextWriter output, IAnsiConsole? console)
    {
        _output = output;
        _console = console;
        if (console is not null)
        {
            _drawing = Task.Run(() => console.Live(Drawn()).AutoClear(true).Start(context =>
            {
                while (!_finished.Wait(TimeSpan.FromMilliseconds(500)))
                {
                    context.UpdateTarget(Drawn());
                }
            }));
        }
    }

    /// <summary>Draws on the process's standard error if it is a terminal.</summary>
    public static FuzzDisplay Start(TextWriter output, TextWriter errors)
    {
        bool terminal = errors is PrintableWriter { IsTerminal: true } && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
        return new FuzzDisplay(output, terminal ? AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }) : null);
    }

    /// <summary>Shows the state after a round.</summary>
    public void Show(FuzzStatistics statistics)
    {
        lock (_gate)
        {
            _last = statistics;
        }

        if (_console is null && statistics.Seconds - _writtenAt >= SecondsPerLine)
        {
            _writtenAt = statistics.Seconds;
            WriteLine(statistics.ToString());
        }
    }

    /// <summary>Writes a line of a find.</summary>
    public void WriteLine(string line)
    {
        _output.WriteLine(line);
        _output.Flush();
    }

    /// <summary>Ends the drawing, and writes the last statistics.</summary>
    public void End(FuzzStatistics statistics)
    {
        _finished.Set();
        _drawing.Wait();
        if (statistics.Seconds > _writtenAt)
        {
            WriteLine(statistics.ToString());
        }
    }

    public void Dispose()
    {
        _finished.Set();
        _drawing.Wait();
        _finished.Dispose();
    }

    private Table Drawn()
    {
        FuzzStatistics now;
        lock (_gate)
        {
            now = _last;
        }

        Table table = new Table().AddColumn("fvm fuzz").AddColumn(new TableColumn(string.Empty).RightAligned());
        table.AddRow("time", string.Create(CultureInfo.InvariantCulture, $"{now.Seconds:0} s, round {now.Rounds}"));
        table.AddRow("inputs", string.Create(CultureInfo.InvariantCulture, $"{now.Inputs:N0}"));
        table.AddRow("waiting for the other side", string.Create(CultureInfo.InvariantCulture, $"{now.Waiting:N0}"));
        table.AddRow("messages compared", string.Create(CultureInfo.InvariantCulture, $"{now.Messages:N0} ({now.Rate:0}/s)"));
        table.AddRow("messages/s per worker", string.Create(CultureInfo.InvariantCulture, $"{now.RateOfA:0} and {now.RateOfB:0}"));
        table.AddRow("features", string.Create(CultureInfo.InvariantCulture, $"{now.Features:N0}"));
        table.AddRow("corpus, states", string.Create(CultureInfo.InvariantCulture, $"{now.Corpus:N0}, {now.States}"));
        table.AddRow("finds", string.Create(CultureInfo.InvariantCulture, $"{now.Finds} ({now.Repeated} repeated)"));
        return table;
    }
}
