using Fvm.Ipld;

namespace Fvm.Cli;

/// <summary>Externs without a chain: fixed randomness, no consensus faults, no tipsets.</summary>
internal sealed class OfflineExterns : IExterns
{
    public byte[] GetChainRandomness(ChainEpoch epoch) => new byte[32];

    public byte[] GetBeaconRandomness(ChainEpoch epoch) => new byte[32];

    public (ConsensusFault? Fault, long GasUsed) VerifyConsensusFault(
        ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> extra) => (null, 0);

    public Cid GetTipsetCid(ChainEpoch epoch) => throw new ExternException("tipset CIDs are not available: the command is not connected to a chain");
}
