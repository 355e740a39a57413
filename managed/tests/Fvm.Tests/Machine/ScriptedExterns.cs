using Fvm.Ipld;

namespace Fvm.Tests;

/// <summary>A stub that returns configured results, and records its last arguments.</summary>
internal sealed class ScriptedExterns : IExterns
{
    /// <summary>If set, thrown by every call.</summary>
    public Exception? Failure { get; set; }

    /// <summary>If set, called by every question for an epoch.</summary>
    public Action? Asked { get; set; }

    public byte[] ChainRandomness { get; set; } = [.. Enumerable.Repeat((byte)0xc1, 32)];

    public byte[] BeaconRandomness { get; set; } = [.. Enumerable.Repeat((byte)0xbe, 32)];

    public ConsensusFault? Fault { get; set; }

    public Cid TipsetCid { get; set; } = Cid.Blake2b256(Multicodec.DagCbor, "a tipset"u8);

    public ChainEpoch? AskedEpoch { get; private set; }

    public (byte[] First, byte[] Second, byte[] Extra)? AskedHeaders { get; private set; }

    public byte[] GetChainRandomness(ChainEpoch epoch) => Answer(epoch, ChainRandomness);

    public byte[] GetBeaconRandomness(ChainEpoch epoch) => Answer(epoch, BeaconRandomness);

    public Cid GetTipsetCid(ChainEpoch epoch) => Answer(epoch, TipsetCid);

    public (ConsensusFault? Fault, long GasUsed) VerifyConsensusFault(
        ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> extra)
    {
        AskedHeaders = (first.ToArray(), second.ToArray(), extra.ToArray());
        return Failure is null ? (Fault, 17) : throw Failure;
    }

    private T Answer<T>(ChainEpoch epoch, T answer)
    {
        AskedEpoch = epoch;
        Asked?.Invoke();
        return Failure is null ? answer : throw Failure;
    }
}
