using System.Buffers.Binary;
using Fvm.Ipld;

namespace Fvm;

/// <summary>Module <c>ipld</c>.</summary>
internal static class IpldSyscalls
{
    /// <summary>block_open(cid offset) → codec, id, size</summary>
    public static Outcome BlockOpen(ref SyscallFrame frame)
    {
        Outcome outcome = frame.ReadCid(0, out Cid cid);
        if (!outcome.IsOk) return outcome;

        outcome = frame.Kernel.BlockOpen(cid, out BlockId id, out BlockStat stat);
        if (!outcome.IsOk) return outcome;

        BinaryPrimitives.WriteUInt64LittleEndian(frame.Result, stat.Codec);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.Result[8..], id.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.Result[12..], stat.Size);
        return Outcome.Ok;
    }

    /// <summary>block_create(codec, data offset, data length) → id</summary>
    public static Outcome BlockCreate(ref SyscallFrame frame)
    {
        Outcome outcome = frame.Slice(1, out Span<byte> data);
        if (!outcome.IsOk) return outcome;

        outcome = frame.Kernel.BlockCreate(frame.U64(0), data, out BlockId id);
        return outcome.IsOk ? frame.Return(id.Value) : outcome;
    }

    /// <summary>block_link(id, hash function, hash length, cid offset, cid length) → length</summary>
    public static Outcome BlockLink(ref SyscallFrame frame)
    {
        Outcome outcome = frame.Slice(3, out Span<byte> buffer);
        if (!outcome.IsOk) return outcome;

        outcome = frame.Kernel.BlockLink(new BlockId(frame.U32(0)), frame.U64(1), frame.U32(2), out Cid cid);
        return outcome.IsOk ? frame.WriteCid(cid, buffer) : outcome;
    }

    /// <summary>block_read(id, offset, buffer offset, buffer length) → what is left, or by how much the buffer is too long (negative)</summary>
    public static Outcome BlockRead(ref SyscallFrame frame)
    {
        Outcome outcome = frame.Slice(2, out Span<byte> buffer);
        if (!outcome.IsOk) return outcome;

        outcome = frame.Kernel.BlockRead(new BlockId(frame.U32(0)), frame.U32(1), buffer, out int left);
        return outcome.IsOk ? frame.Return((uint)left) : outcome;
    }

    /// <summary>block_stat(id) → codec, size</summary>
    public static Outcome BlockStat(ref SyscallFrame frame)
    {
        Outcome outcome = frame.Kernel.BlockStat(new BlockId(frame.U32(0)), out BlockStat stat);
        if (!outcome.IsOk) return outcome;

        BinaryPrimitives.WriteUInt64LittleEndian(frame.Result, stat.Codec);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.Result[8..], stat.Size);
        return Outcome.Ok;
    }
}
