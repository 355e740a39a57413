using Fvm.Ipld;
using Fvm.Wasm;

namespace Fvm;

/// <summary>
/// Executes the calls of one message: resolves and creates receivers, transfers value, invokes actors, and reverts failed calls. Not
/// thread-safe; belongs to one message.
/// </summary>
internal sealed partial class CallManager : IReentry
{
    private readonly MessageExecution _execution;

    // Made by the first call that runs code: a transfer runs none.
    private ActorInvoker? _invoker;
    private uint _depth;

    public CallManager(MessageExecution execution)
    {
        _execution = execution;
    }

    /// <inheritdoc/>
    public Outcome Send(in Call call, out InvocationResult result)
    {
        result = default;
        bool revert = true;
        _execution.BeginTransaction();
        try
        {
            Outcome outcome = WithGasLimit(call, out result);
            if (_depth == 0 && outcome.IsOk && result.ExitCode.IsSuccess
                && !_execution.TryCharge(_execution.Prices.OnChainReturnValue(result.Value?.Size ?? 0)))
            {
                outcome = Outcome.OutOfGas;
            }

            revert = !outcome.IsOk || !result.ExitCode.IsSuccess;
            return outcome;
        }
        finally
        {
            _execution.EndTransaction(revert);
        }
    }

    private Outcome WithGasLimit(in Call call, out InvocationResult result)
    {
        result = default;
        GasTracker gas = _execution.Gas;
        if (_execution.Trace is not null)
        {
            ulong limit = _execution.Rules.Machine.TracesGasLimitOfMessage
                ? _execution.GasLimit
                : Math.Min((call.GasLimit ?? Gas.Max).RoundUp(), gas.Available.RoundUp());
            _execution.Record(new CallEvent(call.From, call.To, call.Method, call.Parameters?.ToIpldBlock(), call.Value, limit, call.ReadOnly));
        }

        if (call.GasLimit is Gas requested)
        {
            gas.PushLimit(requested);
        }

        bool isTooDeep = _depth >= _execution.Rules.Machine.MaxCallDepth;
        Outcome outcome;
        try
        {
            outcome = isTooDeep
                ? Outcome.Error(ErrorNumber.LimitExceeded, "message execution exceeds call depth")
                : WithStackFrame(call, out result);
        }
        catch (Exception e) when (_execution.IsOfMessage(e))
        {
            // Broken state, a failing host, or a defect of this machine: ends the message and leaves the machine usable.
            outcome = Outcome.Fatal(e is FatalException or BlockstoreException or ExternException ? e.Message : UnforeseenFailure.Describe(e));
            result = default;
        }

        if (_execution.IsExhausted) return outcome;

        if (call.GasLimit is not null && !(isTooDeep && _execution.Rules.Machine.KeepsGasLimitOfTooDeepCalls))
        {
            gas.PopLimit();
        }

        // The call exhausted its own limit while the caller still has gas: an exit code of the call, not the end of the caller.
        if (outcome.Kind == OutcomeKind.OutOfGas && gas.Available != Gas.Zero)
        {
            outcome = Outcome.Ok;
            result = new InvocationResult(ExitCode.SysOutOfGas, null);
        }

        if (_execution.Trace is not null)
        {
            _execution.Record(outcome.Kind switch
            {
                OutcomeKind.Ok => new CallReturnEvent(result.ExitCode, result.Value?.ToIpldBlock()),
                OutcomeKind.OutOfGas when _execution.Rules.Machine.TracesOutOfGasAsError =>
                    new CallErrorEvent(ErrorNumber.Forbidden, "out of gas"),
                OutcomeKind.OutOfGas => new CallReturnEvent(ExitCode.SysOutOfGas, null),
                OutcomeKind.Error => new CallErrorEvent(outcome.ErrorNumber, outcome.Message),
                _ => new CallErrorEvent(ErrorNumber.Forbidden, "fatal"),
            });
        }

        return outcome;
    }

    private Outcome WithStackFrame(in Call call, out InvocationResult result)
    {
        result = default;
        _execution.Stack.Need(NativeStack.PerCall);
        _execution.Collector.Check();
        _execution.ThrowIfStopped();
        ulong memory = _execution.Limiter.Used;
        _depth++;
        try
        {
            if (ResolveReceiver(call.To, call.ReadOnly, out ActorId receiver).Failed(out Outcome outcome)) return outcome;

            return CallResolved(call, receiver, Entrypoint.Invoke, out result);
        }
        finally
        {
            _depth--;
            _execution.Limiter.Used = memory;
        }
    }

    private Outcome CallResolved(in Call call, ActorId receiver, Entrypoint entrypoint, out InvocationResult result)
    {
        result = default;
        if (_execution.GetActor(receiver, out ActorState? actor).Failed(out Outcome outcome)) return outcome;

        if (actor is null) return Outcome.Error(ErrorNumber.NotFound, $"actor does not exist: {receiver}");

        MachineRules rules = _execution.Rules.Machine;
        if (_execution.Trace is not null && rules.TracesInvokedActors
            && (entrypoint == Entrypoint.Invoke || rules.TracesImplicitConstructors))
        {
            _execution.Record(new InvokeActorEvent(receiver, actor));
        }

        // Skyr's single charge for the whole call; later price lists charge its parts one by one.
        if (!_execution.TryCharge(_execution.Prices.OnMethodInvocation(call.Value, call.Method))) return Outcome.OutOfGas;

        if (!call.Value.IsZero)
        {
            if (!_execution.TryCharge(_execution.Prices.OnValueTransfer())) return Outcome.OutOfGas;

            if (_execution.Transfer(call.From, receiver, call.Value).Failed(out outcome)) return outcome;
        }

        if (call.Method == MethodNumber.Send)
        {
            result = InvocationResult.Empty;
            return Outcome.Ok;
        }

        if (!_execution.TryCharge(_execution.Prices.OnMethodInvocation(call.Parameters?.Links.Length ?? 0))) return Outcome.OutOfGas;

        _execution.InvocationCount++;
        _invoker ??= new ActorInvoker(_execution, this);
        outcome = _invoker.Invoke(call, receiver, entrypoint, actor.Code, out result);

        // Charged here and not by the caller, so that the call's own gas limit applies.
        if (outcome.IsOk && result.Value is Block returned
            && !_execution.Gas.TryCharge(_execution.Prices.OnMethodReturn(_depth, returned.Size, returned.Links.Length)))
        {
            return Outcome.OutOfGas;
        }

        return outcome;
    }
}
