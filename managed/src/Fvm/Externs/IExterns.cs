using Fvm.Ipld;

namespace Fvm;

/// <summary>
/// The host's knowledge of the chain beyond the state (reference: <c>fvm/src/externs</c>). Called on the thread that executes the message. A
/// host that cannot respond throws <see cref="ExternException"/>.
/// </summary>
public interface IExterns
{
    /// <summary>Randomness from the chain's tickets.</summary>
    /// <returns>32 bytes.</returns>
    byte[] GetChainRandomness(ChainEpoch epoch);

    /// <summary>Randomness from the beacon.</summary>
    /// <returns>32 bytes.</returns>
    byte[] GetBeaconRandomness(ChainEpoch epoch);

    /// <summary>Checks whether two block headers prove a consensus fault of their miner.</summary>
    /// <param name="first">The header of the lower or the same epoch, in bytes.</param>
    /// <param name="second">The other header, in bytes.</param>
    /// <param name="extra">A third header, for parent grinding; empty otherwise.</param>
    /// <returns>The fault or null, and the gas used by the host's check.</returns>
    (ConsensusFault? Fault, long GasUsed) VerifyConsensusFault(
        ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> extra);

    /// <summary>The CID of the tipset at an epoch; for a null round, of the last tipset before it.</summary>
    Cid GetTipsetCid(ChainEpoch epoch);
}
