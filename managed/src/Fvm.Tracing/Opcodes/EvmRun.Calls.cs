using Fvm.Ipld;

namespace Fvm.Tracing;

/// <content>Calls and creations.</content>
internal sealed partial class EvmRun
{
    private const ulong NoLimit = ulong.MaxValue;
    private const ulong TransferGas = 10_000_000;
    private const ulong Stipend = 2300;

    private static readonly MethodNumber GetBytecodeHashMethod = new(4);

    private static readonly Address Manager = Address.NewId(ActorId.EthereumAddressManager);

    private void CallContract(byte opcode)
    {
        bool isDelegate = opcode == 0xf4;
        bool isStatic = opcode == 0xfa;
        Stack.Need(opcode == 0xf1 ? 7 : 6);
        EthWord gas = Stack.Pop();
        EthAddress to = EvmArithmetic.ToAddress(Stack.Pop());
        EthWord value = opcode == 0xf1 ? Stack.Pop() : default;
        EthWord inputAt = Stack.Pop();
        EthWord inputSize = Stack.Pop();
        EthWord outputAt = Stack.Pop();
        EthWord outputSize = Stack.Pop();
        if (!value.IsZero)
        {
            RefuseWrites();
        }

        byte[] input = Memory.Region(inputAt, inputSize).ToArray();
        bool succeeded = _replay.Rules.IsReserved(to) ? CallPrecompile(to, gas, value, input, isDelegate)
            : isDelegate ? CallDelegate(to, gas, input)
            : Call(to, gas, value, input, isStatic);
        Span<byte> output = Memory.Region(outputAt, outputSize);
        Returned.Span[..Math.Min(Returned.Length, output.Length)].CopyTo(output);
        Stack.Push(EvmArithmetic.Of(succeeded));
    }

    private bool Call(EthAddress to, EthWord gas, in EthWord value, byte[] input, bool isStatic)
    {
        // A plain transfer gets enough gas, whatever is asked for (sic: the second case is that without value).
        bool isTransfer = (gas.IsZero && !value.IsZero) || (gas == EvmArithmetic.Of(Stipend) && value.IsZero);
        ulong limit = LimitOf(isTransfer ? EvmArithmetic.Of(TransferGas) : gas);
        IpldBlock? block = input.Length == 0 ? null : new IpldBlock(Multicodec.Raw, input);
        Sent sent = Send(to.ToFilecoin(), EthFrames.InvokeContract, block, value, limit, isStatic);
        if (sent.Error is ErrorNumber error)
        {
            // A call of nobody succeeds.
            Returned = default;
            return error == ErrorNumber.NotFound || (error == ErrorNumber.ReadOnly && (Frame.IsReadOnly || isStatic));
        }

        Returned = Unwrap(sent.Block);
        return sent.ExitCode.IsSuccess;
    }

    private bool CallDelegate(EthAddress to, in EthWord gas, byte[] input)
    {
        Returned = default;
        ContractKind kind = KindAt(to, out Address id);
        if (kind != ContractKind.Contract) return kind is ContractKind.None or ContractKind.Account;

        if (GetBytecode(id) is not Cid code) return true;

        ulong limit = LimitOf(gas);
        Sent sent = Send(
            Address.NewId(Frame.Actor),
            EthFrames.InvokeContractDelegate,
            null,
            default,
            limit,
            isReadOnly: false,
            block => DelegateParameters.Read(block) is { } real
                && real.Code == code && real.Caller == Frame.Caller && real.Value == Frame.Value && real.Input.Span.SequenceEqual(input));
        Returned = sent.Error is null ? Unwrap(sent.Block) : default;
        return sent is { Error: null, ExitCode.IsSuccess: true };
    }

    private void CreateContract(bool isSalted)
    {
        Stack.Need(isSalted ? 4 : 3);
        EthWord endowment = Stack.Pop();
        EthWord offset = Stack.Pop();
        EthWord size = Stack.Pop();
        byte[] salt = isSalted ? Stack.Pop().ToBytes() : [];
        RefuseWrites();
        bool keepsReturned = _replay.Rules.CreatesWithoutReturnedData;
        Returned = keepsReturned ? Returned : default;
        bool isPoor = keepsReturned && IsPoor(endowment);
        if (!isPoor)
        {
            byte[] code = Memory.Region(offset, size).ToArray();
            isPoor = !keepsReturned && IsPoor(endowment);
            if (!isPoor)
            {
                Stack.Push(Create(endowment, code, salt, keepsReturned));
                return;
            }
        }

        Stack.Push(default);
    }

    private bool IsPoor(in EthWord endowment) => endowment.CompareTo(AmountIn(_cursor.Take("self.current_balance"))) > 0;

    private EthWord Create(in EthWord endowment, byte[] code, byte[] salt, bool keepsReturned)
    {
        ulong limit = LimitOf(new EthWord(0, ulong.MaxValue));
        bool isSalted = salt.Length > 0;
        Sent sent = Send(Manager, isSalted ? EthFrames.Create2 : EthFrames.Create, null, endowment, limit, isReadOnly: false, parameters =>
            EthPayload.TryReadField(parameters, count: 2, at: 0, out ReadOnlyMemory<byte> real) && real.Span.SequenceEqual(code)
            && (!isSalted || (EthPayload.TryReadField(parameters, count: 2, at: 1, out real) && real.Span.SequenceEqual(salt))));
        if (sent is { Error: null, ExitCode.IsSuccess: true })
        {
            return EthPayload.TryReadField(sent.Block, count: 3, at: 2, out ReadOnlyMemory<byte> address)
                ? EthWord.Of(address.Span)
                : throw new EvmFault(null);
        }

        Returned = keepsReturned ? Returned : sent.Error is null ? Unwrap(sent.Block) : default;
        return default;
    }

    private void SelfDestruct()
    {
        Stack.Need(1);
        EthAddress heir = EvmArithmetic.ToAddress(Stack.Pop());
        RefuseWrites();
        EthWord balance = AmountIn(_cursor.Take("self.current_balance"));
        Sent sent = Send(heir.ToFilecoin(), MethodNumber.Send, null, balance, NoLimit, isReadOnly: false);
        if (sent is not { Error: null, ExitCode.IsSuccess: true }) throw new EvmFault(EvmFault.SelfDestructFailed);

        _replay.World.Destroy(Frame.Actor);
    }

    private Cid? GetBytecode(in Address contract)
    {
        IpldBlock? block = Ask(contract, EthFrames.GetBytecode);
        if (block is null) throw new EvmFault(EvmFault.Serialization);

        CborReader reader = CborReader.Noting(block.Data.Span);
        if (reader.TryReadNull()) return null;

        Cid code = reader.ReadCid();
        return reader.Fault is null ? code : throw new EvmFault(EvmFault.Serialization);
    }

    // A contract that cannot answer ends the frame.
    private IpldBlock? Ask(in Address contract, MethodNumber method)
    {
        Sent sent = Send(contract, method, null, default, NoLimit, isReadOnly: true, hasSteps: false);
        return sent is { Error: null, ExitCode.IsSuccess: true } ? sent.Block : throw new EvmFault(null);
    }

    // At most 63/64 of what is left.
    private ulong LimitOf(in EthWord gas)
    {
        ulong most = 63 * TakeGas() / 64;
        return Math.Min(EvmArithmetic.Saturate(gas), most);
    }

    // Not a byte string: as it is.
    private static ReadOnlyMemory<byte> Unwrap(IpldBlock? block) => block is null ? default
        : EthPayload.TryUnwrap(block, out ReadOnlyMemory<byte> bytes) ? bytes
        : block.Data;

    private Sent Send(
        in Address to,
        MethodNumber method,
        IpldBlock? parameters,
        in EthWord value,
        ulong limit,
        bool isReadOnly,
        Func<IpldBlock?, bool>? matches = null,
        bool hasSteps = true)
    {
        // The SDK's own checks, before the syscall.
        if ((parameters is not null || matches is not null) && _cursor.TryFailedBlock(out ErrorNumber failed)) return new Sent(failed, default, null);

        if (value.High != 0) return new Sent(ErrorNumber.InsufficientFunds, default, null);

        SyscallEvent syscall = _cursor.Take("send.send", out TracedCall? call);
        IReadOnlyList<ulong> real = syscall.Arguments;
        if (!syscall.Input.Span.SequenceEqual(to.ToBytes()) || real[2] != method.Value || new UInt128(real[4], real[5]) != value.Low
            || real[6] != limit || real[7] != (isReadOnly ? 1UL : 0))
        {
            throw new OpcodeReplayException(
                $"it sends {value.Low} attoFIL to {to}, method {method}, with {limit} gas; the real run {new UInt128(real[4], real[5])} attoFIL to "
                + $"0x{Convert.ToHexStringLower(syscall.Input.Span)}, method {real[2]}, with {real[6]} gas");
        }

        if (call is not null && !(matches?.Invoke(call.Begin.Params) ?? AreEqual(call.Begin.Params, parameters)))
        {
            throw new OpcodeReplayException($"it calls {to} with other parameters than the real run");
        }

        if (call is not null)
        {
            if (hasSteps)
            {
                EndStep(null);
            }

            _replay.Play(call, Frame.Depth);
        }

        if (!syscall.Returned) throw new EvmAborted();

        return syscall.Error is ErrorNumber error ? new Sent(error, default, null)
            : call is null ? throw new OpcodeReplayException($"the real run has no call of {to}")
            : new Sent(null, call.ExitCode, call.Result);
    }

    private static bool AreEqual(IpldBlock? one, IpldBlock? other) => one is null || other is null
        ? one is null && other is null
        : one.Codec == other.Codec && one.Data.Span.SequenceEqual(other.Data.Span);

    private readonly record struct Sent(ErrorNumber? Error, ExitCode ExitCode, IpldBlock? Block);
}
