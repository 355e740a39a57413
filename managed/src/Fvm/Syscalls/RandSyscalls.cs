namespace Fvm;

/// <summary>Module <c>rand</c>.</summary>
internal static class RandSyscalls
{
    /// <summary>get_chain_randomness(epoch) → 32 bytes</summary>
    public static Outcome GetChainRandomness(ref SyscallFrame frame) => frame.Kernel.GetChainRandomness(new ChainEpoch(frame.I64(0)), frame.Result);

    /// <summary>get_beacon_randomness(epoch) → 32 bytes</summary>
    public static Outcome GetBeaconRandomness(ref SyscallFrame frame) => frame.Kernel.GetBeaconRandomness(new ChainEpoch(frame.I64(0)), frame.Result);
}
