using Fvm.Ipld;

namespace Fvm.Chain;

/// <summary>What a machine asked of the chain, and was told: each question once, in the order of the first time.</summary>
/// <param name="inner">The chain.</param>
public sealed class ExternAnswers(IExterns inner) : IExterns
{
    private readonly List<(bool Beacon, ChainEpoch Epoch, byte[] Value)> _randomness = [];
    private readonly List<(ChainEpoch Epoch, Cid Cid)> _tipsets = [];
    private readonly List<FaultAnswer> _faults = [];

    /// <summary>Randomness.</summary>
    public IReadOnlyList<(bool Beacon, ChainEpoch Epoch, byte[] Value)> Randomness => _randomness;

    /// <summary>CIDs of tipsets.</summary>
    public IReadOnlyList<(ChainEpoch Epoch, Cid Cid)> Tipsets => _tipsets;

    /// <summary>Verdicts on consensus faults.</summary>
    public IReadOnlyList<FaultAnswer> Faults => _faults;

    /// <summary>A verdict on two or three headers.</summary>
    public sealed record FaultAnswer(byte[] First, byte[] Second, byte[] Extra, ConsensusFault? Fault, long GasUsed);

    /// <inheritdoc/>
    public byte[] GetChainRandomness(ChainEpoch epoch) => Note(beacon: false, epoch, inner.GetChainRandomness(epoch));

    /// <inheritdoc/>
    public byte[] GetBeaconRandomness(ChainEpoch epoch) => Note(beacon: true, epoch, inner.GetBeaconRandomness(epoch));

    /// <inheritdoc/>
    public (ConsensusFault? Fault, long GasUsed) VerifyConsensusFault(
        ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> extra)
    {
        (ConsensusFault? fault, long gas) = inner.VerifyConsensusFault(first, second, extra);
        _faults.Add(new FaultAnswer(first.ToArray(), second.ToArray(), extra.ToArray(), fault, gas));
        return (fault, gas);
    }

    /// <inheritdoc/>
    public Cid GetTipsetCid(ChainEpoch epoch)
    {
        Cid cid = inner.GetTipsetCid(epoch);
        if (!_tipsets.Contains((epoch, cid)))
        {
            _tipsets.Add((epoch, cid));
        }

        return cid;
    }

    private byte[] Note(bool beacon, ChainEpoch epoch, byte[] value)
    {
        if (!_randomness.Exists(known => known.Beacon == beacon && known.Epoch == epoch))
        {
            _randomness.Add((beacon, epoch, value));
        }

        return value;
    }
}
