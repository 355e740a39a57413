using System.CommandLine;
using Fvm.Chain;
using Fvm.Hosting;
using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary>What a command on a chain works with: the opened chain, its network and head.</summary>
internal sealed class ChainWork : IDisposable
{
    // So many are not in a row on any network.
    private const int MaxNullRounds = 100;

    private readonly ChainSources _sources;
    private readonly IReadOnlyList<CarStore> _bundles;

    private ChainWork(
        ChainSources sources,
        IReadOnlyList<CarStore> bundles,
        IBlockstore blocks,
        NetworkParameters network,
        ChainReader reader,
        Tipset head,
        ProofsLibrary? proofs)
    {
        _sources = sources;
        _bundles = bundles;
        Blocks = blocks;
        Network = network;
        Reader = reader;
        Head = head;
        Verifier = proofs is null ? null : proofs.For;
    }

    /// <summary>All blocks: the chain's, then those of the bundles.</summary>
    public IBlockstore Blocks { get; }

    /// <summary>The node; null for none.</summary>
    public RpcChain? Rpc => _sources.Rpc;

    public NetworkParameters Network { get; }

    public ChainReader Reader { get; }

    /// <summary>The last tipset.</summary>
    public Tipset Head { get; }

    /// <summary>Verifies proofs by the rules of a network version; null if all count as valid.</summary>
    public Func<NetworkVersion, IProofs>? Verifier { get; }

    /// <summary>The name in errors.</summary>
    public string Name => _sources.Name;

    /// <summary>Opens the chain that options name.</summary>
    /// <param name="parsed">The values of the options.</param>
    /// <param name="options">The options.</param>
    /// <param name="errors">Receives what the user should know.</param>
    /// <exception cref="UsageException">An option is malformed.</exception>
    /// <exception cref="InputException">The chain cannot be read.</exception>
    public static ChainWork Open(ParseResult parsed, ChainOptions options, TextWriter errors)
    {
        ProofsLibrary? proofs = options.ProofsOf(parsed);
        ChainSources sources = options.Open(parsed, text => errors.WriteLine($"fvm: {PrintableText.Of(text)}"));
        try
        {
            IReadOnlyList<CarStore> bundles = options.OpenBundles(parsed);
            IBlockstore blocks = bundles.Count == 0 ? sources.Blocks : new LayeredBlockstore(sources.Blocks, [.. bundles]);
            ChainReader reader = new(blocks);
            NetworkParameters network = options.NetworkOf(parsed, blocks);
            return new ChainWork(sources, bundles, blocks, network, reader, options.HeadOf(parsed, reader, sources), proofs);
        }
        catch
        {
            sources.Dispose();
            throw;
        }
    }

    /// <summary>Executes the chain's tipsets.</summary>
    /// <param name="pool">Prepares and keeps code.</param>
    /// <param name="reader">Reads the chain; null for the one of all commands.</param>
    public TipsetExecutor ExecutorOn(EnginePool pool, ChainReader? reader = null) =>
        new(pool, reader ?? Reader, Network) { Verifier = Verifier };

    /// <summary>The tipsets of a range, the oldest first; at least one.</summary>
    /// <param name="replayer">Plans.</param>
    /// <param name="from">The first epoch.</param>
    /// <param name="to">The last epoch.</param>
    /// <exception cref="UsageException">There is none.</exception>
    /// <exception cref="InputException">A block is malformed.</exception>
    public IReadOnlyList<ReplayItem> Plan(ChainReplayer replayer, long from, long to)
    {
        IReadOnlyList<ReplayItem> items = InFile(() => replayer.Plan(EndOf(to), new ChainEpoch(from), new ChainEpoch(to)));
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

    public void Dispose()
    {
        _sources.Dispose();
        foreach (CarStore bundle in _bundles)
        {
            bundle.Dispose();
        }
    }

    // The way from a node's head back to the last epoch may be long: the node knows the tipset. Its header tells whether it is after the epoch.
    private Tipset EndOf(long to)
    {
        long last = Math.Max(to, 0);
        for (long epoch = last; _sources.Rpc is not null && epoch < Head.Epoch.Value - 1 && epoch < last + MaxNullRounds; epoch++)
        {
            Tipset next = Reader.Load(_sources.Rpc.TipsetAt(new ChainEpoch(epoch + 1), Head.Cids));
            if (next.Epoch.Value > last)
            {
                return next;
            }
        }

        return Head;
    }
}
