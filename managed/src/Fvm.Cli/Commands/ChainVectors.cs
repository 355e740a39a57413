using Fvm.Chain;
using Fvm.Ipld;
using Fvm.Vectors;
using AppliedMessage = Fvm.Chain.AppliedMessage;

namespace Fvm.Cli;

/// <summary>Makes vectors of a chain's tipsets: the messages of each machine with the blocks that they read and what they ask of the chain.</summary>
/// <param name="work">The chain.</param>
/// <param name="pool">The settings of the pools that tipsets are executed on.</param>
internal sealed class ChainVectors(ChainWork work, EnginePoolOptions pool)
{
    /// <summary>A vector per machine of each tipset in a range of epochs; an error in place of a tipset that cannot be executed.</summary>
    /// <exception cref="UsageException">There is no tipset.</exception>
    public IEnumerable<VectorOrError> OfRange(long from, long to)
    {
        using EnginePool shared = new(pool);
        TipsetExecutor executor = work.ExecutorOn(shared);
        ChainReplayer replayer = new(executor);
        foreach (ReplayItem item in work.Plan(replayer, from, to))
        {
            foreach (VectorOrError entry in OfItem(executor, replayer, item.Tipset))
            {
                yield return entry;
            }
        }
    }

    /// <summary>One vector: the message of a tipset, or all messages of the tipset's own epoch.</summary>
    /// <param name="tipset">The tipset.</param>
    /// <param name="message">The message; null for all.</param>
    /// <exception cref="UsageException">The tipset does not execute the message.</exception>
    /// <exception cref="InputException">The tipset cannot be executed.</exception>
    public Vector Of(Tipset tipset, Cid? message)
    {
        using EnginePool shared = new(pool);
        TipsetExecutor executor = work.ExecutorOn(shared);
        if (new ChainReplayer(executor).ReasonToSkip(tipset) is string reason)
        {
            throw new InputException($"{work.Name}: the tipset of epoch {tipset.Epoch} cannot be executed: {reason}");
        }

        return work.InFile(() =>
        {
            MemoryBlockstore output = new();
            TipsetResult result = executor.Execute(tipset, output, ExecutionDetail.States);
            int first = message is Cid cid ? IndexOf(result, cid) : StartOf(result, result.Messages[^1].Machine);
            if (first < 0)
            {
                throw new UsageException($"the tipset of epoch {tipset.Epoch} does not execute the message {message}");
            }

            return Isolate(executor, tipset, result, output, first, message is null ? result.Messages.Count - first : 1);
        });
    }

    private static int IndexOf(TipsetResult result, Cid cid)
    {
        for (int index = 0; index < result.Messages.Count; index++)
        {
            if (result.Messages[index].Source is ChainMessage source && (source.Cid == cid || source.UnsignedCid == cid))
            {
                return index;
            }
        }

        return -1;
    }

    private static int StartOf(TipsetResult result, int machine) =>
        result.Messages.TakeWhile(message => message.Machine != machine).Count();

    private List<VectorOrError> OfItem(TipsetExecutor executor, ChainReplayer replayer, Tipset tipset)
    {
        if (replayer.ReasonToSkip(tipset) is string reason)
        {
            return [VectorOrError.Failed($"{work.Name}: epoch {tipset.Epoch}: {reason}")];
        }

        try
        {
            MemoryBlockstore output = new();
            TipsetResult result = executor.Execute(tipset, output, ExecutionDetail.States);
            List<VectorOrError> made = [];
            foreach (IGrouping<int, AppliedMessage> machine in result.Messages.GroupBy(static message => message.Machine))
            {
                made.Add(new VectorOrError(
                    Isolate(executor, tipset, result, output, StartOf(result, machine.Key), machine.Count()), Error: null));
            }

            return made;
        }
        catch (Exception exception) when (exception is ChainException or FatalException && !ResourceExhaustedException.IsCauseOf(exception))
        {
            return [VectorOrError.Failed($"{work.Name}: epoch {tipset.Epoch}: {exception.Message}")];
        }
    }

    // What is expected are this machine's results.
    private Vector Isolate(TipsetExecutor executor, Tipset tipset, TipsetResult result, MemoryBlockstore output, int first, int count)
    {
        using EnginePool fresh = new(pool);
        MessageCase found = new MessageIsolator(executor).Isolate(fresh, tipset, result, output, first, count);
        string root = result.Messages[first + count - 1].StateAfter?.ToString() ?? string.Empty;
        return CaseVector.Of(found, new Receipt?[count], root);
    }
}
