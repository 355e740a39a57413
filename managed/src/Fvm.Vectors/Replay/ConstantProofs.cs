namespace Fvm.Vectors;

/// <summary>Accepts every proof, as the recorders of vectors do, or rejects every proof; gas is charged as usual.</summary>
/// <param name="verdict">The result for every proof.</param>
public sealed class ConstantProofs(bool verdict = true) : IProofs
{
    public bool VerifyPost(WindowPostVerifyInfo info) => verdict;

    public bool VerifySeal(SealVerifyInfo seal) => verdict;

    public bool[] VerifySeals(SealVerifyInfo[] batch)
    {
        bool[] answers = new bool[batch.Length];
        Array.Fill(answers, verdict);
        return answers;
    }

    public bool VerifyAggregateSeals(AggregateSealVerifyProofAndInfos aggregate) => verdict;

    public bool VerifyReplicaUpdate(ReplicaUpdateInfo update) => verdict;
}
