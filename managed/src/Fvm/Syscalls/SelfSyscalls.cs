using Fvm.Ipld;

namespace Fvm;

/// <summary>Module <c>self</c>.</summary>
internal static class SelfSyscalls
{
    /// <summary>root(cid offset, cid length) → length</summary>
    public static Outcome Root(ref SyscallFrame frame)
    {
        if (!frame.TrySlice(0, out Span<byte> buffer)) return frame.Refusal;
        if (!frame.Passed(frame.Kernel.Root(out Cid root))) return frame.Refusal;

        return frame.WriteCid(root, buffer);
    }

    /// <summary>set_root(cid offset)</summary>
    public static Outcome SetRoot(ref SyscallFrame frame)
    {
        if (!frame.TryReadCid(0, out Cid root)) return frame.Refusal;

        return frame.Kernel.SetRoot(root);
    }

    /// <summary>current_balance() → 16 bytes</summary>
    public static Outcome CurrentBalance(ref SyscallFrame frame)
    {
        if (!frame.Passed(frame.Kernel.CurrentBalance(out TokenAmount balance))) return frame.Refusal;

        return frame.Return(balance);
    }

    /// <summary>self_destruct(burn unspent)</summary>
    public static Outcome SelfDestruct(ref SyscallFrame frame) => frame.Kernel.SelfDestruct(frame.U32(0) > 0);

    /// <summary>self_destruct(beneficiary offset, beneficiary length), before NV21</summary>
    public static Outcome SelfDestructTo(ref SyscallFrame frame)
    {
        if (!frame.TryReadAddress(0, out Address beneficiary)) return frame.Refusal;

        return frame.Kernel.SelfDestructTo(beneficiary);
    }
}
