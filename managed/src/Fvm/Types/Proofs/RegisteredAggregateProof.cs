namespace Fvm;

/// <summary>The aggregation type of seal proofs. Undefined values are possible.</summary>
public enum RegisteredAggregateProof : long
{
    SnarkPackV1 = 0,
    SnarkPackV2 = 1,
}
