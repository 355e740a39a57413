using Fvm.Ipld;

namespace Fvm;

/// <summary>
/// Applies messages to a machine in sequence. A message may nest 1,024 actor calls: use a thread with a large stack
/// (<see cref="ExecutionThread"/>).
/// </summary>
/// <param name="machine">The machine, used exclusively by this executor.</param>
public sealed partial class Executor(Machine machine)
{
    // Weak: between messages the collector may take the blocks. A client drops a machine long after its last message, and sees neither this
    // memory nor a reason to be quicker.
    private readonly WeakReference<BlockCache?> _blocks = new(null);

    /// <summary>The machine.</summary>
    public Machine Machine => machine;

    /// <summary>Whether blocks of earlier messages are in memory; for tests.</summary>
    internal bool KeepsBlocks => _blocks.TryGetTarget(out _);

    /// <summary>Applies a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="kind">Explicit or implicit.</param>
    /// <param name="rawLength">The message's on-chain length in bytes, which is charged for.</param>
    /// <param name="stop">
    /// Ends the call at its next syscall or call of an actor, as want of memory does: never with a receipt. Code that does neither ends at its next
    /// loop or function if the engine's code can be stopped (<see cref="EnginePoolOptions.Stoppable"/>), otherwise when its gas is used up.
    /// </param>
    /// <exception cref="FatalException">The call itself fails: the message is malformed, or the state is broken before or after its execution.
    /// The machine stays usable.</exception>
    /// <exception cref="ResourceExhaustedException">The process ran out of memory, or the call was stopped. The message has no result, and the
    /// machine refuses all later calls: its state is undefined.</exception>
    /// <exception cref="OperationCanceledException">The call was stopped before it began. The machine stays usable.</exception>
    public ApplyRet Execute(Message message, ApplyKind kind, long rawLength, CancellationToken stop = default)
    {
        stop.ThrowIfCancellationRequested();
        machine.BeginCall();
        try
        {
            ApplyRet ret = Apply(message, kind, rawLength, stop);
            machine.EndCall();
            return ret;
        }
        catch (FatalException e) when (!ResourceExhaustedException.IsCauseOf(e))
        {
            machine.EndCall();
            throw;
        }
        catch (Exception e) when (ResourceExhaustedException.IsCauseOf(e))
        {
            throw machine.CutShortBy("a message", e);
        }
    }

    /// <summary>Flushes the state.</summary>
    /// <returns>The new state root.</returns>
    /// <exception cref="FatalException">The state cannot be written.</exception>
    /// <exception cref="ResourceExhaustedException">The process ran out of memory now, or in an earlier call.</exception>
    public Cid Flush() => machine.Flush();

    private ApplyRet Apply(Message message, ApplyKind kind, long rawLength, CancellationToken stop)
    {
        Preflight preflight = Check(message, kind, rawLength);
        if (preflight.Failure is ApplyRet failure) return failure;

        MessageOrigin origin = new(
            preflight.Sender,
            message.From,
            machine.StateTree.LookupId(message.To),
            message.To,
            message.Sequence,
            message.GasLimit,
            EffectivePremium(message));
        using MessageExecution execution = new(machine, origin, Blocks(), stop);
        if (!execution.TryCharge(preflight.InclusionCost))
        {
            // Preflight has compared the inclusion cost with the limit.
            throw new FatalException("out of gas while charging for the message's inclusion");
        }

        Block? parameters = message.Params.IsEmpty ? null : new Block(CodecOfParams(message), message.Params.ToArray());
        Call call = new(preflight.Sender, message.To, message.Method, parameters, message.Value, GasLimit: null, ReadOnly: false);
        Outcome outcome = new CallManager(execution).Send(call, out InvocationResult result);

        // Even if the failure was turned into another outcome on its way up.
        execution.ThrowIfExhausted();
        Receipt receipt = ToReceipt(message, execution, outcome, result, out ulong? returnCodec);
        Backtrace backtrace = execution.Backtrace;
        GasOutputs outputs = kind == ApplyKind.Explicit ? Settle(message, preflight, receipt) : default;
        return new ApplyRet(outputs)
        {
            Receipt = receipt,
            Backtrace = backtrace.IsEmpty || receipt.ExitCode.IsSuccess ? null : backtrace,
            ReturnCodec = returnCodec,
            Events = execution.Events.Events,
            Trace = (IReadOnlyList<ExecutionEvent>?)execution.Trace ?? [],
        };
    }

    private BlockCache Blocks()
    {
        if (!_blocks.TryGetTarget(out BlockCache? blocks))
        {
            blocks = new BlockCache();
            _blocks.SetTarget(blocks);
        }

        return blocks;
    }

    // Off-chain parameters have no reachable links: plain CBOR, or raw bytes if no code sees them.
    private ulong CodecOfParams(Message message) => machine.Rules.Machine.OnlyDagCbor
        ? Multicodec.DagCbor
        : message.Method.IsSend ? Multicodec.Raw : Multicodec.Cbor;

    // The premium is capped by what the fee cap leaves above the base fee.
    private TokenAmount EffectivePremium(Message message)
    {
        TokenAmount room = message.GasFeeCap - machine.Context.BaseFee;
        TokenAmount premium = message.GasPremium < room ? message.GasPremium : room;
        return premium.IsNegative ? TokenAmount.Zero : premium;
    }

    private Receipt ToReceipt(
        Message message, MessageExecution execution, in Outcome outcome, in InvocationResult result, out ulong? returnCodec)
    {
        ulong gasUsed = execution.Gas.Used.RoundUp();
        Cid? eventsRoot = execution.Events.Root();
        Backtrace backtrace = execution.Backtrace;
        returnCodec = null;
        switch (outcome.Kind)
        {
            case OutcomeKind.Ok:
                if (result.ExitCode.IsSuccess)
                {
                    backtrace.Clear();
                }

                returnCodec = result.Value?.Codec;
                return MakeReceipt(result.ExitCode, gasUsed, eventsRoot, result.Value?.LastingData ?? default);

            case OutcomeKind.OutOfGas:
                return MakeReceipt(ExitCode.SysOutOfGas, gasUsed, eventsRoot);

            case OutcomeKind.Error:
                // The call could not be dispatched; its error becomes an on-chain exit code.
                backtrace.Begin($"send::send -- {outcome.Message} ({(uint)outcome.ErrorNumber}: {outcome.ErrorNumber})");
                return MakeReceipt(ExitCode.OfUndispatched(outcome.ErrorNumber), gasUsed, eventsRoot);

            default:
                // All gas is consumed, so that a failure common to all nodes gives the same result on each.
                backtrace.SetCause(
                    $"[FATAL] Error: [from={message.From}, to={message.To}, seq={message.Sequence}, m={message.Method.Value}, "
                    + $"h={machine.Context.Epoch}]: {outcome.Message}");
                return MakeReceipt(ExitCode.SysAssertionFailed, message.GasLimit, eventsRoot);
        }
    }

    private static Receipt MakeReceipt(ExitCode exitCode, ulong gasUsed, Cid? eventsRoot, ReadOnlyMemory<byte> returned = default) =>
        new() { ExitCode = exitCode, ReturnData = returned, GasUsed = gasUsed, EventsRoot = eventsRoot };
}
