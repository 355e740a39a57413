using Fvm.Chain;
using Fvm.Ipld;

namespace Fvm.Node;

/// <content>Blocks and their times.</content>
internal sealed partial class LocalChain
{
    private const int MaxBlocksPerRequest = 100_000;

    // Other requests wait at most for the first; a client is told after the second.
    private const int MaxMillisecondsAtOnce = 50;
    private const int MaxMillisecondsPerRequest = 100_000;
    private const ulong MaxNullRoundsAtOnce = 1_000;

    // Of the events' AMT (FIP-0049).
    private const int EventsBitWidth = 5;

    // Far beyond any date, and sums of some of them fit into 64 bits.
    private const ulong MaxTimestamp = 1UL << 50;

    // The CIDs of the messages of the block that is made, which are applied without checks of their sender.
    private readonly HashSet<Cid> _uncheckedNow = [];
    private readonly Lock _timerGate = new();
    private ITimer? _timer;
    private volatile NextBlock _next = new();

    /// <summary>When blocks are made.</summary>
    public MiningMode Mode { get; private set; } = MiningMode.Automatic;

    /// <summary>The time between blocks, if they are made at fixed times.</summary>
    public TimeSpan Interval { get; private set; }

    /// <summary>The base fee of the next block.</summary>
    public TokenAmount NextBaseFee => _next.BaseFee ?? Head.NextBaseFee;

    /// <summary>Makes blocks.</summary>
    /// <param name="count">How many.</param>
    /// <param name="interval">The seconds between their times; null for as it comes.</param>
    /// <param name="stop">Ends it between two blocks.</param>
    /// <returns>The last one.</returns>
    /// <exception cref="RefusedException">They are too many, or take too long.</exception>
    public async Task<LocalBlock> MineAsync(ulong count = 1, ulong? interval = null, CancellationToken stop = default)
    {
        if (count > MaxBlocksPerRequest)
        {
            throw new RefusedException($"{count} blocks: at most {MaxBlocksPerRequest} are made at once; use fvm_advanceTo for a distant epoch");
        }

        // Other work comes between.
        long start = Environment.TickCount64;
        for (ulong made = 0; made < count;)
        {
            ulong before = made;
            made += await WriteAsync(() => MineSome(before == 0, count - before, interval));
            RequireTime(start, made < count, $"{made} of {count} blocks are made", stop);
        }

        return Head;
    }

    /// <summary>Makes a block at an epoch. Those in between are null rounds, but for a block per thousand.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="stop">Ends it between two blocks.</param>
    /// <exception cref="RefusedException">The epoch is not behind the head's, or too far.</exception>
    public async Task<LocalBlock> AdvanceToAsync(ulong epoch, CancellationToken stop = default)
    {
        ulong first = Head.Number;
        if (epoch <= first || epoch > first + MaxBlocksPerRequest)
        {
            throw new RefusedException($"epoch {epoch}: expected one after {first}, up to {first + MaxBlocksPerRequest}");
        }

        long start = Environment.TickCount64;
        LocalBlock block;
        do
        {
            block = await WriteAsync(() => MineOne(Math.Max(Head.Number + 1, Math.Min(epoch, Head.Number + MaxNullRoundsAtOnce))));
            RequireTime(start, block.Number < epoch, $"epoch {block.Number} on the way to {epoch} is reached", stop);
        }
        while (block.Number < epoch);

        return block;
    }

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
    public Task SetNextBaseFeeAsync(TokenAmount fee) => WriteAsync(() => _next = _next with { BaseFee = fee });

    /// <summary>Sets the time of the next block; those behind it go on from there.</summary>
    /// <exception cref="RefusedException">It is not behind the head's.</exception>
    public Task SetNextTimestampAsync(ulong seconds) => WriteAsync(() => _next = seconds > Head.Timestamp && seconds <= MaxTimestamp
        ? _next with { Timestamp = seconds }
        : throw new RefusedException($"timestamp {seconds} is not after the latest block's: expected {Head.Timestamp + 1} to {MaxTimestamp}"));

    /// <summary>Sets the clock: the next block has at least this time.</summary>
    /// <returns>By how many seconds the clock was moved.</returns>
    public Task<long> SetTimeAsync(ulong seconds) => WriteAsync(() =>
    {
        long before = _next.ClockOffset;
        _next = _next with { ClockOffset = (long)Math.Min(seconds, MaxTimestamp) - RealTime() };
        return _next.ClockOffset - before;
    });

    /// <summary>Moves the clock forward.</summary>
    /// <returns>By how many seconds it is ahead in all.</returns>
    public Task<long> IncreaseTimeAsync(ulong seconds) => WriteAsync(() =>
    {
        long most = (long)MaxTimestamp - RealTime();
        _next = _next with { ClockOffset = Math.Min(most, _next.ClockOffset + (long)Math.Min(seconds, MaxTimestamp)) };
        return _next.ClockOffset;
    });

    /// <summary>Sets the seconds between blocks; null for those of the clock.</summary>
    public Task SetTimestampIntervalAsync(ulong? seconds) => WriteAsync(() =>
        _next = _next with { Interval = seconds is ulong given ? Math.Min(given, MaxTimestamp) : null });

    /// <summary>The block that would be made next.</summary>
    public PendingBlock Pending()
    {
        LocalBlock head = Head;
        BlockDraft draft = DraftAfter(head, head.Number + 1, _next);
        StateView state = OpenState(head.State);
        return new PendingBlock(
            _composer.Preview(draft),
            head.Hash,
            Pool.Select(draft.BaseFee, BlockComposer.MaxMessages, GasPerBlock, sender => state.Find(sender)?.Sequence ?? 0));
    }

    private static void RequireTime(long start, bool isMore, string done, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        if (isMore && Environment.TickCount64 - start > MaxMillisecondsPerRequest)
        {
            throw new RefusedException($"{done}, after {MaxMillisecondsPerRequest / 1_000} seconds: ask again for the rest");
        }
    }

    private ulong MineSome(bool isFirst, ulong count, ulong? interval)
    {
        long start = Environment.TickCount64;
        ulong made = 0;
        while (made < count && (made == 0 || Environment.TickCount64 - start < MaxMillisecondsAtOnce))
        {
            if (!isFirst && interval is ulong seconds)
            {
                _next = _next with { Timestamp = Head.Timestamp + seconds };
            }

            _ = MineOne(Head.Number + 1);
            isFirst = false;
            made++;
        }

        return made;
    }

    private long RealTime() => _options.Clock.GetUtcNow().ToUnixTimeSeconds();

    private ulong TimestampAfter(LocalBlock parent, NextBlock next) => (next.Timestamp, next.Interval) switch
    {
        (ulong given, _) => Math.Max(given, parent.Timestamp + 1),
        (null, ulong interval) => parent.Timestamp + interval,
        _ => Math.Max(parent.Timestamp + 1, (ulong)Math.Max(0, RealTime() + next.ClockOffset)),
    };

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

    // Until nothing more can be mined: a message may wait for one with a lower nonce.
    private void MineWaiting()
    {
        while (Pool.Count > 0 && Pending().Messages.Count > 0)
        {
            _ = MineOne(Head.Number + 1);
        }
    }

    private BlockDraft DraftAfter(LocalBlock parent, ulong epoch, NextBlock next) => new()
    {
        Parent = parent.Tipset,
        Epoch = new ChainEpoch((long)epoch),
        Timestamp = TimestampAfter(parent, next),
        ParentState = parent.State,
        ParentReceipts = parent.Receipts,
        BaseFee = next.BaseFee ?? parent.NextBaseFee,
        Miner = Miner,
        SeedBytes = _seed,
    };

    private LocalBlock MineOne(ulong epoch)
    {
        LocalBlock parent = Head;
        epoch = UpTo(epoch);
        BlockDraft draft = DraftAfter(parent, epoch, _next);
        StateView before = OpenState(parent.State);
        IReadOnlyList<PoolMessage> chosen = Pool.Select(
            draft.BaseFee, BlockComposer.MaxMessages, GasPerBlock, sender => before.Find(sender)?.Sequence ?? 0);
        _uncheckedNow.Clear();
        _uncheckedNow.UnionWith(chosen.Where(static message => message.Unchecked).Select(static message => message.Message.Cid));
        Tipset tipset = _composer.Compose(draft with { Messages = [.. chosen.Select(static message => message.Message)] });
        TipsetResult result = Execute(tipset, chosen);
        LocalBlock block = BlockOf(tipset, result, chosen, _executor);
        NextBlock made = _next;
        _next = made with
        {
            BaseFee = null,
            Timestamp = null,
            ClockOffset = made.Interval is null ? Math.Max(made.ClockOffset, (long)block.Timestamp - RealTime()) : made.ClockOffset,
        };

        block = Migrate(block, _written);

        // First into the block, then out of the pool: at no time is a message in neither.
        AppendBlock(block);
        foreach (PoolMessage message in chosen)
        {
            _ = Pool.Remove(message.Hash);
        }

        StateView after = OpenState(block.State);
        Pool.RemoveUsed(sender => after.Find(sender)?.Sequence ?? 0);
        PruneIfLarge();
        Changed?.Invoke(new ChainChange([], [block]));
        return block;
    }

    private LocalBlock BlockOf(Tipset tipset, TipsetResult result, IReadOnlyList<PoolMessage> chosen, TipsetExecutor executor) => new()
    {
        Tipset = tipset,
        Hash = EthHash.OfCid(tipset.ToCid()),
        State = result.State,
        Receipts = result.Receipts,
        Messages = MessageResults.Read(result, chosen, OpenState(result.State, executor.Reader.Store)),
        NextBaseFee = executor.BaseFeeAfter(tipset),
    };

    // As nodes of Lotus do, so that forks can read them.
    private void PutEvents(TipsetResult result)
    {
        foreach (ApplyRet ret in result.Messages.Select(static applied => applied.Ret).Where(static ret => ret.Events.Count > 0))
        {
            Amt events = new(_written, EventsBitWidth);
            events.BatchSet(ret.Events.Select(static stamped => stamped.Encoded));
            _ = events.Flush();
        }
    }

    // A block that cannot be executed must not be tried again with the same messages.
    private TipsetResult Execute(Tipset tipset, IReadOnlyList<PoolMessage> chosen)
    {
        try
        {
            TipsetResult result = Guarded(() => _executor.Execute(tipset, _written));
            PutEvents(result);
            return result;
        }
        catch (Exception exception) when (exception is ChainException or FatalException or MessageException)
        {
            foreach (PoolMessage message in chosen)
            {
                _ = Pool.Remove(message.Hash);
            }

            throw new RefusedException($"block {tipset.Epoch} cannot be made: {exception.Message}");
        }
    }
}
