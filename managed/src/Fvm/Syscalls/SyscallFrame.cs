using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Fvm.Ipld;

namespace Fvm;

/// <summary>
/// A syscall in its handler's view: kernel, arguments, guest memory, and the place for the result. Guest bytes enter the machine only through
/// this type. Offsets are unsigned 32-bit numbers whose sums cannot wrap; spans live no longer than the syscall.
/// </summary>
internal ref struct SyscallFrame
{
    private readonly ReadOnlySpan<ulong> _arguments;

    public SyscallFrame(ActorInstance instance, ReadOnlySpan<ulong> arguments, Span<byte> memory, Span<byte> result)
    {
        Instance = instance;
        Kernel = instance.Kernel;
        _arguments = arguments;
        Memory = memory;
        Result = result;
    }

    /// <summary>The running instance.</summary>
    public ActorInstance Instance { get; }

    /// <summary>The invocation's kernel.</summary>
    public Kernel Kernel { get; }

    /// <summary>The whole linear memory.</summary>
    public Span<byte> Memory { get; }

    /// <summary>The place for the result, exactly of the result's size. Written last, and only on success.</summary>
    public Span<byte> Result { get; }

    /// <summary>An i32 argument.</summary>
    public readonly uint U32(int index) => (uint)_arguments[index];

    /// <summary>An i64 argument.</summary>
    public readonly ulong U64(int index) => _arguments[index];

    /// <summary>An i64 argument, signed.</summary>
    public readonly long I64(int index) => (long)_arguments[index];

    /// <summary>The outcome of the last step that returned false; the handler returns it.</summary>
    public Outcome Refusal { get; private set; }

    /// <summary>Whether a step succeeded; otherwise its outcome becomes the <see cref="Refusal"/>.</summary>
    public bool Passed(in Outcome outcome)
    {
        if (outcome.IsOk) return true;

        Refusal = outcome;
        return false;
    }

    /// <summary>Guest memory at the offset and length in the arguments <paramref name="index"/> and <paramref name="index"/> + 1.</summary>
    public bool TrySlice(int index, out Span<byte> bytes) => TrySliceAt(U32(index), U32(index + 1), out bytes);

    /// <summary>Guest memory at an offset and length, in bytes.</summary>
    public bool TrySliceAt(uint offset, uint length, out Span<byte> bytes)
    {
        bool inside = (ulong)offset + length <= (ulong)Memory.Length;
        bytes = inside ? Memory.Slice((int)offset, (int)length) : default;
        return inside || Refuse($"buffer {offset} (length {length}) out of bounds");
    }

    /// <summary>
    /// A CID at the offset in an argument. It has no length argument: decoding determines it, up to the end of the memory.
    /// </summary>
    public bool TryReadCid(int index, out Cid cid)
    {
        cid = default;
        uint offset = U32(index);
        if (offset > (uint)Memory.Length) return Refuse($"cid at offset {offset} is out of bounds");

        return Cid.TryRead(Memory[(int)offset..], out cid, out _) || Refuse($"failed to parse the cid at offset {offset}");
    }

    /// <summary>An address at the offset and length in the arguments <paramref name="index"/> and <paramref name="index"/> + 1.</summary>
    public bool TryReadAddress(int index, out Address address)
    {
        address = default;
        if (!TrySlice(index, out Span<byte> bytes)) return false;

        bool known = Address.TryFromBytes(bytes, out address)
            && (address.Protocol != AddressProtocol.Delegated || Kernel.Execution.Rules.DelegatedAddresses);
        return known || Refuse("invalid address");
    }

    /// <summary>Writes a CID to a guest buffer, and its length to the result.</summary>
    public readonly Outcome WriteCid(in Cid cid, Span<byte> buffer)
    {
        int length = cid.ByteLength;
        if (length > buffer.Length) return Outcome.Error(ErrorNumber.BufferTooSmall, "cid output buffer is too small");

        cid.WriteTo(buffer);
        return Return((uint)length);
    }

    /// <summary>Returns an i32.</summary>
    public readonly Outcome Return(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Result, value);
        return Outcome.Ok;
    }

    /// <summary>Returns an i64.</summary>
    public readonly Outcome Return(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Result, value);
        return Outcome.Ok;
    }

    /// <summary>Returns 0 for valid and -1 for invalid, the convention of the verifying syscalls.</summary>
    public readonly Outcome ReturnVerdict(bool valid) => Return(valid ? 0u : uint.MaxValue);

    /// <summary>Returns a token amount, which must fit in 128 bits.</summary>
    public readonly Outcome Return(TokenAmount amount)
    {
        if (!amount.TryToUInt128(out UInt128 value)) return Outcome.Fatal($"the amount {amount} exceeds 128 bits");

        BinaryPrimitives.WriteUInt128LittleEndian(Result, value);
        return Outcome.Ok;
    }

    /// <summary>Returns a struct in the layout of guest memory: packed and little-endian.</summary>
    public readonly Outcome ReturnPacked<T>(in T result) where T : unmanaged
    {
        // Sound: such structs have neither references nor padding, Write checks the size, and supported processors are little-endian.
        MemoryMarshal.Write(Result, in result);
        return Outcome.Ok;
    }

    private bool Refuse(string message) => Passed(Outcome.Error(ErrorNumber.IllegalArgument, message));
}
