using Fvm.Ipld;

namespace Fvm;

/// <summary>Module <c>self</c>.</summary>
internal static class SelfSyscalls
{
    /// <summary>root(cid offset, cid length) → length</summary>
    public static Outcome Root(ref SyscallFrame frame)
    {
        Outcome outcome = frame.Slice(0, out Span<byte> buffer);
        if (!outcome.IsOk) return outcome;

        outcome = frame.Kernel.Root(out Cid root);
        return outcome.IsOk ? frame.WriteCid(root, buffer) : outcome;
    }

    /// <summary>set_root(cid offset)</summary>
    public static Outcome SetRoot(ref SyscallFrame frame)
    {
        Outcome outcome = frame.ReadCid(0, out Cid root);
        return outcome.IsOk ? frame.Kernel.SetRoot(root) : outcome;
    }

    /// <summary>current_balance() → 16 bytes</summary>
    public static Outcome CurrentBalance(ref SyscallFrame frame)
    {
        Outcome outcome = frame.Kernel.CurrentBalance(out TokenAmount balance);
        return outcome.IsOk ? frame.Return(balance) : outcome;
    }

    /// <summary>self_destruct(burn unspent)</summary>
    public static Outcome SelfDestruct(ref SyscallFrame frame) => frame.Kernel.SelfDestruct(frame.U32(0) > 0);

    /// <summary>self_destruct(beneficiary offset, beneficiary length), before NV21</summary>
    public static Outcome SelfDestructTo(ref SyscallFrame frame)
    {
        Outcome outcome = frame.ReadAddress(0, out Address beneficiary);
        return outcome.IsOk ? frame.Kernel.SelfDestructTo(beneficiary) : outcome;
    }
}
