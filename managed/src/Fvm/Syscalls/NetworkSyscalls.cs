using Fvm.Ipld;

namespace Fvm;

/// <summary>Module <c>network</c>.</summary>
internal static class NetworkSyscalls
{
    /// <summary>context() → <see cref="NetworkContextOut"/></summary>
    public static Outcome Context(ref SyscallFrame frame)
    {
        if (!frame.Passed(frame.Kernel.NetworkContext(out NetworkContextOut context))) return frame.Refusal;

        return frame.ReturnPacked(context);
    }

    /// <summary>tipset_cid(epoch, cid offset, cid length) → length</summary>
    public static Outcome TipsetCid(ref SyscallFrame frame)
    {
        if (!frame.TrySlice(1, out Span<byte> buffer)) return frame.Refusal;
        if (!frame.Passed(frame.Kernel.TipsetCid(new ChainEpoch(frame.I64(0)), out Cid cid))) return frame.Refusal;

        return frame.WriteCid(cid, buffer);
    }

    /// <summary>base_fee() → 16 bytes, before NV18</summary>
    public static Outcome BaseFee(ref SyscallFrame frame) => frame.Return(frame.Kernel.BaseFee());

    /// <summary>total_fil_circ_supply() → 16 bytes</summary>
    public static Outcome TotalFilCircSupply(ref SyscallFrame frame) => frame.Return(frame.Kernel.TotalFilCirculatingSupply());
}
