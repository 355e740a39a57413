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

    private readonly LocalChainOptions _options;
    private readonly EnginePool _pool;
    private readonly MemoryBlockstore _written = new(threadSafe: true);
    private readonly TipsetExecutor _executor;
    private readonly BlockComposer _composer;
    private readonly ExecutionLanes _writer = new(1, "writer", MaxWaitingWrites);
    private readonly ExecutionLanes _calls;
    private readonly byte[] _seed;
    private readonly Manifest _actors;

    // Guards the two look-ups below, of which the list is in the order of numbers.
    private readonly Lock _gate = new();
    private readonly List<LocalBlock> _blocks = [];
    private readonly Dictionary<EthHash, LocalBlock> _byHash = [];
    private readonly Dictionary<EthHash, (LocalBlock Block, LocalMessage Message)> _messages = [];
    private volatile LocalBlock _head;

    private LocalChain(LocalChainOptions options)
    {
        _options = options;
        _pool = new EnginePool(new EnginePoolOptions { Cache = options.Code, CompileAhead = true });
        _calls = new ExecutionLanes(options.CallLanes, "call", MaxWaitingCalls);
        _seed = Encoding.UTF8.GetBytes(options.NetworkName);
        UpgradeSchedule upgrades = new(new Upgrade(-1, (uint)options.Version, false));
        Network = NetworkCatalog.Local(options.NetworkName, options.ChainId, options.EpochSeconds, upgrades);
        Store = new LayeredBlockstore(_written, options.Bundle);
        _executor = new TipsetExecutor(_pool, new ChainReader(Store), Network) { Unchecked = IsUnchecked };
        _composer = new BlockComposer(_written, Network);
        Genesis = LocalGenesis.Build(options, _executor, _composer, Store);
        _head = Genesis;
        _actors = LoadActors(StateTree.Load(Store, Genesis.State, StateTreeVersion.V5));
        Append(Genesis);
    }

    /// <summary>Raised on the writer's thread behind each change of the chain.</summary>
    public event Action<ChainChange>? Changed;

    /// <summary>Raised when a message is taken into the pool.</summary>
    public event Action<PoolMessage>? Accepted;

    /// <summary>The first block.</summary>
    public LocalBlock Genesis { get; }

    /// <summary>The last block.</summary>
    public LocalBlock Head => _head;

    /// <summary>The network.</summary>
    public NetworkParameters Network { get; }

    /// <summary>All blocks, messages and states.</summary>
    public IBlockstore Store { get; }

    /// <summary>The messages that wait.</summary>
    public MessagePool Pool { get; } = new();

    /// <summary>The chain ID.</summary>
    public ulong ChainId => Network.ChainId;

    /// <summary>The network version.</summary>
    public NetworkVersion Version => _options.Version;

    /// <summary>Executes tipsets of this chain, for those that want more of them than their results.</summary>
    public TipsetExecutor Executor => _executor;

    /// <summary>Makes a chain.</summary>
    /// <exception cref="InputException">The bundle is not of the network version, or the accounts cannot be made.</exception>
    public static LocalChain Create(LocalChainOptions options) => ExecutionThread.Run(() => new LocalChain(options));

    /// <summary>The block of a number; null for a null round and beyond the head.</summary>
    public LocalBlock? FindBlock(ulong number) => AtOrBefore(number) is LocalBlock block && block.Number == number ? block : null;

    /// <summary>The block of a hash; null if it is not part of the chain.</summary>
    public LocalBlock? FindBlock(EthHash hash)
    {
        lock (_gate)
        {
            return _byHash.GetValueOrDefault(hash);
        }
    }

    /// <summary>The last block at or before a number.</summary>
    public LocalBlock AtOrBefore(ulong number)
    {
        lock (_gate)
        {
            int low = 0;
            int high = _blocks.Count - 1;
            while (low < high)
            {
                int middle = (low + high + 1) / 2;
                (low, high) = _blocks[middle].Number <= number ? (middle, high) : (low, middle - 1);
            }

            return _blocks[low];
        }
    }

    /// <summary>The blocks with numbers in a range, in order; at most <paramref name="limit"/>.</summary>
    public IReadOnlyList<LocalBlock> Range(ulong first, ulong last, int limit)
    {
        List<LocalBlock> found = [];
        for (LocalBlock? block = AtOrBefore(last); block is not null && block.Number >= first && found.Count < limit; block = block.Parent)
        {
            found.Add(block);
        }

        found.Reverse();
        return found;
    }

    /// <summary>A mined message by its hash; null if there is none.</summary>
    public (LocalBlock Block, LocalMessage Message)? FindMessage(EthHash hash)
    {
        lock (_gate)
        {
            return _messages.TryGetValue(hash, out (LocalBlock, LocalMessage) found) ? found : null;
        }
    }

    /// <summary>The block that counts as safe.</summary>
    public LocalBlock Safe() => AtOrBefore(Head.Number - Math.Min(Head.Number, SafeDistance));

    /// <summary>The block that counts as final.</summary>
    public LocalBlock Finalized() => AtOrBefore(Head.Number - Math.Min(Head.Number, FinalDistance));

    /// <summary>The state behind a block.</summary>
    public StateView StateOf(LocalBlock block) => OpenState(block.State);

    /// <summary>Does work as the only writer.</summary>
    /// <exception cref="ChainBusyException">Too much is waiting.</exception>
    public Task<T> WriteAsync<T>(Func<T> work) => _writer.RunAsync(work);

    /// <summary>Does work beside others, on a thread that messages can run on.</summary>
    /// <exception cref="ChainBusyException">Too much is waiting.</exception>
    public Task<T> ReadAsync<T>(Func<T> work) => _calls.RunAsync(work);

    /// <summary>Ends mining and calls.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopTimerAsync();
        _writer.Dispose();
        _calls.Dispose();
        _pool.Dispose();
    }

    private StateView OpenState(in Cid root) => OpenState(root, Store);

    private StateView OpenState(in Cid root, IBlockstore store) => new(StateTree.Load(store, root, StateTreeVersion.V5), _actors);

    private static Manifest LoadActors(StateTree tree) => Manifest.Load(tree.Store, SystemActorState.Load(tree).BuiltinActors, Manifest.Version);

    private void Append(LocalBlock block)
    {
        lock (_gate)
        {
            _blocks.Add(block);
            _byHash[block.Hash] = block;
            foreach (LocalMessage message in block.Messages)
            {
                _messages[message.Hash] = (block, message);
            }

            _head = block;
        }
    }

    // The blocks behind another one, the latest first.
    private List<LocalBlock> Truncate(LocalBlock head)
    {
        List<LocalBlock> removed = [];
        lock (_gate)
        {
            while (_blocks[^1].Number > head.Number)
            {
                LocalBlock block = _blocks[^1];
                removed.Add(block);
                _blocks.RemoveAt(_blocks.Count - 1);
                _ = _byHash.Remove(block.Hash);
                foreach (LocalMessage message in block.Messages)
                {
                    _ = _messages.Remove(message.Hash);
                }
            }

            ReplaceHead(head);
        }

        return removed;
    }

    // The same block with another state behind it, or the same.
    private void ReplaceHead(LocalBlock head)
    {
        lock (_gate)
        {
            _blocks[^1] = head;
            _byHash[head.Hash] = head;
            foreach (LocalMessage message in head.Messages)
            {
                _messages[message.Hash] = (head, message);
            }

            _head = head;
        }
    }

    private bool IsUnchecked(ChainMessage message) => _uncheckedNow.Contains(message.Cid);
}
