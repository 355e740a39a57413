using System.Buffers.Binary;
using Fvm.Crypto;
using Fvm.Ipld;

namespace Fvm.Tracing;

/// <content>Precompiles: those that ask the machine are done again, the others run on a machine of their own.</content>
internal sealed partial class EvmRun
{
    private const ulong Cbor = Multicodec.Cbor;

    // The order of secp256k1's group.
    private static readonly EthWord GroupOrder = new(
        new UInt128(0xffffffffffffffff, 0xfffffffffffffffe), new UInt128(0xbaaedce6af48a03b, 0xbfd25e8cd0364141));

    private bool CallPrecompile(EthAddress address, in EthWord gas, in EthWord value, byte[] input, bool isDelegate)
    {
        Returned = default;
        ulong? limit = _replay.Rules.LimitsPrecompiles ? LimitOf(gas) : null;
        if (RunPrecompile(address, gas, limit, input, isDelegate) is not ReadOnlyMemory<byte> output) return false;

        if (!value.IsZero
            && Send(address.ToFilecoin(), MethodNumber.Send, null, value, NoLimit, isReadOnly: false)
                is not { Error: null, ExitCode.IsSuccess: true })
        {
            return false;
        }

        Returned = output;
        return true;
    }

    private ReadOnlyMemory<byte>? RunPrecompile(EthAddress address, in EthWord gas, ulong? limit, byte[] input, bool isDelegate)
    {
        if (!_replay.Rules.IsPrecompile(address)) return ReadOnlyMemory<byte>.Empty;

        byte[] bytes = address.ToBytes();
        return (bytes[0], bytes[^1]) switch
        {
            (0xfe, 1) => ResolveAddress(input),
            (0xfe, 2) => LookUpDelegatedAddress(input),
            (0xfe, 3) => isDelegate ? CallActor(input, gas, limit, isById: false) : null,
            (0xfe, 5) => isDelegate ? CallActor(input, gas, limit, isById: true) : null,
            (0xfe, _) => DrawRandomness(input),
            (0, 1) => Recover(input),
            (0, 2) => _cursor.TakeHash(default),
            (0, 3) => Padded(_cursor.TakeHash(Ripemd160.Hash(input)).Span),
            (0, 4) => input,
            _ => _replay.Precompiles.Run(address, input),
        };
    }

    private static ReadOnlyMemory<byte> Padded(ReadOnlySpan<byte> bytes) => EthWord.Of(bytes).ToBytes();

    private ReadOnlyMemory<byte> Recover(byte[] input)
    {
        EvmReader reader = new(input);
        reader.Skip();
        if (!reader.TryReadUInt64(out ulong v) || v is not (27 or 28)) return default;

        EthWord r = reader.ReadWord();
        EthWord s = reader.ReadWord();
        if (r.IsZero || s.IsZero || !EvmArithmetic.IsLess(r, GroupOrder) || !EvmArithmetic.IsLess(s, GroupOrder)) return default;

        SyscallEvent recovered = _cursor.Take("crypto.recover_secp_public_key");
        if (recovered.Error is not null) return default;

        byte[] digest = Keccak256.Hash(recovered.Result.Span[1..]);
        _cursor.TakeHash(digest);
        digest.AsSpan(0, EthWord.Length - EthAddress.Length).Clear();
        return digest;
    }

    // The actor asks the machine only for well-formed addresses other than IDs; the next syscall tells.
    private ReadOnlyMemory<byte>? ResolveAddress(byte[] input)
    {
        if (Address.TryFromBytes(input, out Address address) && address.TryGetId(out ActorId id)) return EvmArithmetic.Of(id.Value).ToBytes();

        if (_cursor.Next is not { Name: "actor.resolve_address" } next || !next.Input.Span.SequenceEqual(input))
        {
            return _cursor.IsCutShort && !_cursor.HasMore ? throw new EvmAborted() : null;
        }

        SyscallEvent syscall = _cursor.Take("actor.resolve_address");
        return syscall.Error is null
            ? EvmArithmetic.Of(BinaryPrimitives.ReadUInt64LittleEndian(syscall.Result.Span)).ToBytes()
            : ReadOnlyMemory<byte>.Empty;
    }

    private ReadOnlyMemory<byte>? LookUpDelegatedAddress(byte[] input)
    {
        if (!new EvmReader(input).TryReadUInt64(out ulong id)) return null;

        SyscallEvent syscall = _cursor.Take("actor.lookup_delegated_address");
        return syscall.Arguments[0] != id ? throw new OpcodeReplayException("it looks up another actor than the real run") : syscall.Output;
    }

    private ReadOnlyMemory<byte>? DrawRandomness(byte[] input)
    {
        if (!new EvmReader(input).TryReadUInt64(out _)) return null;

        SyscallEvent syscall = _cursor.Take("rand.get_beacon_randomness");
        return syscall.Error is null ? syscall.Result : (ReadOnlyMemory<byte>?)null;
    }

    // Method, value, flags, codec, the offsets of the parameters and of the address (or the ID), as Solidity's ABI has them.
    private ReadOnlyMemory<byte>? CallActor(byte[] input, in EthWord gas, ulong? limit, bool isById)
    {
        EvmReader reader = new(input);
        if (!reader.TryReadUInt64(out ulong method)) return null;

        EthWord value = reader.ReadWord();
        if (!reader.TryReadUInt64(out ulong flags) || flags > 1 || !reader.TryReadUInt64(out ulong codec)
            || !reader.TryReadUInt32(out uint parametersAt) || !reader.TryReadUInt64(out ulong target))
        {
            return null;
        }

        reader.Seek(parametersAt);
        if (!reader.TryReadBytes(out byte[] parameters)) return null;

        Address to = Address.NewId(target);
        if (!isById)
        {
            if (target > uint.MaxValue) return null;

            reader.Seek((uint)target);
            if (!reader.TryReadBytes(out byte[] address) || !Address.TryFromBytes(address, out to)) return null;
        }

        if (method is > 0 and < EthFrames.FirstPublicMethod) return null;

        if (codec != Cbor && (codec != 0 || parameters.Length > 0)) return null;

        IpldBlock? block = codec == Cbor ? new IpldBlock(Cbor, parameters) : null;
        Sent sent = Send(to, new MethodNumber(method), block, value, limit ?? LimitOf(gas), isReadOnly: flags == 1);
        EthWord code = sent.Error is ErrorNumber error ? EvmArithmetic.Negate(EvmArithmetic.Of((uint)error)) : EvmArithmetic.Of(sent.ExitCode.Value);
        byte[] abi = EthPayload.OfNativeReturn(default, sent.Block);
        code.ToBytes().CopyTo(abi, 0);
        return abi;
    }
}
