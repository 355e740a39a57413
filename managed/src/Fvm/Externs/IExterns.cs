using Fvm.Ipld;

namespace Fvm;

/// <summary>
/// What the host knows of the chain and the machine does not (reference: <c>fvm/src/externs</c>). Calls come on the thread that
/// executes the message. A host that cannot answer throws <see cref="ExternException"/>.
/// </summary>
public interface IExterns
{
    /// <summary>Randomness of the tickets of the chain.</summary>
    /// <returns>32 bytes.</returns>
    byte[] GetChainRandomness(ChainEpoch epoch);

    /// <summary>Randomness of the beacon.</summary>
    /// <returns>32 bytes.</returns>
    byte[] GetBeaconRandomness(ChainEpoch epoch);

    /// <summary>Whether two block headers, given as their bytes, prove a fault of their miner.</summary>
    /// <param name="first">The one of the lower or the same epoch.</param>
    /// <param name="second">The other.</param>
    /// <param name="extra">A third header, for parent grinding; empty otherwise.</param>
    /// <returns>The fault or null, and the gas that the check took the host.</returns>
    (ConsensusFault? Fault, long GasUsed) VerifyConsensusFault(
        ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> extra);

    /// <summary>The CID of the tipset at an epoch, or of the last before it.</summary>
    Cid GetTipsetCid(ChainEpoch epoch);
}
