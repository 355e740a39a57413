using Fvm.Ipld;

namespace Fvm.Vectors;

/// <summary>
/// Externs that respond from a vector. Randomness not in the vector is the reference's test placeholder; other headers prove no consensus fault.
/// </summary>
public sealed class VectorExterns : IExterns
{
    private readonly Dictionary<(bool Beacon, ChainEpoch Epoch), byte[]> _randomness = [];
    private readonly List<VectorRandomness> _madeUp = [];
    private readonly Dictionary<ChainEpoch, Cid> _tipsets = [];
    private readonly IReadOnlyList<VectorConsensusFault> _faults;
    private readonly HostFailures _failures;

    /// <exception cref="InputException">A tipset CID of the vector is invalid.</exception>
    public VectorExterns(Vector vector)
        : this(vector, new HostFailures(vector.HostFailures))
    {
    }

    /// <param name="vector">The vector.</param>
    /// <param name="failures">Counts the calls, with those of the stores.</param>
    /// <exception cref="InputException">A tipset CID of the vector is invalid.</exception>
    internal VectorExterns(Vector vector, HostFailures failures)
    {
        _failures = failures;
        _faults = vector.ConsensusFaults;
        foreach (VectorRandomness answer in vector.Randomness)
        {
            // Of duplicate responses the reference takes the first.
            _randomness.TryAdd((answer.Beacon, new ChainEpoch(answer.Epoch)), answer.Value);
        }

        foreach (VectorTipsetCid tipset in vector.TipsetCids)
        {
            _tipsets.TryAdd(new ChainEpoch(tipset.Epoch), Cid.TryParse(tipset.Cid, out Cid cid)
                ? cid
                : throw new InputException($"tipset_cids: '{tipset.Cid}' is not a CID"));
        }
    }

    /// <summary>Randomness of epochs that a vector does not list (reference: testing/conformance/src/rand.rs).</summary>
    public static ReadOnlySpan<byte> Placeholder => "i_am_random_____i_am_random_____"u8;

    /// <summary>The placeholders that were handed out, each once: a host that makes up others agrees if the vector lists them.</summary>
    public IReadOnlyList<VectorRandomness> MadeUp => _madeUp;

    public byte[] GetChainRandomness(ChainEpoch epoch)
    {
        Count(VectorHostFailure.ChainRandomness);
        return Find(beacon: false, epoch);
    }

    public byte[] GetBeaconRandomness(ChainEpoch epoch)
    {
        Count(VectorHostFailure.BeaconRandomness);
        return Find(beacon: true, epoch);
    }

    public (ConsensusFault? Fault, long GasUsed) VerifyConsensusFault(
        ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> extra)
    {
        Count(VectorHostFailure.ConsensusFault);
        foreach (VectorConsensusFault answer in _faults)
        {
            if (first.SequenceEqual(answer.Headers[0]) && second.SequenceEqual(answer.Headers[1]) && extra.SequenceEqual(answer.Headers[2]))
            {
                return (answer.Fault, answer.GasUsed);
            }
        }

        return (null, 0);
    }

    public Cid GetTipsetCid(ChainEpoch epoch)
    {
        Count(VectorHostFailure.TipsetCid);
        return _tipsets.TryGetValue(epoch, out Cid cid)
            ? cid
            : throw new ExternException($"the vector has no tipset CID for epoch {epoch}");
    }

    private void Count(string call)
    {
        if (_failures.Fails(call))
        {
            throw new ExternException($"the vector lets this {call} fail");
        }
    }

    private byte[] Find(bool beacon, ChainEpoch epoch)
    {
        if (!_randomness.TryGetValue((beacon, epoch), out byte[]? value))
        {
            value = Placeholder.ToArray();
            _randomness.Add((beacon, epoch), value);
            _madeUp.Add(new VectorRandomness(beacon, epoch.Value, value));
        }

        return value;
    }
}
