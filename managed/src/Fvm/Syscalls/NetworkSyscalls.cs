using System.Buffers.Binary;
using Fvm.Ipld;

namespace Fvm;

/// <summary>Module <c>network</c>.</summary>
internal static class NetworkSyscalls
{
    /// <summary>context() → 44 bytes</summary>
    public static Outcome Context(ref SyscallFrame frame)
    {
        Outcome outcome = frame.Kernel.NetworkContext(out NetworkContextOut context);
        if (!outcome.IsOk) return outcome;

        Span<byte> result = frame.Result;
        BinaryPrimitives.WriteInt64LittleEndian(result, context.Epoch);
        BinaryPrimitives.WriteUInt64LittleEndian(result[8..], context.Timestamp);
        SyscallFrame.WriteTokens(result[16..], context.BaseFee);
        BinaryPrimitives.WriteUInt64LittleEndian(result[32..], context.ChainId);
        BinaryPrimitives.WriteUInt32LittleEndian(result[40..], context.NetworkVersion);
        return Outcome.Ok;
    }

    /// <summary>tipset_cid(epoch, cid offset, cid length) → length</summary>
    public static Outcome TipsetCid(ref SyscallFrame frame)
    {
        Outcome outcome = frame.Slice(1, out Span<byte> buffer);
        if (!outcome.IsOk) return outcome;

        outcome = frame.Kernel.TipsetCid(new ChainEpoch(frame.I64(0)), out Cid cid);
        return outcome.IsOk ? frame.WriteCid(cid, buffer) : outcome;
    }

    /// <summary>base_fee() → 16 bytes, before NV18</summary>
    public static Outcome BaseFee(ref SyscallFrame frame) => frame.Return(frame.Kernel.BaseFee());

    /// <summary>total_fil_circ_supply() → 16 bytes</summary>
    public static Outcome TotalFilCircSupply(ref SyscallFrame frame) => frame.Return(frame.Kernel.TotalFilCirculatingSupply());
}
