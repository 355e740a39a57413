using System.CommandLine;
using Fvm.Chain;
using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary>What a command on a chain works with: the opened chain, its network and head.</summary>
internal sealed class ChainWork : IDisposable
{
    private readonly CarStore _blocks;

    private ChainWork(CarStore blocks, NetworkParameters network, ChainReader reader, Tipset head, string name)
    {
        _blocks = blocks;
        Network = network;
        Reader = reader;
        Head = head;
        Name = name;
    }

    /// <summary>All blocks.</summary>
    public IBlockstore Blocks => _blocks;

    public NetworkParameters Network { get; }

    public ChainReader Reader { get; }

    /// <summary>The last tipset.</summary>
    public Tipset Head { get; }

    /// <summary>The name in errors.</summary>
    public string Name { get; }

    /// <summary>Opens the chain that options name.</summary>
    /// <exception cref="UsageException">An option is malformed.</exception>
    /// <exception cref="InputException">The chain cannot be read.</exception>
    public static ChainWork Open(ParseResult parsed, ChainOptions options)
    {
        CarStore blocks = CarBlocks.Open(parsed.GetValue(options.Snapshot)!);
        try
        {
            ChainReader reader = new(blocks);
            return new ChainWork(
                blocks,
                options.NetworkOf(parsed, blocks),
                reader,
                options.HeadOf(parsed, reader, blocks.Roots),
                parsed.GetValue(options.Snapshot)!);
        }
        catch
        {
            blocks.Dispose();
            throw;
        }
    }

    /// <summary>The tipsets of a range, the oldest first; at least one.</summary>
    /// <param name="replayer">Plans.</param>
    /// <param name="from">The first epoch.</param>
    /// <param name="to">The last epoch.</param>
    /// <exception cref="UsageException">There is none.</exception>
    /// <exception cref="InputException">A block is malformed.</exception>
    public IReadOnlyList<ReplayItem> Plan(ChainReplayer replayer, long from, long to)
    {
        IReadOnlyList<ReplayItem> items = InFile(() => replayer.Plan(Head, new ChainEpoch(from), new ChainEpoch(to)));
        return items.Count > 0
            ? items
            : throw new UsageException($"no tipset to execute below the head of epoch {Head.Epoch}: check --from, --to and --head");
    }

    /// <summary>Reads something of the chain; errors name it.</summary>
    /// <exception cref="InputException">A block is missing or malformed.</exception>
    public T InFile<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is ChainException or FatalException && !ResourceExhaustedException.IsCauseOf(exception))
        {
            throw new InputException($"{Name}: {exception.Message}", exception);
        }
    }

    public void Dispose() => _blocks.Dispose();
}
