using Fvm.Chain;
using Fvm.Ipld;
using Fvm.Tracing;

namespace Fvm.Node;

/// <content>Calls, which change nothing.</content>
internal sealed partial class LocalChain
{
    // Lotus's margin on estimates.
    private const ulong MarginNumerator = 5;
    private const ulong MarginDenominator = 4;

    // The precision of the search for a limit, as a divisor of it.
    private const ulong SearchPrecision = 100;

    // A filler of the length of a type-2 signature, so that a call is charged as the transaction would be.
    private static readonly ChainSignature CallSignature = new(ChainSignatureKind.Delegated, new byte[65]);

    /// <summary>Runs a call.</summary>
    /// <param name="request">The call.</param>
    /// <param name="block">On the state behind which block.</param>
    /// <param name="pending">Whether the waiting messages count, with the time and base fee of the next block.</param>
    /// <param name="overrides">Accounts that are taken for others.</param>
    /// <param name="tracing">Whether the result has a trace.</param>
    /// <returns>The result; also of a call that failed.</returns>
    public Task<CallOutcome> CallAsync(
        CallRequest request, LocalBlock block, bool pending = false, IReadOnlyList<AccountOverride>? overrides = null, bool tracing = false) =>
        ReadStateAsync(block, () => Run(request, block, pending, request.Gas, overrides, tracing));

    /// <summary>Finds a gas limit with which a transaction succeeds.</summary>
    /// <param name="request">The transaction.</param>
    /// <param name="block">On the state behind which block.</param>
    /// <param name="pending">Whether the waiting messages count.</param>
    /// <param name="overrides">Accounts that are taken for others.</param>
    /// <exception cref="CallFailedException">It fails with any limit.</exception>
    public Task<ulong> EstimateAsync(
        CallRequest request, LocalBlock block, bool pending = false, IReadOnlyList<AccountOverride>? overrides = null) => ReadStateAsync(block, () =>
        {
            CallOutcome first = Run(request, block, pending, BlockGasLimit, overrides, tracing: false);
            if (!first.ExitCode.IsSuccess)
            {
                throw new CallFailedException(first);
            }

            ulong limit = WithMargin(first.GasUsed);
            if (Suffices(limit, isFirst: true))
            {
                return limit;
            }

            // A call below had less than it wanted, as it gets at most 63/64 of what is left.
            ulong low = limit;
            do
            {
                low = limit;
                limit = Math.Min(limit * 2, BlockGasLimit);
            }
            while (limit < BlockGasLimit && !Suffices(limit, isFirst: false));

            while (limit - low > limit / SearchPrecision)
            {
                ulong middle = low + ((limit - low) / 2);
                (low, limit) = Suffices(middle, isFirst: false) ? (low, middle) : (middle, limit);
            }

            return WithMargin(limit);

            // Whether the transaction succeeds and none of its calls runs out of gas that did not at the highest limit.
            bool Suffices(ulong gas, bool isFirst)
            {
                CallOutcome outcome = Run(request, block, pending, gas, overrides, tracing: true);
                return outcome.ExitCode.IsSuccess && (!RanOut(outcome) || (isFirst && RanOut(first.Ret.Trace.Count > 0
                    ? first
                    : Run(request, block, pending, BlockGasLimit, overrides, tracing: true))));
            }
        });

    /// <summary>A word of a contract's storage; zero for everything else.</summary>
    public Task<EthHash> StorageAsync(EthAddress address, EthHash slot, LocalBlock block) => ReadStateAsync(block, () =>
    {
        StateView state = StateOf(block);
        if (state.Find(address) is not ActorState actor || !state.IsContract(actor))
        {
            return default;
        }

        MethodNumber getStorageAt = new(5);
        CborWriter parameters = new();
        parameters.WriteArrayHeader(1);
        parameters.WriteBytes(slot.ToBytes());
        Executor executor = new(_executor.OpenMachine(block.Tipset, block.State, new MemoryBlockstore()));
        ApplyRet ret = executor.Execute(
            SystemMessage(address.ToFilecoin(), getStorageAt, parameters.ToArray()), ApplyKind.Implicit, rawLength: 0);
        byte[] word = ret.Receipt.ExitCode.IsSuccess ? MessageResults.ReturnOf(ret.Receipt.ReturnData.Span) : [];
        byte[] padded = new byte[EthHash.Length];
        word.AsSpan(Math.Max(0, word.Length - padded.Length)).CopyTo(padded.AsSpan(padded.Length - Math.Min(padded.Length, word.Length)));
        return new EthHash(padded);
    });

    /// <summary>A gas limit for a message that used some gas.</summary>
    public static ulong WithMargin(ulong gas) => Math.Min(gas * MarginNumerator / MarginDenominator, BlockGasLimit);

    private static bool RanOut(CallOutcome outcome) =>
        outcome.Ret.Trace.Any(static step => step is CallReturnEvent { ExitCode: var code } && code == ExitCode.SysOutOfGas);

    private static Message SystemMessage(in Address to, MethodNumber method, ReadOnlyMemory<byte> parameters) => new()
    {
        From = Address.NewId(ActorId.System),
        To = to,
        Method = method,
        Params = parameters,
        GasLimit = BlockGasLimit,
    };

    private CallOutcome Run(
        CallRequest request, LocalBlock block, bool pending, ulong? gas, IReadOnlyList<AccountOverride>? overrides, bool tracing) =>
        OutcomeOf(Prepare(MessageOf(request, gas), block, pending, overrides, tracing ? ExecutionDetail.Traces : ExecutionDetail.None));

    private static CallOutcome OutcomeOf(PreparedCall call)
    {
        ApplyRet ret = call.Apply();
        byte[] data = MessageResults.CreatedBy(call.Message, ret) is EthAddress created
            ? call.State.CodeOf(created)
            : MessageResults.ReturnOf(ret.Receipt.ReturnData.Span);
        return new CallOutcome(ret, data, MessageResults.LogsOf(ret, call.State, 0));
    }

    private static Message MessageOf(CallRequest request, ulong? gas) => new()
    {
        From = (request.From ?? default).ToFilecoin(),
        To = request.To is EthAddress to ? to.ToFilecoin() : Address.NewId(ActorId.EthereumAddressManager),
        Value = request.Value,
        Method = request.To is null ? EthTransaction.CreateExternal : EthTransaction.InvokeContract,
        Params = EthTransaction.EncodeParams(request.Input.Span),

        // Zero means none, as to geth and Lotus.
        GasLimit = gas is null or 0 ? BlockGasLimit : Math.Min(gas.Value, BlockGasLimit),
    };

    // The call gets its sender's next nonce.
    private PreparedCall Prepare(
        Message call, LocalBlock block, bool pending, IReadOnlyList<AccountOverride>? overrides, ExecutionDetail detail)
    {
        MemoryBlockstore scratch = new();
        Cid root = overrides is { Count: > 0 } ? Override(block.State, overrides, scratch) : block.State;
        Tipset tipset = pending ? _composer.Preview(DraftAfter(block, block.Number + 1, _next)) : block.Tipset;
        Machine machine = OpenMachine(tipset, root, scratch, detail);
        Executor executor = new(machine);
        StateView state = new(machine.StateTree, machine.Manifest);
        if (pending)
        {
            ApplyWaiting(executor, state, tipset.First.BaseFee);
        }

        if (state.Find(call.From) is null)
        {
            _ = executor.Execute(SystemMessage(call.From, MethodNumber.Send, default), ApplyKind.Implicit, rawLength: 0);
        }

        ActorState? sender = state.Find(call.From);
        ApplyKind kind = sender is null || state.IsSender(sender) ? ApplyKind.Explicit : ApplyKind.Implicit;
        Message message = call with { Sequence = sender?.Sequence ?? 0 };
        ChainSignature? signature = call.From.Protocol == AddressProtocol.Bls ? null : CallSignature;
        return new PreparedCall(executor, state, message, kind, ChainMessage.Create(message, signature).ChainLength);
    }

    // The store of changed states is above the chain's.
    private Machine OpenMachine(Tipset tipset, in Cid root, MemoryBlockstore scratch, ExecutionDetail detail) =>
        _executor.OpenMachine(tipset, root, scratch, detail);

    private void ApplyWaiting(Executor executor, StateView state, in TokenAmount baseFee)
    {
        if (Pool.Count == 0)
        {
            return;
        }

        IReadOnlyList<PoolMessage> waiting = Pool.Select(
            baseFee, BlockComposer.MaxMessages, BlockGasLimit, sender => state.Find(sender)?.Sequence ?? 0);
        foreach (PoolMessage message in waiting)
        {
            _ = executor.Execute(
                message.Message.Message, message.Unchecked ? ApplyKind.Implicit : ApplyKind.Explicit, message.Message.ChainLength);
        }
    }
}
