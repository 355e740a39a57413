using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Fvm.Ipld;

namespace Fvm;

/// <summary>
/// One syscall as its handler sees it: the kernel, the arguments, the guest's memory, and where the result goes. Guest bytes enter the
/// machine through this type alone. Offsets are unsigned 32-bit numbers whose sums cannot wrap; spans live no longer than the syscall.
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

    /// <summary>What the actor may do.</summary>
    public Kernel Kernel { get; }

    /// <summary>The whole linear memory.</summary>
    public Span<byte> Memory { get; }

    /// <summary>Where the syscall's result goes, of exactly the result's size. Written last, and only where the syscall succeeds.</summary>
    public Span<byte> Result { get; }

    /// <summary>An i32 argument.</summary>
    public readonly uint U32(int index) => (uint)_arguments[index];

    /// <summary>An i64 argument.</summary>
    public readonly ulong U64(int index) => _arguments[index];

    /// <summary>An i64 argument, signed.</summary>
    public readonly long I64(int index) => (long)_arguments[index];

    /// <summary>How the last step ended that answered false: what the handler gives back.</summary>
    public Outcome Refusal { get; private set; }

    /// <summary>Whether a step succeeded; if not, its outcome is the <see cref="Refusal"/>.</summary>
    public bool Passed(in Outcome outcome)
    {
        if (outcome.IsOk) return true;

        Refusal = outcome;
        return false;
    }

    /// <summary>Bytes of the guest's memory whose offset and length are the arguments at and after <paramref name="index"/>.</summary>
    public bool TrySlice(int index, out Span<byte> bytes) => TrySliceAt(U32(index), U32(index + 1), out bytes);

    /// <summary>Bytes of the guest's memory.</summary>
    public bool TrySliceAt(uint offset, uint length, out Span<byte> bytes)
    {
        bool inside = (ulong)offset + length <= (ulong)Memory.Length;
        bytes = inside ? Memory.Slice((int)offset, (int)length) : default;
        return inside || Refuse($"buffer {offset} (length {length}) out of bounds");
    }

    /// <summary>
    /// A CID at the offset that the argument gives. It has no length of its own: it is read as far as it says itself, up to the end of
    /// the memory.
    /// </summary>
    public bool TryReadCid(int index, out Cid cid)
    {
        cid = default;
        uint offset = U32(index);
        if (offset > (uint)Memory.Length) return Refuse($"cid at offset {offset} is out of bounds");

        return Cid.TryRead(Memory[(int)offset..], out cid, out _) || Refuse($"failed to parse the cid at offset {offset}");
    }

    /// <summary>An address whose offset and length are the arguments at and after <paramref name="index"/>.</summary>
    public bool TryReadAddress(int index, out Address address)
    {
        address = default;
        if (!TrySlice(index, out Span<byte> bytes)) return false;

        bool known = Address.TryFromBytes(bytes, out address)
            && (address.Protocol != AddressProtocol.Delegated || Kernel.Execution.Rules.DelegatedAddresses);
        return known || Refuse("invalid address");
    }

    /// <summary>Writes a CID to a buffer of the guest's and its length to the result.</summary>
    public readonly Outcome WriteCid(in Cid cid, Span<byte> buffer)
    {
        int length = cid.ByteLength;
        if (length > buffer.Length) return Outcome.Error(ErrorNumber.BufferTooSmall, "cid output buffer is too small");

        cid.WriteTo(buffer);
        return Return((uint)length);
    }

    /// <summary>Gives back an i32.</summary>
    public readonly Outcome Return(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Result, value);
        return Outcome.Ok;
    }

    /// <summary>Gives back an i64.</summary>
    public readonly Outcome Return(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Result, value);
        return Outcome.Ok;
    }

    /// <summary>Gives back 0 for yes and -1 for no, as the verifying syscalls do.</summary>
    public readonly Outcome ReturnVerdict(bool valid) => Return(valid ? 0u : uint.MaxValue);

    /// <summary>Gives back an amount of tokens, which has to fit into 128 bits.</summary>
    public readonly Outcome Return(TokenAmount amount)
    {
        if (!amount.TryToUInt128(out UInt128 value)) return Outcome.Fatal($"the amount {amount} exceeds 128 bits");

        BinaryPrimitives.WriteUInt128LittleEndian(Result, value);
        return Outcome.Ok;
    }

    /// <summary>Gives back a struct of several fields, laid out in memory as guests see it: packed and little-endian.</summary>
    public readonly Outcome ReturnPacked<T>(in T result) where T : unmanaged
    {
        // Sound: such structs hold no references and no padding, Write checks the room, and processors that are supported are little-endian.
        MemoryMarshal.Write(Result, in result);
        return Outcome.Ok;
    }

    private bool Refuse(string message) => Passed(Outcome.Error(ErrorNumber.IllegalArgument, message));
}
