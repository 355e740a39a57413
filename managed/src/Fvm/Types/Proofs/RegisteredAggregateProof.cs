namespace Fvm;

/// <summary>How proofs of seals were aggregated. Any other number is a value too.</summary>
public enum RegisteredAggregateProof : long
{
    SnarkPackV1 = 0,
    SnarkPackV2 = 1,
}
