using Fvm.Ipld;

namespace Fvm.State.Bench;

/// <summary>The externs of messages that ask for nothing.</summary>
internal sealed class NoExterns : IExterns
{
    public byte[] GetChainRandomness(ChainEpoch epoch) => throw new NotSupportedException();

    public byte[] GetBeaconRandomness(ChainEpoch epoch) => throw new NotSupportedException();

    public (ConsensusFault? Fault, long GasUsed) VerifyConsensusFault(
        ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> extra) => throw new NotSupportedException();

    public Cid GetTipsetCid(ChainEpoch epoch) => throw new NotSupportedException();
}
