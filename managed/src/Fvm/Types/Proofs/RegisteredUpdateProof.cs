namespace Fvm;

/// <summary>The type of a proof of replica update (data added to an empty sector). Undefined values are possible.</summary>
public enum RegisteredUpdateProof : long
{
    StackedDrg2KiBV1 = 0,
    StackedDrg8MiBV1 = 1,
    StackedDrg512MiBV1 = 2,
    StackedDrg32GiBV1 = 3,
    StackedDrg64GiBV1 = 4,
}
