namespace Fvm;

/// <summary>
/// The type and sector size of a seal proof. Undefined values are possible: actors may pass any number, and only later checks reject it.
/// </summary>
public enum RegisteredSealProof : long
{
    StackedDrg2KiBV1 = 0,
    StackedDrg8MiBV1 = 1,
    StackedDrg512MiBV1 = 2,
    StackedDrg32GiBV1 = 3,
    StackedDrg64GiBV1 = 4,

    StackedDrg2KiBV1P1 = 5,
    StackedDrg8MiBV1P1 = 6,
    StackedDrg512MiBV1P1 = 7,
    StackedDrg32GiBV1P1 = 8,
    StackedDrg64GiBV1P1 = 9,

    StackedDrg2KiBV1P1Synthetic = 10,
    StackedDrg8MiBV1P1Synthetic = 11,
    StackedDrg512MiBV1P1Synthetic = 12,
    StackedDrg32GiBV1P1Synthetic = 13,
    StackedDrg64GiBV1P1Synthetic = 14,

    StackedDrg2KiBV1P2NiPoRep = 15,
    StackedDrg8MiBV1P2NiPoRep = 16,
    StackedDrg512MiBV1P2NiPoRep = 17,
    StackedDrg32GiBV1P2NiPoRep = 18,
    StackedDrg64GiBV1P2NiPoRep = 19,
}
