using System.CommandLine;
using Fvm.Chain;
using Fvm.Ipld;

namespace Fvm.Cli;

/// <summary>Options of <c>fvm chain show</c>, and the execution of the tipset that is shown.</summary>
internal sealed class ChainShowOptions
{
    private readonly Option<string> _engine = ReplayOptions.Engine();
    private readonly Option<bool> _noCache = CacheOptions.NoCache();

    public ChainOptions Chain { get; } = new();

    public Option<bool> Json { get; } = JsonOutput.Option();

    public void AddTo(Command command, bool withEngine)
    {
        foreach (Option option in (Option[])[.. Chain.All, Json, .. withEngine ? (Option[])[_engine, _noCache] : []])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Executes a tipset if its state is there; otherwise its messages have no results. Runs on a thread with a large stack.</summary>
    public ShownTipset Execute(ParseResult parsed, ChainWork work, Tipset tipset, ExecutionDetail detail, TextWriter errors)
    {
        Cid root = tipset.First.ParentState;
        uint version = work.Network.Upgrades.VersionAt(tipset.Epoch);
        if (tipset.Epoch.Value == 0)
        {
            return new ShownTipset(tipset, version, [], new MessageNames(work.Blocks, root, version), "the genesis executes nothing");
        }

        using EnginePool pool = new(new EnginePoolOptions
        {
            Engine = parsed.GetValue(_engine)!,
            Maker = EngineChoice.MakerOf(parsed.GetValue(_engine)!),
            Cache = CacheOptions.Open(parsed, _noCache, errors),
        });
        TipsetExecutor executor = work.ExecutorOn(pool);
        string? problem = new ChainReplayer(executor).ReasonToSkip(tipset);
        if (problem is null)
        {
            try
            {
                MemoryBlockstore output = new();
                TipsetResult result = executor.Execute(tipset, output, detail);
                LayeredBlockstore after = new(output, work.Blocks);
                return new ShownTipset(
                    tipset,
                    version,
                    [.. result.Messages.Select(static message => new ShownMessage(message.Message, message.Source, message.Ret, message.Epoch))],
                    new MessageNames(after, result.State, version),
                    Problem: null);
            }
            catch (Exception exception) when (exception is ChainException or FatalException && !ResourceExhaustedException.IsCauseOf(exception))
            {
                problem = exception.Message;
            }
        }

        ShownMessage[] messages = work.InFile(() => tipset.Blocks.SelectMany(work.Reader.MessagesOf).DistinctBy(static message => message.UnsignedCid)
            .Select(message => new ShownMessage(message.Message, message, Ret: null, tipset.Epoch)).ToArray());
        return new ShownTipset(tipset, version, messages, new MessageNames(work.Blocks, root, version), problem);
    }
}
