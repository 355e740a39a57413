using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Fvm.Chain;
using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary>The loop of <c>fvm chain follow</c>: asks for the head, checks what is new, tells about it, waits.</summary>
internal sealed class ChainFollowRun(ChainWork work, ChainReplayer replayer, FollowMetrics metrics, TextWriter output, TextWriter errors)
{
    private const double Billion = 1e9;

    // Linux takes 128 KiB per variable.
    private const int MaxEnvironment = 16 << 10;

    private static readonly TimeSpan CommandTimeout = TimeSpan.FromMinutes(1);

    private readonly ManualResetEventSlim _stop = new();
    private long _differences;
    private bool _isAway;

    public required ChainFollower Follower { get; init; }

    public long? From { get; init; }

    public long? To { get; init; }

    public TimeSpan Poll { get; init; }

    public string? OnDifference { get; init; }

    public int Workers { get; init; }

    public bool IsJson { get; init; }

    /// <summary>Ends the loop, and a request that waits; a second signal ends the process.</summary>
    public void Stop(PosixSignalContext context)
    {
        context.Cancel = !_stop.IsSet;
        _stop.Set();
        work.Rpc!.Dispose();
    }

    public int Run()
    {
        while (!_stop.IsSet && !HasEnded)
        {
            try
            {
                Step();
                if (_isAway)
                {
                    _isAway = false;
                    errors.WriteLine($"{Now}: {work.Name} answers again");
                }
            }
            catch (Exception exception) when (_stop.IsSet || InputErrors.Innermost(exception) is BlockstoreException or ChainException)
            {
                if (_stop.IsSet)
                {
                    break;
                }

                metrics.IsUp = false;
                _isAway = true;
                errors.WriteLine($"{Now}: {PrintableText.Of(InputErrors.Innermost(exception).Message)}; trying on");
            }

            if (!HasEnded)
            {
                _stop.Wait(Poll);
            }
        }

        return _differences > 0 ? ExitStatus.Difference : ExitStatus.Done;
    }

    private static string Now => DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private bool HasEnded => To is long to && Follower.Last is ChainEpoch last && last.Value >= to;

    private void Step()
    {
        Tipset head = work.Reader.Load(work.Rpc!.Head());
        metrics.IsUp = true;
        metrics.Head = head.Epoch.Value;
        long before = Follower.Reorganisations;
        ReplayItem[] items = [.. Follower.Next(head, From is long from ? new ChainEpoch(from) : null)
            .Where(item => To is not long to || item.Tipset.Epoch.Value <= to)];
        int next = 0;
        ParallelReplay.Run(items.TakeWhile(_ => !_stop.IsSet), Workers, replayer.Check, report =>
        {
            if (_stop.IsSet)
            {
                return;
            }

            Follower.Done(items[next++]);
            if (Follower.Reorganisations != before)
            {
                before = Follower.Reorganisations;
                errors.WriteLine($"{Now}: the chain was reorganised: checking again from epoch {report.Tipset.Epoch}");
            }

            Tell(report, head);
        });
    }

    private void Tell(TipsetReport report, Tipset head)
    {
        metrics.Add(report, Follower.Reorganisations);
        if (IsJson)
        {
            output.WriteLine(TipsetReportJson.Line(report, detail: null));
        }
        else if (report.Status == TipsetStatus.Equal && report.Note is null)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"epoch {report.Tipset.Epoch}: equal: {report.Messages} messages, {report.GasUsed / Billion:0.0} Ggas"
                + $" in {report.Time.TotalMilliseconds:0} ms, {head.Epoch.Value - report.Tipset.Epoch.Value} epochs behind the head"));
        }
        else
        {
            foreach (string line in ChainReplaySummary.LinesOf(report))
            {
                output.WriteLine(line);
            }
        }

        output.Flush();
        if (report.Status == TipsetStatus.Different)
        {
            _differences++;
            Alert(report);
        }
    }

    private void Alert(TipsetReport report)
    {
        if (OnDifference is null)
        {
            return;
        }

        ProcessStartInfo start = OperatingSystem.IsWindows() ? new("cmd.exe", ["/c", OnDifference]) : new("/bin/sh", ["-c", OnDifference]);
        start.Environment["FVM_EPOCH"] = report.Tipset.Epoch.ToString();
        start.Environment["FVM_TIPSET"] = string.Join(',', report.Tipset.Cids);
        start.Environment["FVM_NODE"] = work.Rpc!.Name;
        string differences = string.Join('\n', report.Differences.Select(static each => PrintableText.Of(each.ToString())));
        start.Environment["FVM_DIFFERENCES"] = differences.Length <= MaxEnvironment ? differences : differences[..MaxEnvironment] + "…";
        try
        {
            using Process process = Process.Start(start)!;
            if (!process.WaitForExit(CommandTimeout))
            {
                process.Kill(entireProcessTree: true);
                errors.WriteLine($"{Now}: the command of --on-difference was ended after {CommandTimeout.TotalSeconds:0} s");
            }
            else if (process.ExitCode != 0)
            {
                errors.WriteLine($"{Now}: the command of --on-difference ended with exit code {process.ExitCode}");
            }
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            errors.WriteLine($"{Now}: the command of --on-difference cannot be started: {exception.Message}");
        }
    }
}
