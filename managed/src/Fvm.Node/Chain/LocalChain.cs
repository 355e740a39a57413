using System.Collections.Concurrent;
using System.Text;
using Fvm.Chain;
using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Node;

/// <summary>
/// A chain of one node: a block per epoch, executed as it is made. One thread writes (<see cref="WriteAsync{T}"/>); blocks are immutable, so that
/// any thread reads, and calls run beside each other.
/// </summary>
internal sealed partial class LocalChain : IAsyncDisposable
{
    /// <summary>The gas limit of a block, and so of a message.</summary>
    public const ulong BlockGasLimit = 10_000_000_000;

    private const int MaxWaitingWrites = 10_000;
    private const int MaxWaitingCalls = 2_000;
    private const ulong SafeDistance = 30;
    private const ulong FinalDistance = 900;
    private const ulong MaxUpstreamRange = 2_880;

    private readonly LocalChainOptions _options;
    private readonly EnginePool _pool;
    private readonly StateStore _written = new();
    private readonly TipsetExecutor _executor;
    private readonly BlockComposer _composer;
    private readonly ExecutionLanes _writer = new(1, "writer", MaxWaitingWrites);
    private readonly ExecutionLanes _calls;
    private readonly byte[] _seed;
    private readonly UpstreamChain? _upstream;
    private readonly IBlockstore _own;

    // By the CIDs of their lists.
    private readonly ConcurrentDictionary<Cid, Manifest> _actors = new();

    private volatile ChainHistory _history;

    private LocalChain(LocalChainOptions options)
    {
        _options = options;
        _pool = new EnginePool(new EnginePoolOptions { Cache = options.Code, CompileAhead = true });
        _calls = new ExecutionLanes(options.CallLanes, "call", MaxWaitingCalls);
        _simulations = new SemaphoreSlim(options.CallLanes);
        _seed = Encoding.UTF8.GetBytes(options.NetworkName);
        _upstream = options.Upstream;
        UpgradeSchedule upgrades = options.Upgrades ?? new(new Upgrade(-1, (uint)options.Version, false));
        Network = _upstream?.Network ?? NetworkCatalog.Local(options.NetworkName, options.ChainId, options.EpochSeconds, upgrades);
        _own = new LayeredBlockstore(_written, options.Bundle);
        Store = _upstream is null ? _own : new LayeredBlockstore(_written, options.Bundle, _upstream);
        Miner = _upstream?.Fork.Tipset.First.Miner ?? Address.NewId(BundleGenesis.Miner);
        SavedChain? saved = null;
        _journal = options.DataFolder is string folder ? ChainJournal.Open(folder, Identity, options.HistoryBytes, _upstream, out saved) : null;
        _executor = new TipsetExecutor(_pool, new ChainReader(Store), Network) { Unchecked = IsUnchecked };
        _composer = new BlockComposer(_written, Network);
        _history = saved?.History
            ?? new ChainHistory(BuildFirst(), Network.ChainId, options.HistoryBytes);
        if (saved is not null)
        {
            Take(saved);
        }

        BeginSaving(isNew: saved is null);
        _pruneAt = options.StateBytes;
    }

    /// <summary>Raised on the writer's thread behind each change of the chain.</summary>
    public event Action<ChainChange>? Changed;

    /// <summary>Raised when a message is taken into the pool.</summary>
    public event Action<PoolMessage>? Accepted;

    /// <summary>The first block of its own: the genesis, or that at which it forks off.</summary>
    public LocalBlock Genesis => _history.First;

    /// <summary>The first block of all: of a fork, the other node's genesis.</summary>
    /// <exception cref="BlockstoreException">The other node does not answer.</exception>
    public LocalBlock Origin => _upstream is null ? Genesis : AtOrBefore(0);

    /// <summary>The last block.</summary>
    public LocalBlock Head => _history.Head;

    /// <summary>The network.</summary>
    public NetworkParameters Network { get; }

    /// <summary>All blocks, messages and states. Of a fork, reading what the other node does not have is a failure.</summary>
    public IBlockstore Store { get; }

    /// <summary>The messages that wait.</summary>
    public MessagePool Pool { get; } = new();

    /// <summary>The chain ID.</summary>
    public ulong ChainId => Network.ChainId;

    /// <summary>The network version.</summary>
    public NetworkVersion Version => (NetworkVersion)Network.Upgrades.VersionAt(new ChainEpoch((long)Head.Number + 1));

    /// <summary>The version of the builtin actors of the next block.</summary>
    public int ActorsVersion => NetworkRules.For((uint)Version).ActorsVersion;

    /// <summary>Executes tipsets of this chain, for those that want more of them than their results.</summary>
    public TipsetExecutor Executor => _executor;

    /// <summary>Makes a chain.</summary>
    /// <exception cref="InputException">The bundle is not of the network version, or the accounts cannot be made.</exception>
    public static LocalChain Create(LocalChainOptions options) => ExecutionThread.Run(() => new LocalChain(options));

    /// <summary>The block of a number; null for a null round and beyond the head.</summary>
    public LocalBlock? FindBlock(ulong number) => AtOrBefore(number) is LocalBlock block && block.Number == number ? block : null;

    /// <summary>The block of a hash; null if it is not part of the chain.</summary>
    public LocalBlock? FindBlock(EthHash hash) => _history.Find(hash) ?? _upstream?.Find(hash);

    /// <summary>The last block at or before a number.</summary>
    /// <exception cref="RefusedException">It is no longer kept.</exception>
    public LocalBlock AtOrBefore(ulong number) =>
        number < Genesis.Number && _upstream is not null ? _upstream.AtOrBefore(number) : _history.AtOrBefore(number);

    /// <summary>The block before another one; null for the genesis, and if it is no longer kept.</summary>
    public LocalBlock? ParentOf(LocalBlock block) => block.Tipset.Parents.Count == 0
        ? null
        : FindBlock(block.ParentHash);

    /// <summary>The block behind another one; null for the head.</summary>
    /// <exception cref="RefusedException">It is no longer kept.</exception>
    public LocalBlock? After(LocalBlock block)
    {
        // Null rounds in a row are few.
        for (ulong number = block.Number + 1; number < Genesis.Number; number++)
        {
            if (FindBlock(number) is LocalBlock next)
            {
                return next;
            }
        }

        return _history.AtOrAfter(Math.Max(block.Number + 1, Genesis.Number));
    }

    /// <summary>The blocks with numbers in a range, in order; as they are when they are reached.</summary>
    /// <exception cref="RefusedException">One is no longer kept.</exception>
    public IEnumerable<LocalBlock> Range(ulong first, ulong last)
    {
        if (_upstream is not null && first + MaxUpstreamRange < Genesis.Number)
        {
            throw new RefusedException($"at most {MaxUpstreamRange} blocks before the fork, {Genesis.Number}, are searched at once");
        }

        for (ulong number = first; _upstream is not null && number < Genesis.Number && number <= last; number++)
        {
            if (_upstream.AtOrBefore(number) is LocalBlock earlier && earlier.Number == number)
            {
                yield return earlier;
            }
        }

        for (LocalBlock? block = _history.AtOrAfter(Math.Max(first, Genesis.Number));
            block is not null && block.Number <= last;
            block = _history.AtOrAfter(block.Number + 1))
        {
            yield return block;
        }
    }

    /// <summary>The last blocks, the latest first.</summary>
    /// <param name="count">How many at most.</param>
    public IReadOnlyList<LocalBlock> Last(int count) => _upstream is null
        ? _history.Last(count)
        : [.. _history.Last(count).Where(block => block.Number > Genesis.Number)];

    /// <summary>A mined message by its hash; null if there is none.</summary>
    public (LocalBlock Block, LocalMessage Message)? FindMessage(EthHash hash) =>
        _history.FindMessage(hash) ?? (Pool.Find(hash) is null ? _upstream?.FindMessage(hash) : null);

    /// <summary>A mined message by its hash, that is not from before the fork; null if there is none.</summary>
    public (LocalBlock Block, LocalMessage Message)? FindOwnMessage(EthHash hash) => _history.FindMessage(hash);

    /// <summary>A block, message or state by its CID; null if it is neither here nor, of a fork, at the other node.</summary>
    /// <exception cref="BlockstoreException">The other node does not answer.</exception>
    public byte[]? FindObject(in Cid cid) => _own.Get(in cid) ?? _upstream?.Find(in cid);

    /// <summary>The same, but only if it is here.</summary>
    public byte[]? FindOwnObject(in Cid cid) => _own.Get(in cid);

    /// <summary>The block that counts as safe.</summary>
    public LocalBlock Safe() => AtOrBefore(Head.Number - Math.Min(Head.Number, SafeDistance));

    /// <summary>The block that counts as final.</summary>
    public LocalBlock Finalized() => AtOrBefore(Head.Number - Math.Min(Head.Number, FinalDistance));

    /// <summary>The state behind a block.</summary>
    /// <exception cref="RefusedException">It is no longer kept.</exception>
    public StateView StateOf(LocalBlock block)
    {
        RequireState(block);
        return OpenState(block.State);
    }

    /// <summary>
    /// The weight of the chain that ends with a block, as its child has it. A local network has no power: its weight is the epoch of the next block.
    /// The child of the block that was forked is not known here.
    /// </summary>
    /// <exception cref="ChainException">Of the block that was forked: its state is incomplete.</exception>
    public TokenAmount WeightOf(LocalBlock block)
    {
        TokenAmount? weight = _upstream is not null && block == Genesis
            ? TipsetWeight.Of(block.Tipset, OpenState(block.Tipset.First.ParentState).Tree)
            : After(block)?.Tipset.First.ParentWeight;
        return weight ?? TokenAmount.FromAtto(block.Number + 1);
    }

    /// <summary>Does work as the only writer.</summary>
    /// <exception cref="ChainBusyException">Too much is waiting.</exception>
    public Task<T> WriteAsync<T>(Func<T> work) => _writer.RunAsync(() =>
    {
        if (_saveProblem is not null)
        {
            throw new RefusedException(_saveProblem);
        }

        try
        {
            return Guarded(work);
        }
        finally
        {
            Save();
        }
    });

    /// <summary>Does work beside others, on a thread that messages can run on.</summary>
    /// <exception cref="ChainBusyException">Too much is waiting.</exception>
    public Task<T> ReadAsync<T>(Func<T> work) => _calls.RunAsync(() => Guarded(work));

    /// <summary>Ends mining and calls.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopTimerAsync();
        _writer.Dispose();
        _calls.Dispose();
        _simulations.Dispose();
        _pool.Dispose();
        _written.Dispose();
        _journal?.Dispose();
    }

    private StateView OpenState(in Cid root) => OpenState(root, Store);

    private StateView OpenState(in Cid root, IBlockstore store)
    {
        StateTree tree = StateTree.Load(store, root, StateTreeVersion.V5);
        Cid actors = SystemActorState.Load(tree).BuiltinActors;
        return new StateView(tree, _actors.GetOrAdd(actors, static (list, from) => Manifest.Load(from, list, Manifest.Version), Store));
    }

    private bool IsUnchecked(ChainMessage message) => _uncheckedNow.Contains(message.Cid);
}
