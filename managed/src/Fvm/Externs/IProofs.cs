namespace Fvm;

/// <summary>
/// Verifies proofs of storage. An answer of false is a proof that does not verify; input that cannot be a proof, where the
/// reference answers IllegalArgument, throws <see cref="ProofException"/>.
/// </summary>
public interface IProofs
{
    /// <exception cref="ProofException">The input cannot be a proof.</exception>
    bool VerifyPost(WindowPostVerifyInfo info);

    /// <exception cref="ProofException">The input cannot be a proof.</exception>
    bool VerifySeal(SealVerifyInfo seal);

    /// <summary>Verifies many seals. One that cannot be a proof is just false.</summary>
    /// <returns>An answer for each.</returns>
    bool[] VerifySeals(SealVerifyInfo[] batch);

    /// <exception cref="ProofException">The input cannot be a proof.</exception>
    bool VerifyAggregateSeals(AggregateSealVerifyProofAndInfos aggregate);

    /// <exception cref="ProofException">The input cannot be a proof.</exception>
    bool VerifyReplicaUpdate(ReplicaUpdateInfo update);
}
