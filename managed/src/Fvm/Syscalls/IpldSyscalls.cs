using Fvm.Ipld;

namespace Fvm;

/// <summary>Module <c>ipld</c>.</summary>
internal static class IpldSyscalls
{
    /// <summary>block_open(cid offset) → <see cref="BlockOpenOut"/></summary>
    public static Outcome BlockOpen(ref SyscallFrame frame)
    {
        if (!frame.TryReadCid(0, out Cid cid)) return frame.Refusal;
        if (!frame.Passed(frame.Kernel.BlockOpen(cid, out BlockId id, out BlockStat stat))) return frame.Refusal;

        return frame.ReturnPacked(new BlockOpenOut(stat.Codec, id, stat.Size));
    }

    /// <summary>block_create(codec, data offset, data length) → id</summary>
    public static Outcome BlockCreate(ref SyscallFrame frame)
    {
        if (!frame.TrySlice(1, out Span<byte> data)) return frame.Refusal;
        if (!frame.Passed(frame.Kernel.BlockCreate(frame.U64(0), data, out BlockId id))) return frame.Refusal;

        return frame.Return(id.Value);
    }

    /// <summary>block_link(id, hash function, hash length, cid offset, cid length) → length</summary>
    public static Outcome BlockLink(ref SyscallFrame frame)
    {
        if (!frame.TrySlice(3, out Span<byte> buffer)) return frame.Refusal;
        if (!frame.Passed(frame.Kernel.BlockLink(new BlockId(frame.U32(0)), frame.U64(1), frame.U32(2), out Cid cid))) return frame.Refusal;

        return frame.WriteCid(cid, buffer);
    }

    /// <summary>block_read(id, offset, buffer offset, buffer length) → bytes left, or minus the excess of the buffer</summary>
    public static Outcome BlockRead(ref SyscallFrame frame)
    {
        if (!frame.TrySlice(2, out Span<byte> buffer)) return frame.Refusal;
        if (!frame.Passed(frame.Kernel.BlockRead(new BlockId(frame.U32(0)), frame.U32(1), buffer, out int left))) return frame.Refusal;

        return frame.Return((uint)left);
    }

    /// <summary>block_stat(id) → <see cref="Fvm.BlockStat"/></summary>
    public static Outcome BlockStat(ref SyscallFrame frame)
    {
        if (!frame.Passed(frame.Kernel.BlockStat(new BlockId(frame.U32(0)), out BlockStat stat))) return frame.Refusal;

        return frame.ReturnPacked(stat);
    }
}
