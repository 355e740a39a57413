using Fvm.Ipld;
using Fvm.Protocol.V1;

namespace Fvm.Sidecar;

/// <summary>What a request tells of the chain: nothing else is known. Proofs are all valid, or all invalid.</summary>
internal sealed class GivenExterns : IExterns, IProofs
{
    private const int RandomnessLength = 32;

    private readonly Dictionary<ChainEpoch, byte[]> _chain;
    private readonly Dictionary<ChainEpoch, byte[]> _beacon;
    private readonly Dictionary<ChainEpoch, Cid> _tipsets = [];
    private readonly bool _verdict;

    /// <exception cref="CallFault">A value is malformed.</exception>
    public GivenExterns(Protocol.V1.Environment? environment)
    {
        _chain = Randomness(environment?.ChainRandomness ?? [], "environment.chain_randomness");
        _beacon = Randomness(environment?.BeaconRandomness ?? [], "environment.beacon_randomness");
        foreach (EpochTipset tipset in environment?.Tipsets ?? [])
        {
            _tipsets[new ChainEpoch(tipset.Epoch)] = FromClient.ToCid(tipset.Cid, "environment.tipsets.cid");
        }

        _verdict = environment?.RejectsProofs != true;
    }

    public byte[] GetChainRandomness(ChainEpoch epoch) => Find(_chain, epoch, "chain randomness");

    public byte[] GetBeaconRandomness(ChainEpoch epoch) => Find(_beacon, epoch, "beacon randomness");

    public Cid GetTipsetCid(ChainEpoch epoch) => Find(_tipsets, epoch, "tipset");

    public (ConsensusFault? Fault, long GasUsed) VerifyConsensusFault(
        ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> extra) => (null, 0);

    public bool VerifyPost(WindowPostVerifyInfo info) => _verdict;

    public bool VerifySeal(SealVerifyInfo seal) => _verdict;

    public bool[] VerifySeals(SealVerifyInfo[] batch) => [.. batch.Select(_ => _verdict)];

    public bool VerifyAggregateSeals(AggregateSealVerifyProofAndInfos aggregate) => _verdict;

    public bool VerifyReplicaUpdate(ReplicaUpdateInfo update) => _verdict;

    private static T Find<T>(Dictionary<ChainEpoch, T> known, ChainEpoch epoch, string what) =>
        known.TryGetValue(epoch, out T? value) ? value : throw new ExternException($"the request has no {what} for epoch {epoch.Value}");

    private static Dictionary<ChainEpoch, byte[]> Randomness(IEnumerable<EpochRandomness> items, string field)
    {
        Dictionary<ChainEpoch, byte[]> randomness = [];
        foreach (EpochRandomness item in items)
        {
            randomness[new ChainEpoch(item.Epoch)] = item.Randomness.Length == RandomnessLength
                ? item.Randomness.ToByteArray()
                : throw CallFault.Field(field, $"has {item.Randomness.Length} bytes instead of {RandomnessLength}");
        }

        return randomness;
    }
}
