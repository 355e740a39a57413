using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Chain.Tests;

/// <summary>Exported ranges of the recorded chains replay alone. With FVM_ALL_CHAINS=1, of each list of network versions one.</summary>
public sealed class ChainExportTests
{
    private const int Tipsets = 4;

    // Of each list of network versions the chain with the fewest tipsets that has enough; the newest first.
    private static IReadOnlyList<LotusChains.Recorded> Chains()
    {
        if (LotusChains.All.Count == 0)
        {
            Repository.Shared("lotus", "chains.tsv");
        }

        IEnumerable<LotusChains.Recorded> chains = LotusChains.All.Where(static chain => chain.Tipsets > 2 * Tipsets)
            .GroupBy(static chain => chain.Upgrades).Select(static group => group.MinBy(static chain => chain.Tipsets)!)
            .OrderByDescending(static chain => chain.Upgrades, StringComparer.Ordinal);
        return [.. Environment.GetEnvironmentVariable("FVM_ALL_CHAINS") == "1" ? chains : chains.Take(2)];
    }

    [Test]
    public void An_exported_range_replays_alone_with_equal_results_and_is_the_same_from_run_to_run()
    {
        int equal = 0;
        foreach (LotusChains.Recorded chain in Chains())
        {
            IReadOnlyList<ReplayItem> items = MiddleOf(chain);
            (byte[] file, TipsetReport[] reports) = Export(chain, items, LotusChains.Open(), backwards: false);
            CarBlockstore alone = CarBlockstore.Load(file);
            (byte[] again, TipsetReport[] others) = Export(chain, ItemsOf(chain, alone, items), alone, backwards: true);

            Assert.That(again.AsSpan().SequenceEqual(file), Is.True, $"{chain}: exported from the export, and in another order");
            Assert.That(alone.Roots, Is.EqualTo(items[^1].Child.Cids), chain.Name);
            Assert.That(others.Select(Summary), Is.EqualTo(reports.Select(Summary)), chain.Name);
            Assert.That(file, Has.Length.LessThan(16 << 20), chain.Name);
            equal += reports.Count(static report => report.Status == TipsetStatus.Equal);
        }

        Assert.That(equal, Is.GreaterThanOrEqualTo(Chains().Count * Tipsets / 2));
    }

    [Test]
    public void Without_any_one_of_its_blocks_an_exported_range_does_not_replay()
    {
        LotusChains.Recorded chain = Chains()[0];
        IReadOnlyList<ReplayItem> items = MiddleOf(chain);
        CarBlockstore whole = CarBlockstore.Load(Export(chain, items, LotusChains.Open(), backwards: false).File);
        using EnginePool pool = new(new EnginePoolOptions());

        // Code is prepared once, and then not read again.
        Cid[] superfluous = [.. whole.Blocks.Select(static block => block.Key).Where(static cid => cid.Codec != Multicodec.Raw)
            .Where(dropped => ReplaysWithout(chain, items, pool, whole, dropped))];

        Assert.That(superfluous, Is.Empty);
        Assert.That(whole.Count, Is.GreaterThan(20));
    }

    [Test]
    public void A_pool_with_prepared_code_is_refused()
    {
        LotusChains.Recorded chain = Chains()[0];
        ReplayItem item = MiddleOf(chain)[0];
        using EnginePool pool = new(new EnginePoolOptions());
        ChainReplayer replayer = new(new TipsetExecutor(pool, new ChainReader(LotusChains.Open()), chain.Network));
        Assert.That(ExecutionThread.Run(() => replayer.Check(item)).Status, Is.EqualTo(TipsetStatus.Equal));
        Assert.That(() => new ChainExporter(pool, LotusChains.Open(), chain.Network), Throws.ArgumentException);
    }

    private static IReadOnlyList<ReplayItem> MiddleOf(LotusChains.Recorded chain)
    {
        IReadOnlyList<ReplayItem> all = ItemsOf(chain, LotusChains.Open(), between: null);
        return [.. all.Skip(all.Count / 2).Take(Tipsets)];
    }

    private static IReadOnlyList<ReplayItem> ItemsOf(LotusChains.Recorded chain, IBlockstore store, IReadOnlyList<ReplayItem>? between)
    {
        using EnginePool pool = new(new EnginePoolOptions());
        ChainReader reader = new(store);
        return new ChainReplayer(new TipsetExecutor(pool, reader, chain.Network)).Plan(
            reader.Load(between?[^1].Child.Cids ?? chain.Head),
            between?[0].Tipset.Epoch ?? new ChainEpoch(0),
            between?[^1].Tipset.Epoch ?? new ChainEpoch(long.MaxValue));
    }

    private static (byte[] File, TipsetReport[] Reports) Export(
        LotusChains.Recorded chain, IReadOnlyList<ReplayItem> items, IBlockstore store, bool backwards)
    {
        using EnginePool pool = new(new EnginePoolOptions());
        ChainExporter exporter = new(pool, store, chain.Network);
        TipsetReport[] reports = ExecutionThread.Run(
            () => (TipsetReport[])[.. (backwards ? items.Reverse() : items).Select(exporter.Check).OrderBy(static report => report.Tipset.Epoch.Value)]);
        using MemoryStream file = new();
        exporter.Write(file, items[^1].Child);
        return (file.ToArray(), reports);
    }

    private static bool ReplaysWithout(
        LotusChains.Recorded chain, IReadOnlyList<ReplayItem> items, EnginePool pool, CarBlockstore whole, Cid dropped)
    {
        MemoryBlockstore rest = new();
        rest.PutMany(whole.Blocks.Where(block => block.Key != dropped));
        try
        {
            ChainReader reader = new(rest);
            ChainReplayer replayer = new(new TipsetExecutor(pool, reader, chain.Network));
            IReadOnlyList<ReplayItem> planned = replayer.Plan(
                reader.Load(items[^1].Child.Cids), items[0].Tipset.Epoch, items[^1].Tipset.Epoch);
            return planned.Count == items.Count
                && planned.All(item => ExecutionThread.Run(() => replayer.Check(item)).Status == TipsetStatus.Equal);
        }
        catch (ChainException)
        {
            return false;
        }
    }

    private static string Summary(TipsetReport report) =>
        $"{report.Tipset.Epoch} {report.Status} {report.Note} {report.Messages} {report.GasUsed} {string.Join("; ", report.Differences)}";
}
