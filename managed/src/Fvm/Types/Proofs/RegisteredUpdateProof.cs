namespace Fvm;

/// <summary>The kind of a proof that a sector without data was updated with data. Any other number is a value too.</summary>
public enum RegisteredUpdateProof : long
{
    StackedDrg2KiBV1 = 0,
    StackedDrg8MiBV1 = 1,
    StackedDrg512MiBV1 = 2,
    StackedDrg32GiBV1 = 3,
    StackedDrg64GiBV1 = 4,
}
