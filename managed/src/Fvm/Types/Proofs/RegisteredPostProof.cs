namespace Fvm;

/// <summary>The type and sector size of a proof of spacetime. Undefined values are possible.</summary>
public enum RegisteredPostProof : long
{
    Winning2KiB = 0,
    Winning8MiB = 1,
    Winning512MiB = 2,
    Winning32GiB = 3,
    Winning64GiB = 4,

    /// <summary>Window proofs of NV18 and before; invalid from NV21 on.</summary>
    Window2KiBV1 = 5,
    Window8MiBV1 = 6,
    Window512MiBV1 = 7,
    Window32GiBV1 = 8,
    Window64GiBV1 = 9,

    Window2KiBV1P1 = 10,
    Window8MiBV1P1 = 11,
    Window512MiBV1P1 = 12,
    Window32GiBV1P1 = 13,
    Window64GiBV1P1 = 14,
}
