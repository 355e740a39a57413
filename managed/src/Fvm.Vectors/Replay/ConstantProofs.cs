// Proofs for replay: all of them answer the same.
namespace Fvm.Vectors;

/// <summary>Says yes to every proof, as the recordings of vectors do, or no; the gas is the usual one all the same.</summary>
/// <param name="verdict">What every proof gets.</param>
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
