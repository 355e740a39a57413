using Fvm.Ipld;

namespace Fvm.Vectors;

/// <summary>The externs before there is a chain: constructors ask for nothing.</summary>
internal sealed class NoExterns : IExterns
{
    private const string Reason = "there is no chain at genesis";

    public byte[] GetChainRandomness(ChainEpoch epoch) => throw new ExternException(Reason);

    public byte[] GetBeaconRandomness(ChainEpoch epoch) => throw new ExternException(Reason);

    public (ConsensusFault? Fault, long GasUsed) VerifyConsensusFault(
        ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> extra) => throw new ExternException(Reason);

    public Cid GetTipsetCid(ChainEpoch epoch) => throw new ExternException(Reason);
}
