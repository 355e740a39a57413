using Fvm.Chain;
using Fvm.Ipld;
using Fvm.Tracing;

namespace Fvm.Node;

/// <content>Messages that are run again for their traces.</content>
internal sealed partial class LocalChain
{
    /// <summary>Runs the messages of a block again, with traces.</summary>
    /// <param name="block">The block.</param>
    /// <param name="syscalls">Whether the traces have the syscalls, which a trace of opcodes needs.</param>
    /// <returns>The messages in their order.</returns>
    public Task<IReadOnlyList<TracedTransaction>> TraceAsync(LocalBlock block, bool syscalls = false) =>
        ReadStateAsync(block, () => Trace(block, syscalls));

    /// <summary>Runs a message again, with its trace.</summary>
    /// <param name="block">Its block.</param>
    /// <param name="message">The message.</param>
    /// <param name="syscalls">Whether the trace has the syscalls.</param>
    public async Task<TracedTransaction> TraceAsync(LocalBlock block, LocalMessage message, bool syscalls = false) =>
        (await TraceAsync(block, syscalls))[message.Index];

    /// <summary>Runs a call, with its trace.</summary>
    /// <param name="request">The call.</param>
    /// <param name="block">On the state behind which block.</param>
    /// <param name="pending">Whether the waiting messages count.</param>
    /// <param name="overrides">Accounts that are taken for others.</param>
    /// <param name="syscalls">Whether the trace has the syscalls.</param>
    public Task<TracedTransaction> TraceCallAsync(
        CallRequest request, LocalBlock block, bool pending, IReadOnlyList<AccountOverride> overrides, bool syscalls = false) =>
        ReadStateAsync(block, () =>
        {
            ExecutionDetail detail = ExecutionDetail.Traces | (syscalls ? ExecutionDetail.Syscalls : ExecutionDetail.None);
            PreparedCall call = Prepare(MessageOf(request, request.Gas), block, pending, overrides, detail);
            Cid before = call.Executor.Flush();
            ApplyRet ret = call.Apply();
            return new TracedTransaction(call.Executor.Machine, call.Message, ret, before, call.Executor.Flush());
        });

    private IReadOnlyList<TracedTransaction> Trace(LocalBlock block, bool syscalls)
    {
        if (block.Tipset.Parents.Count == 0)
        {
            return [];
        }

        HashSet<Cid> free = [.. block.Messages.Where(static message => message.IsUnchecked).Select(static message => message.Message.Cid)];
        TipsetExecutor executor = new(_pool, new ChainReader(Store), Network) { Unchecked = message => free.Contains(message.Cid) };
        IReadOnlyList<TracedMessage> traced = executor.Trace(block.Tipset, new MemoryBlockstore(), syscalls);
        if (traced.Count != block.Messages.Count)
        {
            throw new FatalException($"block {block.Number} has {block.Messages.Count} messages, but {traced.Count} ran again");
        }

        List<TracedTransaction> transactions = [];
        foreach (LocalMessage message in block.Messages)
        {
            TracedMessage again = traced[message.Index];
            if (again.Result.Receipt.GasUsed != message.Ret.Receipt.GasUsed || again.Result.Receipt.ExitCode != message.Ret.Receipt.ExitCode)
            {
                throw new FatalException($"the transaction {message.Hash} ran differently when it was run again");
            }

            TracePlace place = new($"{block.Hash}", (long)block.Number, $"{message.Hash}", message.Index);
            transactions.Add(new TracedTransaction(again.Machine, again.Message.Message, again.Result, again.Before, again.After) { Place = place });
        }

        return transactions;
    }
}
