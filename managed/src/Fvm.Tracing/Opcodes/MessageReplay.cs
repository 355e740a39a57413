using Fvm.Ipld;

namespace Fvm.Tracing;

/// <summary>
/// Runs the contracts' programs of a message again, beside the record of the real run: same calls with the same parameters, gas limits and
/// results, same events, same returned data, same storage at the end. A difference is an error, never a log that is wrong.
/// </summary>
internal sealed class MessageReplay
{
    // The cheapest opcode takes more gas than this on every network version.
    private const ulong LeastGasOfStep = 16;
    private const int MaxCode = 24 << 10;
    private const byte Reserved = 0xef;

    private readonly TracedTransaction _transaction;
    private readonly TracedCall? _call;
    private readonly HashSet<ActorId> _contracts = [];
    private readonly Dictionary<ActorId, EthAddress> _addresses = [];
    private ulong _stepsLeft;

    private MessageReplay(TracedTransaction transaction, PrecompileRunner precompiles)
    {
        _transaction = transaction;
        Rules = EvmRules.For(transaction.Machine.Rules.ActorsVersion);
        Precompiles = precompiles;
        Precompiles.Rewind();
        World = new ReplayWorld(transaction.Before);
        _stepsLeft = 1024 + (transaction.Message.GasLimit / LeastGasOfStep);
        bool called = false;
        foreach (ExecutionEvent item in transaction.Result.Trace)
        {
            called |= item is CallEvent;
            if (item is InvokeActorEvent invoked)
            {
                _addresses[invoked.Id] = EthAddress.Of(invoked.Id, invoked.State);
            }
            else if (item is GasChargeEvent { Charge.Name: ExecutionTrace.TruncationMark })
            {
                throw new OpcodeReplayException("its trace is too long to be kept");
            }
        }

        // A message without the gas for its inclusion calls nobody.
        _call = TracedCall.Outermost(transaction.Result.Trace) ?? (called ? throw new OpcodeReplayException("its trace has no end") : null);

        Origin = EthAddress.Find(transaction.Message.From, transaction.Machine.StateTree) ?? default;
    }

    public EvmRules Rules { get; }

    public ReplayWorld World { get; }

    public MachineContext Context => _transaction.Machine.Context;

    public PrecompileRunner Precompiles { get; }

    public MemoryBudget Memory { get; } = new();

    /// <summary>The message's sender.</summary>
    public EthAddress Origin { get; }

    /// <summary>Receives the steps; null for a check alone.</summary>
    public StepSink? Sink { get; private init; }

    /// <summary>Runs a message again.</summary>
    /// <param name="transaction">The message, whose trace has the syscalls.</param>
    /// <param name="precompiles">The precompiles, the same for each time the message is run.</param>
    /// <param name="sink">Receives the steps; null for a check alone.</param>
    /// <exception cref="OpcodeReplayException">It differs from the real run, or is too large.</exception>
    /// <exception cref="FatalException">A state is incomplete or malformed.</exception>
    public static void Run(TracedTransaction transaction, PrecompileRunner precompiles, StepSink? sink)
    {
        MessageReplay replay = new(transaction, precompiles) { Sink = sink };
        try
        {
            if (replay._call is TracedCall call)
            {
                replay.Play(call, depth: 0);
            }

            // A message that is out of gas, or fails, leaves nothing; its calls have been undone.
            replay.World.Check(replay._contracts, transaction.After);
        }
        catch (KamtException error)
        {
            throw new FatalException("the storage of a contract is malformed", error);
        }
    }

    /// <summary>What an actor of a type is to a contract.</summary>
    public static ContractKind KindOf(uint type) => (ActorType)type switch
    {
        ActorType.Account or ActorType.Placeholder or ActorType.EthereumAccount => ContractKind.Account,
        ActorType.Evm => ContractKind.Contract,
        _ => ContractKind.Native,
    };

    /// <exception cref="OpcodeReplayException">There are more than the gas pays for.</exception>
    public void CountStep()
    {
        if (_stepsLeft-- == 0) throw new OpcodeReplayException("it has more steps than its gas pays for");
    }

    public ReadOnlyMemory<byte> CodeOf(in Cid cid) => World.CodeOf(cid, _transaction.Machine.Blockstore);

    /// <summary>Runs the programs of a call again. Recurses to the depth of actor calls, which the machine limits.</summary>
    /// <param name="call">The call.</param>
    /// <param name="depth">The number of frames around it.</param>
    public void Play(TracedCall call, int depth)
    {
        int mark = World.Mark;
        if (call.Invoked is InvokeActorEvent invoked && _transaction.Machine.Manifest.TypeOf(invoked.State.Code) == (uint)ActorType.Evm)
        {
            PlayContract(call, invoked, depth + 1);
        }
        else
        {
            foreach (TracedCall inner in call.Calls)
            {
                Play(inner, depth);
            }
        }

        if (!call.ExitCode.IsSuccess)
        {
            World.Undo(mark);
        }
    }

    private void PlayContract(TracedCall call, InvokeActorEvent invoked, int depth)
    {
        _contracts.Add(invoked.Id);
        MethodNumber method = call.Begin.Method;
        bool isCreation = method == MethodNumber.Constructor || method == EthFrames.Resurrect;
        if (isCreation)
        {
            World.Create(invoked.Id);
        }

        SyscallCursor cursor = new(call);
        int lookups = isCreation || method == EthFrames.InvokeContractDelegate ? 1 : 2;
        if (FrameOf(call, invoked, depth, isCreation) is not EvmFrame frame || !cursor.TrySkipPrologue(lookups)) return;

        if (frame.Code.IsEmpty) return;

        EvmRun run = new(this, call, cursor, frame with { IsReadOnly = EvmRun.MessageContextOf(call).IsReadOnly });
        uint exit;
        ReadOnlyMemory<byte> output = default;
        try
        {
            output = run.Run();
            exit = isCreation ? Deploy(invoked.Id, output) : 0;
        }
        catch (EvmFault fault)
        {
            exit = fault.Code ?? (call.ExitCode.IsSuccess ? EvmFault.IllegalArgument : call.ExitCode.Value);
            output = fault.Code == EvmFault.Reverted ? run.Output : default;
        }
        catch (EvmAborted)
        {
            return;
        }

        Compare(call, cursor, frame.Address, exit, output, isCreation);
    }

    // Whatever the program did, the machine may have ended the frame behind it.
    private static void Compare(
        TracedCall call, SyscallCursor cursor, EthAddress address, uint exit, ReadOnlyMemory<byte> output, bool isCreation)
    {
        if (cursor.IsCutShort && exit == 0) return;

        if (cursor.FindLeft() is SyscallEvent left) throw new OpcodeReplayException($"{address} ends where the real run calls {left.Name}");

        bool isNative = exit == 0 && call.Begin.Method.Value >= EthFrames.FirstPublicMethod && call.Begin.Method != EthFrames.InvokeContract;
        if (isNative)
        {
            (exit, IpldBlock? block) = NativeReturn.Read(output);
            bool isSame = call.Result is null || block is null
                ? call.Result is null == block is null
                : call.Result.Codec == block.Codec && call.Result.Data.Span.SequenceEqual(block.Data.Span);
            if (exit != EvmFault.Serialization && !isSame)
            {
                throw new OpcodeReplayException($"{address} returns other data than the real run");
            }
        }

        if (exit != call.ExitCode.Value)
        {
            throw new OpcodeReplayException($"{address} ends with exit code {exit}, in the real run with {call.ExitCode}");
        }

        bool returns = (exit == 0 && !isCreation && !isNative) || exit == EvmFault.Reverted;
        if (returns && !isNative
            && !(EthPayload.TryUnwrap(call.Result, out ReadOnlyMemory<byte> real) && real.Span.SequenceEqual(output.Span)))
        {
            throw new OpcodeReplayException($"{address} returns {output.Length} bytes that the real run does not");
        }
    }

    private uint Deploy(ActorId actor, ReadOnlyMemory<byte> code)
    {
        if (code.Length > MaxCode || (code.Length > 0 && code.Span[0] == Reserved)) return EvmFault.IllegalArgument;

        World.SetCode(actor, code);
        return 0;
    }

    // Null for methods that run no program.
    private EvmFrame? FrameOf(TracedCall call, InvokeActorEvent invoked, int depth, bool isCreation)
    {
        MethodNumber method = call.Begin.Method;
        EvmFrame frame = new()
        {
            Actor = invoked.Id,
            Address = EthAddress.Of(invoked.Id, invoked.State),
            Caller = default,
            Value = EvmArithmetic.Of(call.Begin.Value.Atto),
            Input = default,
            Code = default,
            IsReadOnly = false,
            Depth = depth,
        };
        if (isCreation)
        {
            return EthPayload.TryReadField(call.Begin.Params, count: 2, at: 0, out ReadOnlyMemory<byte> creator)
                && EthPayload.TryReadField(call.Begin.Params, count: 2, at: 1, out ReadOnlyMemory<byte> code)
                && creator.Length == EthAddress.Length
                ? frame with { Caller = new EthAddress(creator.Span), Code = code }
                : null;
        }

        if (method == EthFrames.InvokeContractDelegate)
        {
            return DelegateParameters.Read(call.Begin.Params) is { } given
                ? frame with { Caller = given.Caller, Value = given.Value, Input = given.Input, Code = CodeOf(given.Code) }
                : null;
        }

        if (method.Value < EthFrames.FirstPublicMethod) return null;

        ReadOnlyMemory<byte> input = default;
        if (method != EthFrames.InvokeContract)
        {
            input = EthPayload.OfNativeCall(method, call.Begin.Params);
        }
        else if (!EthPayload.TryUnwrap(call.Begin.Params, out input))
        {
            return null;
        }

        return frame with { Caller = AddressOf(call.Begin.From), Input = input, Code = World.CodeOf(invoked.Id) };
    }

    private EthAddress AddressOf(ActorId id)
    {
        if (!_addresses.TryGetValue(id, out EthAddress address))
        {
            address = _transaction.After.Find(id)?.Address ?? _transaction.Before.Find(id)?.Address ?? EthAddress.OfId(id);
            _addresses.Add(id, address);
        }

        return address;
    }
}
