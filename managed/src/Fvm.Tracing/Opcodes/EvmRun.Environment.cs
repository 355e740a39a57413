using System.Buffers.Binary;
using Fvm.Ipld;

namespace Fvm.Tracing;

/// <content>What a program asks of its call, of the block and of other actors.</content>
internal sealed partial class EvmRun
{
    private const int BlockHashes = 256;
    private const ulong BlockGasLimit = 10_000_000_000;

    private static readonly byte[] NativeCode = [0xfe];

    private void ReadEnvironment(byte opcode)
    {
        switch (opcode)
        {
            case 0x20:
                Hash();
                break;
            case 0x31:
                Replace(ReadBalance);
                break;
            case 0x35:
                Replace(ReadInput);
                break;
            case 0x37:
                CopyFrom(Frame.Input.Span);
                break;
            case 0x39:
                CopyFrom(Code);
                break;
            case 0x3b:
                Replace(address => EvmArithmetic.Of((ulong)CodeAt(address).Length));
                break;
            case 0x3c:
                Stack.Need(4);
                CopyFrom(CodeAt(Stack.Pop()).Span);
                break;
            case 0x3e:
                CopyReturned();
                break;
            case 0x3f:
                Replace(HashOfCodeAt);
                break;
            case 0x40:
                Replace(ReadBlockHash);
                break;
            default:
                PushContext(opcode);
                break;
        }
    }

    private void PushContext(byte opcode)
    {
        if (opcode is not (>= 0x30 and <= 0x48)) throw new EvmFault(EvmFault.UndefinedInstruction);

        Stack.Reserve();
        MachineContext context = _replay.Context;
        Stack.Push(opcode switch
        {
            0x30 => EvmArithmetic.Of(Frame.Address),
            0x32 => EvmArithmetic.Of(_replay.Origin),
            0x33 => EvmArithmetic.Of(Frame.Caller),
            0x34 => Frame.Value,
            0x36 => EvmArithmetic.Of((ulong)Frame.Input.Length),
            0x38 => EvmArithmetic.Of((ulong)Code.Length),
            0x3a => EvmArithmetic.Add(EvmArithmetic.Of(context.BaseFee.Atto), MessageContext.GasPremium),
            0x3d => EvmArithmetic.Of((ulong)Returned.Length),

            // There is no beneficiary of a block.
            0x41 => default,
            0x42 => EvmArithmetic.Of(context.Timestamp),
            0x43 => EvmArithmetic.Of((ulong)context.Epoch.Value),
            0x44 => _randomness ??= TakePrevRandao(),
            0x45 => EvmArithmetic.Of(BlockGasLimit),
            0x46 => EvmArithmetic.Of(context.Network.ChainId),
            0x47 => AmountIn(_cursor.Take("self.current_balance")),
            0x48 => EvmArithmetic.Of(context.BaseFee.Atto),
            _ => throw new EvmFault(EvmFault.UndefinedInstruction),
        });
    }

    private ulong TakeGas() => BinaryPrimitives.ReadUInt64LittleEndian(_cursor.Take("gas.available").Result.Span);

    private (EthWord GasPremium, bool IsReadOnly) MessageContext => MessageContextOf(_record);

    // Origin, nonce, caller, receiver, method: 8 bytes each; value and premium: 16; flags: 8.
    internal static (EthWord GasPremium, bool IsReadOnly) MessageContextOf(TracedCall record)
    {
        foreach ((SyscallEvent syscall, _) in record.Syscalls)
        {
            if (syscall is { Name: "vm.message_context", Error: null })
            {
                ReadOnlySpan<byte> packed = syscall.Result.Span;
                return (
                    new EthWord(0, BinaryPrimitives.ReadUInt128LittleEndian(packed[56..])),
                    (BinaryPrimitives.ReadUInt64LittleEndian(packed[72..]) & 1) != 0);
            }
        }

        throw new OpcodeReplayException("its contract did not ask for its message");
    }

    private static EthWord AmountIn(SyscallEvent syscall) => syscall.Error is null
        ? new EthWord(0, BinaryPrimitives.ReadUInt128LittleEndian(syscall.Result.Span))
        : default;

    private void Replace(Func<EthWord, EthWord> function)
    {
        Stack.Need(1);
        Stack.Push(function(Stack.Pop()));
    }

    private EthWord ReadInput(EthWord index)
    {
        ReadOnlySpan<byte> input = Frame.Input.Span;
        if (index.High != 0 || index.Low >= (UInt128)input.Length) return default;

        ReadOnlySpan<byte> rest = input[(int)index.Low..];
        Span<byte> word = stackalloc byte[EthWord.Length];
        word.Clear();
        rest[..Math.Min(rest.Length, word.Length)].CopyTo(word);
        return EthWord.Of(word);
    }

    private EthWord ReadBlockHash(EthWord number)
    {
        long epoch = _replay.Context.Epoch.Value;
        if (number.High != 0 || number.Low >= (UInt128)epoch || (long)number.Low < epoch - BlockHashes) return default;

        SyscallEvent syscall = _cursor.Take("network.tipset_cid");
        if (syscall.Error is not null) return default;

        return Cid.TryRead(syscall.Output.Span, out Cid cid, out _)
            ? EthWord.Of(cid.Digest[..Math.Min(cid.Digest.Length, EthWord.Length)])
            : throw new OpcodeReplayException("the tipset's CID is malformed");
    }

    // From network version 21 on the syscall gives the beacon's digest alone, and the actor hashes it with its purpose.
    private EthWord TakePrevRandao()
    {
        SyscallEvent syscall = _cursor.Take("rand.get_beacon_randomness");
        if (syscall.Error is not null) throw new EvmFault(null);

        return EthWord.Of(syscall.Arguments.Count > 1 ? syscall.Result.Span : _cursor.TakeHash(default).Span);
    }

    private EthWord ReadBalance(EthWord address) => Resolve(EvmArithmetic.ToAddress(address).ToFilecoin()) is null
        ? default
        : AmountIn(_cursor.Take("actor.balance_of"));

    // An ID is its own, without a question to the machine.
    private ActorId? Resolve(in Address address)
    {
        if (address.TryGetId(out ActorId own)) return own;

        SyscallEvent syscall = _cursor.Take("actor.resolve_address");
        if (!syscall.Input.Span.SequenceEqual(address.ToBytes()))
        {
            throw new OpcodeReplayException($"it looks up {address}, the real run another address");
        }

        return syscall.Error is null ? new ActorId(BinaryPrimitives.ReadUInt64LittleEndian(syscall.Result.Span)) : null;
    }

    private ContractKind KindAt(EthAddress address, out Address id)
    {
        id = default;
        if (_replay.Rules.IsPrecompile(address)) return ContractKind.Precompile;

        if (Resolve(address.ToFilecoin()) is not ActorId actor) return ContractKind.None;

        if (_cursor.Take("actor.get_actor_code_cid").Error is not null) return ContractKind.None;

        id = Address.NewId(actor);
        SyscallEvent type = _cursor.Take("actor.get_builtin_actor_type");
        return type.Error is null ? MessageReplay.KindOf(BinaryPrimitives.ReadUInt32LittleEndian(type.Result.Span)) : ContractKind.Native;
    }

    private ReadOnlyMemory<byte> CodeAt(EthWord address)
    {
        switch (KindAt(EvmArithmetic.ToAddress(address), out Address id))
        {
            case ContractKind.Contract:
                ReadOnlyMemory<byte> code = GetBytecode(id) is Cid cid ? _replay.CodeOf(cid) : default;
                _cursor.SkipBlocks();
                return code;
            case ContractKind.Native:
                return NativeCode;
            default:
                return default;
        }
    }

    private EthWord HashOfCodeAt(EthWord address)
    {
        switch (KindAt(EvmArithmetic.ToAddress(address), out Address id))
        {
            case ContractKind.None:
                return default;
            case ContractKind.Native:
                return EthWord.Of(Crypto.Keccak256.Hash(NativeCode));
            case ContractKind.Contract:
                return EthPayload.TryUnwrap(Ask(id, GetBytecodeHashMethod), out ReadOnlyMemory<byte> hash) && hash.Length == EthWord.Length
                    ? EthWord.Of(hash.Span)
                    : throw new EvmFault(null);
            default:
                return EthWord.Of(Crypto.Keccak256.Hash([]));
        }
    }
}
