namespace Fvm;

/// <summary>
/// Verifies proofs of storage. False means that the proof does not verify; malformed input, for which the reference returns IllegalArgument,
/// throws <see cref="ProofException"/>.
/// </summary>
public interface IProofs
{
    /// <exception cref="ProofException">The input is malformed.</exception>
    bool VerifyPost(WindowPostVerifyInfo info);

    /// <exception cref="ProofException">The input is malformed.</exception>
    bool VerifySeal(SealVerifyInfo seal);

    /// <summary>Verifies many seals. Malformed ones yield false.</summary>
    /// <returns>One result per seal.</returns>
    bool[] VerifySeals(SealVerifyInfo[] batch);

    /// <exception cref="ProofException">The input is malformed.</exception>
    bool VerifyAggregateSeals(AggregateSealVerifyProofAndInfos aggregate);

    /// <exception cref="ProofException">The input is malformed.</exception>
    bool VerifyReplicaUpdate(ReplicaUpdateInfo update);
}
