using System.Collections.Concurrent;
using NUnit.Framework;

namespace Fvm.Chain.Tests;

/// <summary>Replays chains that a real Lotus made; all of them with FVM_ALL_CHAINS=1 (scripts/test-chains), otherwise short ones.</summary>
public sealed class ChainReplayTests
{
    private static readonly bool Everything = Environment.GetEnvironmentVariable("FVM_ALL_CHAINS") == "1";

    // Of each list of network versions the chain with the fewest tipsets that has any.
    private static IEnumerable<LotusChains.Recorded> Chains() => Everything
        ? LotusChains.All
        : LotusChains.All.Where(static chain => chain.Tipsets > 2).GroupBy(static chain => chain.Upgrades)
            .Select(static group => group.MinBy(static chain => chain.Tipsets)!).OrderBy(static chain => chain.Tipsets).Take(5);

    [Test]
    public void Recorded_chains_have_the_same_states_receipts_and_base_fees()
    {
        if (LotusChains.All.Count == 0)
        {
            Repository.Shared("lotus", "chains.tsv");
        }

        ChainReader reader = new(LotusChains.Open());
        using EnginePool pool = new(new EnginePoolOptions());
        List<(ChainReplayer Replayer, LotusChains.Recorded Chain, ReplayItem Item)> work = [];
        foreach (LotusChains.Recorded chain in Chains())
        {
            ChainReplayer replayer = new(new TipsetExecutor(pool, reader, chain.Network));
            IReadOnlyList<ReplayItem> items = replayer.Plan(reader.Load(chain.Head), new ChainEpoch(0), new ChainEpoch(long.MaxValue));
            work.AddRange(items.Select(item => (replayer, chain, item)));
        }

        ConcurrentBag<(LotusChains.Recorded Chain, TipsetReport Report)> reports = [];
        int next = -1;
        ExecutionThread[] threads = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(number => ExecutionThread.Start(
            () =>
            {
                for (int index = Interlocked.Increment(ref next); index < work.Count; index = Interlocked.Increment(ref next))
                {
                    reports.Add((work[index].Chain, work[index].Replayer.Check(work[index].Item)));
                }
            },
            $"replay {number}"))];
        foreach (ExecutionThread thread in threads)
        {
            thread.Join();
        }

        foreach (TipsetStatus status in Enum.GetValues<TipsetStatus>())
        {
            TestContext.Out.WriteLine($"tipsets {status}: {reports.Count(report => report.Report.Status == status)}");
        }

        string[] notes = [.. reports.Where(static report => report.Report.Note is not null)
            .Select(static report => $"{report.Chain.Name} epoch {report.Report.Tipset.Epoch} {report.Report.Status}: {report.Report.Note}").Order()];
        TestContext.Out.WriteLine(string.Join('\n', notes));
        foreach (IGrouping<string, TipsetReport> reason in reports.Select(static report => report.Report)
            .Where(static report => report.Status == TipsetStatus.Skipped).GroupBy(static report => report.Note!).OrderBy(static group => group.Key))
        {
            TestContext.Out.WriteLine($"skipped {reason.Count()}: {reason.Key}");
        }

        string[] differences = [.. reports.Where(static report => report.Report.Status == TipsetStatus.Different)
            .Select(static report => $"{report.Chain.Name} epoch {report.Report.Tipset.Epoch}: {string.Join("; ", report.Report.Differences)}")
            .Order()];
        Assert.That(differences, Is.Empty, string.Join('\n', differences.Take(40)));
        CompareMachines(reports.SelectMany(static report => report.Report.Machines));
        Assert.That(reports.Count(static report => report.Report.Status == TipsetStatus.Equal), Is.GreaterThan(Everything ? 10_000 : 5));
    }

    // With what Lotus made its machines: the circulating supply, above all. Not all machines are recorded.
    private static void CompareMachines(IEnumerable<MachineContext> machines)
    {
        ILookup<string, string> recorded = LotusChains.ReadPacked("machines.tsv.xz").ToLookup(KeyOf);
        string[] ours = [.. machines.Select(static machine => string.Join(
            '\t',
            machine.InitialStateRoot,
            machine.Epoch,
            (uint)machine.Network.NetworkVersion,
            machine.Timestamp,
            machine.Network.ChainId,
            machine.BaseFee,
            machine.CirculatingSupply)).Distinct().Where(machine => recorded.Contains(KeyOf(machine)))];
        TestContext.Out.WriteLine($"machines: {ours.Length} recorded");
        string[] differences = [.. ours.Where(machine => !recorded[KeyOf(machine)].Contains(machine))
            .Select(machine => $"{machine}, Lotus: {string.Join(" or ", recorded[KeyOf(machine)])}")];
        Assert.That(differences, Is.Empty, string.Join('\n', differences.Take(10)));
        Assert.That(ours, Has.Length.GreaterThan(Everything ? 10_000 : 5));
    }

    private static string KeyOf(string machine) => string.Join('\t', machine.Split('\t').Take(2));
}
