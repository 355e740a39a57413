namespace Fvm;

/// <summary>Properties of seal proof types (reference: <c>shared/src/sector/registered_proof.rs</c>).</summary>
internal static class SealProofs
{
    private const RegisteredSealProof Last = RegisteredSealProof.StackedDrg64GiBV1P2NiPoRep;

    // Each family of types has the sizes in this order.
    private static ReadOnlySpan<ulong> SectorSizes => [2UL << 10, 8UL << 20, 512UL << 20, 32UL << 30, 64UL << 30];

    /// <summary>The padded sector size, in bytes.</summary>
    /// <returns>False for an undefined type.</returns>
    public static bool TryGetSectorSize(this RegisteredSealProof proof, out ulong size)
    {
        bool known = proof is >= 0 and <= Last;
        size = known ? SectorSizes[(int)((long)proof % SectorSizes.Length)] : 0;
        return known;
    }
}
