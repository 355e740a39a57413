using Fvm.Chain;
using Fvm.Files;
using Fvm.Ipld;
using Fvm.Tracing;

namespace Fvm.Node;

/// <summary>
/// The chain of another node, up to the epoch at which this one's forks off: blocks of its states, read when they are needed and kept on disk, and
/// its tipsets with messages and results. Thread-safe.
/// </summary>
internal sealed class UpstreamChain : IBlockstore, IDisposable
{
    private const long MemoryBytes = 64L << 20;
    private const long DiskBytes = 64L << 30;
    private const int MaxRecent = 256;

    // The first with contracts and the current form of states.
    private const uint OldestVersion = 18;

    // Null rounds in a row; far more than there ever were.
    private const int MaxNullRounds = 1_000;

    private readonly RpcSettings? _settings;
    private readonly BlockFolder? _disk;
    private readonly Lock _gate = new();
    private readonly SortedList<ulong, LocalBlock> _recent = [];
    private readonly List<RpcChain> _former = [];
    private volatile Connection _connection;

    // Per thread, so that no client's work fails by the reads of another's.
    private readonly ThreadLocal<(long Count, BlockstoreException? Last)> _failures = new();

    private UpstreamChain(ForkOptions options)
    {
        _settings = options.Settings;
        _disk = options.CacheFolder is string folder ? BlockFolder.Open(folder, DiskBytes) : null;
        _connection = Connect(options.Endpoint);
        Network = null!;
        Fork = null!;
    }

    /// <summary>The URL of the node, for people.</summary>
    public string Name => _connection.Rpc.Name;

    /// <summary>The network: the upstream's, and behind the fork a local one of the same version.</summary>
    public NetworkParameters Network { get; private set; }

    /// <summary>The network version behind the fork.</summary>
    public NetworkVersion Version { get; private set; }

    /// <summary>The last block that the fork shares.</summary>
    public LocalBlock Fork { get; private set; }

    /// <summary>The number of round trips for blocks.</summary>
    public long RoundTrips => _connection.Rpc.RoundTrips;

    /// <summary>How often the node could not give what this thread asked for: then nothing that follows is a result.</summary>
    public long Failures => _failures.Value.Count;

    /// <summary>The last such failure of this thread; null if there was none.</summary>
    public BlockstoreException? LastFailure => _failures.Value.Last;

    /// <summary>Connects to a node, and finds where to fork off.</summary>
    /// <exception cref="BlockstoreException">The node does not answer, or lacks something.</exception>
    /// <exception cref="FormatException">Its network cannot be forked, or the epoch.</exception>
    /// <exception cref="FileException">The cache cannot be used.</exception>
    public static UpstreamChain Open(ForkOptions options)
    {
        UpstreamChain upstream = new(options);
        try
        {
            upstream.Begin(options.Epoch);
            return upstream;
        }
        catch
        {
            upstream.Dispose();
            throw;
        }
    }

    /// <summary>Asks another node from now on, which must have the same chain.</summary>
    /// <exception cref="BlockstoreException">It does not answer.</exception>
    /// <exception cref="RefusedException">It does not know the last block that is shared.</exception>
    public void MoveTo(RpcEndpoint endpoint)
    {
        Connection next = Connect(endpoint);
        if (!next.Rpc.HasTipset(Fork.Tipset.Cids))
        {
            next.Rpc.Dispose();
            throw new RefusedException($"{endpoint.Name} does not know block {Fork.Number}, at which this chain forks off");
        }

        lock (_gate)
        {
            // Requests that are on their way come to their end.
            _former.Add(_connection.Rpc);
            _connection = next;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="BlockstoreException">The node does not answer, or does not have the block.</exception>
    public byte[]? Get(in Cid cid)
    {
        try
        {
            return _connection.Blocks.Get(in cid)
                ?? throw new BlockstoreException($"{Name} does not have the block {cid}: name a node that keeps all states");
        }
        catch (BlockstoreException exception)
        {
            throw Failed(exception);
        }
    }

    /// <summary>A block that the node need not have; null if it does not.</summary>
    /// <exception cref="BlockstoreException">The node does not answer.</exception>
    public byte[]? Find(in Cid cid) => _connection.Blocks.Get(in cid);

    /// <inheritdoc/>
    public bool Has(in Cid cid)
    {
        try
        {
            return _connection.Blocks.Has(in cid);
        }
        catch (BlockstoreException exception)
        {
            throw Failed(exception);
        }
    }

    /// <summary>Always fails.</summary>
    public void Put(in Cid cid, byte[] block) => throw new InvalidOperationException("the blocks of another node are only read");

    /// <summary>Always fails.</summary>
    public void PutMany(IEnumerable<KeyValuePair<Cid, byte[]>> blocks) =>
        throw new InvalidOperationException("the blocks of another node are only read");

    /// <summary>Reads actors of a state together, before they are wanted one after another. What fails is asked for again then.</summary>
    public void ReadAhead(in Cid state, IReadOnlyList<Address> addresses)
    {
        try
        {
            new UpstreamActors(_connection.Blocks, state).Read(addresses);
        }
        catch (BlockstoreException)
        {
            // The look-up itself says so.
        }
    }

    /// <summary>The last block at or before an epoch, which is not behind the fork.</summary>
    public LocalBlock AtOrBefore(ulong epoch)
    {
        if (epoch >= Fork.Number)
        {
            return Fork;
        }

        lock (_gate)
        {
            if (_recent.TryGetValue(epoch, out LocalBlock? known))
            {
                return known;
            }
        }

        Connection connection = _connection;
        Tipset tipset = connection.Reader.Load(connection.Rpc.TipsetAt(new ChainEpoch((long)epoch), Fork.Tipset.Cids));
        LocalBlock block = tipset.Cids.SequenceEqual(Fork.Tipset.Cids) ? Fork : BlockOf(tipset, ChildOf(tipset, Fork.Tipset));
        lock (_gate)
        {
            if (_recent.Count >= MaxRecent)
            {
                _recent.Clear();
            }

            _recent[block.Number] = block;
        }

        return block;
    }

    /// <summary>The block of a hash; null if it is not part of the shared chain.</summary>
    public LocalBlock? Find(EthHash hash) =>
        _connection.Rpc.EpochOfBlock(hash.ToString()) is ulong epoch && epoch <= Fork.Number && AtOrBefore(epoch) is LocalBlock block
            && block.Hash == hash
            ? block
            : null;

    /// <summary>A message by its hash; null if it is not part of the shared chain.</summary>
    public (LocalBlock Block, LocalMessage Message)? FindMessage(EthHash hash)
    {
        if (_connection.Rpc.EpochOfTransaction(hash.ToString()) is not ulong epoch || epoch > Fork.Number)
        {
            return null;
        }

        LocalBlock block = AtOrBefore(epoch);
        return block.Messages.FirstOrDefault(message => message.Hash == hash) is LocalMessage found ? (block, found) : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _connection.Rpc.Dispose();
        foreach (RpcChain former in _former)
        {
            former.Dispose();
        }

        _disk?.Dispose();
        _failures.Dispose();
    }

    private Connection Connect(RpcEndpoint endpoint)
    {
        RpcChain rpc = new(endpoint, _settings);
        return new Connection(rpc, new ChainBlocks(MemoryBytes, _disk, rpc.Blocks), new ChainReader(this));
    }

    private BlockstoreException Failed(BlockstoreException exception)
    {
        _failures.Value = (_failures.Value.Count + 1, exception);
        return exception;
    }

    private void Begin(ulong? epoch)
    {
        Connection connection = _connection;
        IReadOnlyList<Cid> key = connection.Rpc.Head();
        Tipset head = connection.Reader.Load(key);
        if (epoch is ulong wanted && wanted >= (ulong)head.Epoch.Value)
        {
            throw new FormatException($"epoch {wanted} has no results yet: the head of {Name} is at {head.Epoch}, fork at an earlier one");
        }

        Tipset shared = connection.Reader.ParentOf(head);
        Tipset child = head;
        if (epoch is ulong given && (ulong)shared.Epoch.Value > given)
        {
            shared = connection.Reader.Load(connection.Rpc.TipsetAt(new ChainEpoch((long)given), key));
            child = ChildOf(shared, head);
        }

        uint version = connection.Rpc.NetworkVersion(child.Cids);
        if (!Enum.IsDefined((NetworkVersion)version) || version < OldestVersion)
        {
            throw new FormatException(
                $"{Name} is at network version {version}; forks are possible from {OldestVersion} to {(uint)Enum.GetValues<NetworkVersion>().Max()}");
        }

        Version = (NetworkVersion)version;
        ulong round = shared.First.BeaconEntries.Count > 0 ? shared.First.BeaconEntries[^1].Round : 0;
        Network = NetworkCatalog.Fork(
            connection.Rpc.NetworkName(), connection.Rpc.ChainId(), version, shared.Epoch, shared.Timestamp, round);
        Fork = BlockOf(shared, child);
    }

    // The tipset behind another one, on the chain that ends in a third.
    private Tipset ChildOf(Tipset tipset, Tipset end)
    {
        Connection connection = _connection;
        for (long epoch = tipset.Epoch.Value + 1; epoch <= Math.Min(end.Epoch.Value, tipset.Epoch.Value + MaxNullRounds); epoch++)
        {
            Tipset next = connection.Reader.Load(connection.Rpc.TipsetAt(new ChainEpoch(epoch), end.Cids));
            if (next.Epoch > tipset.Epoch)
            {
                return next.Parents.SequenceEqual(tipset.Cids) ? next : throw new ChainException($"{Name} gives tipsets of different chains");
            }
        }

        throw new ChainException($"{Name} has no tipset behind epoch {tipset.Epoch}");
    }

    private LocalBlock BlockOf(Tipset tipset, Tipset child) => new()
    {
        Tipset = tipset,
        Hash = EthHash.OfCid(tipset.ToCid()),
        State = child.First.ParentState,
        Receipts = child.First.ParentReceipts,
        NextBaseFee = child.First.BaseFee,
        Messages = new LazyMessages(() => MessagesOf(tipset, child.First.ParentState, child.First.ParentReceipts)),
    };

    private IReadOnlyList<LocalMessage> MessagesOf(Tipset tipset, in Cid state, in Cid receipts)
    {
        StateTree tree = StateTree.Load(this, state, StateTreeVersion.V5);
        List<LocalMessage> messages = [];
        ulong gas = 0;
        int logs = 0;
        foreach ((ChainMessage message, ApplyRet ret) in new PastResults(_connection.Reader, Network).Read(tipset, receipts))
        {
            gas += ret.Receipt.GasUsed;
            EthTransaction? transaction = TransactionOf(message);
            IReadOnlyList<LocalLog> own = MessageResults.LogsOf(ret.Events, (_, emitter) => EthAddress.Of(emitter, tree.GetActor(emitter)), logs);
            logs += own.Count;
            messages.Add(new LocalMessage
            {
                Hash = transaction?.Hash ?? EthHash.OfCid(message.Cid),
                Message = message,
                Transaction = transaction,
                Ret = ret,
                From = EthAddress.Find(message.Message.From, tree) ?? default,
                To = transaction is not null ? transaction.To : EthAddress.Find(message.Message.To, tree),
                Created = MessageResults.CreatedBy(message.Message, ret),
                Index = messages.Count,
                // Blocks do not tell.
                IsUnchecked = false,
                CumulativeGas = gas,
                Logs = own,
            });
        }

        return messages;
    }

    private EthTransaction? TransactionOf(ChainMessage message)
    {
        try
        {
            return message.Signature is { Kind: ChainSignatureKind.Delegated } signature
                ? EthTransaction.FromMessage(message.Message, signature, Network.ChainId)
                : null;
        }
        catch (EthereumException)
        {
            // Signed as a transaction, but of no form that one has.
            return null;
        }
    }

    private sealed record Connection(RpcChain Rpc, ChainBlocks Blocks, ChainReader Reader);
}
