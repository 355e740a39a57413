// Proofs for replay: every one verifies.
namespace Fvm.Vectors;

/// <summary>Says yes to every proof, as the recordings of vectors do; the gas is the usual one all the same.</summary>
public sealed class AcceptingProofs : IProofs
{
    public bool VerifyPost(WindowPostVerifyInfo info) => true;

    public bool[] VerifySeals(SealVerifyInfo[] batch)
    {
        bool[] answers = new bool[batch.Length];
        Array.Fill(answers, true);
        return answers;
    }

    public bool VerifyAggregateSeals(AggregateSealVerifyProofAndInfos aggregate) => true;

    public bool VerifyReplicaUpdate(ReplicaUpdateInfo update) => true;
}
