using Fvm.Chain;
using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Node;

/// <content>Blocks and their times.</content>
internal sealed partial class LocalChain
{
    private const int MaxBlocksPerRequest = 100_000;

    // The CIDs of the messages of the block that is made, which are applied without checks of their sender.
    private readonly HashSet<Cid> _uncheckedNow = [];
    private readonly Lock _timerGate = new();
    private ITimer? _timer;
    private TokenAmount? _nextBaseFee;
    private ulong? _nextTimestamp;
    private ulong? _timestampInterval;
    private long _timeOffset;

    /// <summary>When blocks are made.</summary>
    public MiningMode Mode { get; private set; } = MiningMode.Automatic;

    /// <summary>The time between blocks, if they are made at fixed times.</summary>
    public TimeSpan Interval { get; private set; }

    /// <summary>The base fee of the next block.</summary>
    public TokenAmount NextBaseFee => _nextBaseFee ?? Head.NextBaseFee;

    /// <summary>Makes blocks.</summary>
    /// <param name="count">How many.</param>
    /// <param name="interval">The seconds between their times; null for as it comes.</param>
    /// <returns>The last one.</returns>
    /// <exception cref="RefusedException">They are too many.</exception>
    public Task<LocalBlock> MineAsync(ulong count = 1, ulong? interval = null)
    {
        if (count > MaxBlocksPerRequest)
        {
            throw new RefusedException($"{count} blocks: at most {MaxBlocksPerRequest} are made at once; use fvm_advanceTo for a distant epoch");
        }

        return WriteAsync(() =>
        {
            for (ulong i = 0; i < count; i++)
            {
                if (i > 0 && interval is ulong seconds)
                {
                    _nextTimestamp = Head.Timestamp + seconds;
                }

                _ = MineOne(Head.Number + 1);
            }

            return Head;
        });
    }

    /// <summary>Makes one block at an epoch; those in between are null rounds.</summary>
    /// <exception cref="RefusedException">The epoch is not behind the head's, or too far.</exception>
    public Task<LocalBlock> AdvanceToAsync(ulong epoch) => WriteAsync(() =>
    {
        ulong most = Head.Number + MaxBlocksPerRequest;
        if (epoch <= Head.Number || epoch > most)
        {
            throw new RefusedException($"epoch {epoch}: expected one after {Head.Number}, up to {most}");
        }

        return MineOne(epoch);
    });

    /// <summary>Chooses when blocks are made.</summary>
    /// <param name="mode">When.</param>
    /// <param name="interval">The time between them, for <see cref="MiningMode.Interval"/>.</param>
    public Task SetMiningAsync(MiningMode mode, TimeSpan interval = default) => WriteAsync(() =>
    {
        lock (_timerGate)
        {
            _timer?.Dispose();
            _timer = mode == MiningMode.Interval ? _options.Clock.CreateTimer(_ => OnTimer(), null, interval, interval) : null;
        }

        Mode = mode;
        Interval = interval;
        if (mode == MiningMode.Automatic)
        {
            MineWaiting();
        }

        return true;
    });

    /// <summary>Sets the base fee of the next block.</summary>
    public Task SetNextBaseFeeAsync(TokenAmount fee) => WriteAsync(() => _nextBaseFee = fee);

    /// <summary>Sets the time of the next block; those behind it go on from there.</summary>
    /// <exception cref="RefusedException">It is not behind the head's.</exception>
    public Task SetNextTimestampAsync(ulong seconds) => WriteAsync(() => _nextTimestamp = seconds > Head.Timestamp && seconds <= long.MaxValue
        ? seconds
        : throw new RefusedException($"timestamp {seconds} is not after the latest block's: expected more than {Head.Timestamp}"));

    /// <summary>Sets the clock: the next block has at least this time.</summary>
    /// <returns>By how many seconds the clock was moved.</returns>
    public Task<long> SetTimeAsync(ulong seconds) => WriteAsync(() =>
    {
        long before = _timeOffset;
        _timeOffset = (long)Math.Min(seconds, long.MaxValue / 2) - RealTime();
        return _timeOffset - before;
    });

    /// <summary>Moves the clock forward.</summary>
    /// <returns>By how many seconds it is ahead in all.</returns>
    public Task<long> IncreaseTimeAsync(ulong seconds) => WriteAsync(() =>
        _timeOffset += (long)Math.Min(seconds, (ulong)(uint.MaxValue - 1) << 8));

    /// <summary>Sets the seconds between blocks; null for those of the clock.</summary>
    public Task SetTimestampIntervalAsync(ulong? seconds) => WriteAsync(() => _timestampInterval = seconds);

    /// <summary>The block that would be made next.</summary>
    public PendingBlock Pending()
    {
        LocalBlock head = Head;
        BlockDraft draft = DraftAfter(head, head.Number + 1);
        StateView state = OpenState(head.State);
        return new PendingBlock(
            _composer.Preview(draft),
            head.Hash,
            Pool.Select(draft.BaseFee, BlockComposer.MaxMessages, BlockGasLimit, sender => state.Find(sender)?.Sequence ?? 0));
    }

    private long RealTime() => _options.Clock.GetUtcNow().ToUnixTimeSeconds();

    private ulong TimestampAfter(LocalBlock parent)
    {
        if (_nextTimestamp is ulong given)
        {
            return given;
        }

        return _timestampInterval is ulong interval
            ? parent.Timestamp + interval
            : Math.Max(parent.Timestamp + 1, (ulong)Math.Max(0, RealTime() + _timeOffset));
    }

    private void OnTimer()
    {
        try
        {
            _ = WriteAsync(() => Mode == MiningMode.Interval ? MineOne(Head.Number + 1) : Head);
        }
        catch (Exception exception) when (exception is ChainBusyException or ObjectDisposedException or InvalidOperationException)
        {
            // A busy node makes the block at the next tick; one that ends makes none.
        }
    }

    private async ValueTask StopTimerAsync()
    {
        ITimer? timer;
        lock (_timerGate)
        {
            timer = _timer;
            _timer = null;
        }

        if (timer is not null)
        {
            await timer.DisposeAsync();
        }
    }

    // Until nothing more can be mined.
    private void MineWaiting()
    {
        while (Pool.Count > 0 && MineOne(Head.Number + 1).Messages.Count > 0)
        {
        }
    }

    private BlockDraft DraftAfter(LocalBlock parent, ulong epoch) => new()
    {
        Parent = parent.Tipset,
        Epoch = new ChainEpoch((long)epoch),
        Timestamp = TimestampAfter(parent),
        ParentState = parent.State,
        ParentReceipts = parent.Receipts,
        BaseFee = _nextBaseFee ?? parent.NextBaseFee,
        Miner = Address.NewId(BundleGenesis.Miner),
        SeedBytes = _seed,
    };

    private LocalBlock MineOne(ulong epoch)
    {
        LocalBlock parent = Head;
        BlockDraft draft = DraftAfter(parent, epoch);
        StateView before = OpenState(parent.State);
        IReadOnlyList<PoolMessage> chosen = Pool.Select(
            draft.BaseFee, BlockComposer.MaxMessages, BlockGasLimit, sender => before.Find(sender)?.Sequence ?? 0);
        _uncheckedNow.Clear();
        _uncheckedNow.UnionWith(chosen.Where(static message => message.Unchecked).Select(static message => message.Message.Cid));
        Tipset tipset = _composer.Compose(draft with { Messages = [.. chosen.Select(static message => message.Message)] });
        TipsetResult result = _executor.Execute(tipset, _written);
        LocalBlock block = new()
        {
            Tipset = tipset,
            Hash = EthHash.OfCid(tipset.ToCid()),
            Parent = parent,
            State = result.State,
            Receipts = result.Receipts,
            Messages = MessageResults.Read(result, chosen, OpenState(result.State)),
            NextBaseFee = _executor.BaseFeeAfter(tipset),
        };
        _nextTimestamp = null;
        _nextBaseFee = null;
        _timeOffset = Math.Max(_timeOffset, _timestampInterval is null ? (long)block.Timestamp - RealTime() : _timeOffset);
        foreach (PoolMessage message in chosen)
        {
            _ = Pool.Remove(message.Hash);
        }

        StateView after = OpenState(block.State);
        Pool.RemoveUsed(sender => after.Find(sender)?.Sequence ?? 0);
        Append(block);
        Changed?.Invoke(new ChainChange([], [block]));
        return block;
    }
}
