namespace Fvm;

/// <summary>Module <c>rand</c>.</summary>
internal static class RandSyscalls
{
    /// <summary>get_chain_randomness(epoch) → 32 bytes</summary>
    public static Outcome GetChainRandomness(ref SyscallFrame frame) => frame.Kernel.GetChainRandomness(new ChainEpoch(frame.I64(0)), frame.Result);

    /// <summary>get_beacon_randomness(epoch) → 32 bytes</summary>
    public static Outcome GetBeaconRandomness(ref SyscallFrame frame) => frame.Kernel.GetBeaconRandomness(new ChainEpoch(frame.I64(0)), frame.Result);

    /// <summary>get_chain_randomness(purpose, epoch, entropy offset, entropy length) → 32 bytes, before NV21</summary>
    public static Outcome DrawChainRandomness(ref SyscallFrame frame)
    {
        if (!frame.TrySlice(2, out Span<byte> entropy)) return frame.Refusal;

        return frame.Kernel.DrawChainRandomness(frame.I64(0), new ChainEpoch(frame.I64(1)), entropy, frame.Result);
    }

    /// <summary>get_beacon_randomness(purpose, epoch, entropy offset, entropy length) → 32 bytes, before NV21</summary>
    public static Outcome DrawBeaconRandomness(ref SyscallFrame frame)
    {
        if (!frame.TrySlice(2, out Span<byte> entropy)) return frame.Refusal;

        return frame.Kernel.DrawBeaconRandomness(frame.I64(0), new ChainEpoch(frame.I64(1)), entropy, frame.Result);
    }
}
