namespace Fvm.Chain;

/// <summary>
/// Takes proofs as the chain has them: the network has verified them, so they are valid, but for those of messages known to have failed by theirs.
/// Notes which messages verify something.
/// </summary>
internal sealed class ProofVerdicts(IReadOnlyCollection<int> rejected) : IProofs
{
    private readonly List<int> _asked = [];

    /// <summary>The number of the message that is applied, counted over all of the tipset's.</summary>
    public int Current { get; set; }

    /// <summary>The numbers of the messages that verified something.</summary>
    public IReadOnlyList<int> Asked => _asked;

    public bool VerifyPost(WindowPostVerifyInfo info) => Verdict();

    public bool VerifySeal(SealVerifyInfo seal) => Verdict();

    public bool[] VerifySeals(SealVerifyInfo[] batch)
    {
        bool[] verdicts = new bool[batch.Length];
        Array.Fill(verdicts, Verdict());
        return verdicts;
    }

    public bool VerifyAggregateSeals(AggregateSealVerifyProofAndInfos aggregate) => Verdict();

    public bool VerifyReplicaUpdate(ReplicaUpdateInfo update) => Verdict();

    private bool Verdict()
    {
        if (_asked.Count == 0 || _asked[^1] != Current)
        {
            _asked.Add(Current);
        }

        return !rejected.Contains(Current);
    }
}
