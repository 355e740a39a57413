using Fvm.Chain;
using Fvm.Ipld;

namespace Fvm.Node;

/// <content>Blocks that are simulated, and change nothing.</content>
internal sealed partial class LocalChain
{
    private const int MaxWaitingSimulations = 64;

    // Each has a state in memory; so that they are as many as the threads which they run on.
    private readonly SemaphoreSlim _simulations;
    private int _waitingSimulations;

    /// <summary>Simulates blocks.</summary>
    /// <param name="request">The blocks.</param>
    /// <param name="block">Behind which block.</param>
    /// <param name="pending">Whether a block with the waiting messages comes between.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="SimulationException">The blocks or one of the calls cannot be.</exception>
    public async Task<IReadOnlyList<SimulatedBlock>> SimulateAsync(
        SimulationRequest request, LocalBlock block, bool pending, CancellationToken stop)
    {
        if (Interlocked.Increment(ref _waitingSimulations) > MaxWaitingSimulations)
        {
            _ = Interlocked.Decrement(ref _waitingSimulations);
            throw new ChainBusyException($"{MaxWaitingSimulations} simulations are waiting already: send fewer at a time");
        }

        try
        {
            await _simulations.WaitAsync(stop);
        }
        finally
        {
            _ = Interlocked.Decrement(ref _waitingSimulations);
        }

        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(request.MaxTime);
        try
        {
            Simulation simulation = await ReadStateAsync(block, () => BeginSimulation(request, block, pending, limit.Token));

            // Other calls come between.
            while (!await ReadStateAsync(block, () => simulation.Advance(MaxMillisecondsAtOnce)))
            {
            }

            return simulation.Blocks;
        }
        catch (Exception exception) when (limit.IsCancellationRequested && exception is OperationCanceledException or ResourceExhaustedException)
        {
            stop.ThrowIfCancellationRequested();
            throw new SimulationException(
                SimulationFault.Timeout, $"timeout: the simulation takes over {request.MaxTime.TotalSeconds} seconds; send fewer calls or blocks");
        }
        catch (ChainException exception)
        {
            // Overrides have broken what the reward or cron reads.
            throw new RefusedException($"the blocks cannot be simulated: {exception.Message}");
        }
        finally
        {
            _ = _simulations.Release();
        }
    }

    private Simulation BeginSimulation(SimulationRequest request, LocalBlock block, bool pending, CancellationToken stop)
    {
        MemoryBlockstore scratch = new();
        ChainReader reader = new(new LayeredBlockstore(scratch, Store));
        LocalBlock parent = pending ? ExecutePending(block, reader, scratch) : block;
        return new Simulation(this, request, parent, block == Head && !pending ? NextBaseFee : parent.NextBaseFee, reader, scratch, stop);
    }

    // As the next block would be made now.
    private LocalBlock ExecutePending(LocalBlock parent, ChainReader reader, MemoryBlockstore scratch)
    {
        BlockDraft draft = DraftAfter(parent, parent.Number + 1, _next);
        StateView before = OpenState(parent.State);
        IReadOnlyList<PoolMessage> chosen = Pool.Select(
            draft.BaseFee, BlockComposer.MaxMessages, GasPerBlock, sender => before.Find(sender)?.Sequence ?? 0);
        HashSet<Cid> free = [.. chosen.Where(static message => message.Unchecked).Select(static message => message.Message.Cid)];
        TipsetExecutor executor = new(_pool, reader, Network) { Unchecked = message => free.Contains(message.Cid) };
        Tipset tipset = new BlockComposer(scratch, Network).Compose(draft with { Messages = [.. chosen.Select(static message => message.Message)] });
        return Migrate(BlockOf(tipset, executor.Execute(tipset, scratch), chosen, executor), scratch);
    }
}
