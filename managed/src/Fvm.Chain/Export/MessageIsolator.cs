using Fvm.Ipld;

namespace Fvm.Chain;

/// <summary>Runs some messages of an executed tipset once more, and notes all that they need.</summary>
/// <param name="executor">Executed the tipset.</param>
public sealed class MessageIsolator(TipsetExecutor executor)
{
    /// <summary>Isolates messages of one machine.</summary>
    /// <param name="pool">A pool without prepared code: code that a pool has already is not read again.</param>
    /// <param name="tipset">The tipset.</param>
    /// <param name="result">Its result, with the states between the messages.</param>
    /// <param name="output">The blocks of that result.</param>
    /// <param name="first">The number of the first message.</param>
    /// <param name="count">The number of messages; all on the machine of the first.</param>
    /// <exception cref="ChainException">A block is missing or malformed.</exception>
    /// <exception cref="FatalException">The state is missing or broken.</exception>
    public MessageCase Isolate(EnginePool pool, Tipset tipset, TipsetResult result, MemoryBlockstore output, int first, int count)
    {
        if (pool.Prepared > 0)
        {
            throw new ArgumentException("the pool has prepared code", nameof(pool));
        }

        AppliedMessage[] messages = [.. result.Messages.Skip(first).Take(count)];
        MachineContext original = result.Machines[messages[0].Machine];
        bool starts = first == 0 || result.Messages[first - 1].Machine != messages[0].Machine;
        Cid before = starts ? original.InitialStateRoot : result.Messages[first - 1].StateAfter
            ?? throw new ArgumentException("the result has no states between the messages", nameof(result));
        LayeredBlockstore states = new(output, executor.Reader.Store);
        BlockRecorder recorder = new(states);

        // The chain is asked on the state before the epoch's messages, whichever of them asks.
        ExternAnswers answers = new(executor.ExternsOf(tipset, original.Epoch, original.InitialStateRoot));
        MachineContext context = original with { InitialStateRoot = before };
        LayeredBlockstore store = new(new MemoryBlockstore(), recorder);
        Executor alone = new(new Machine(pool, context, store, answers, new ProofVerdicts([])));
        foreach (AppliedMessage message in messages)
        {
            ApplyKind kind = message.Source is null ? ApplyKind.Implicit : ApplyKind.Explicit;
            _ = alone.Execute(message.Message, kind, message.Source?.ChainLength ?? 0);
        }

        _ = alone.Flush();
        return new MessageCase
        {
            Context = context,
            Messages = messages,
            Blocks = [.. recorder.Read.Select(cid => new KeyValuePair<Cid, byte[]>(cid, states.Get(cid)!))],
            Answers = answers,
        };
    }
}
