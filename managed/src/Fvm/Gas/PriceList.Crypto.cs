namespace Fvm;

/// <content>Signatures, hashes, and proofs of storage.</content>
public sealed partial class PriceList
{
    public GasCharge OnVerifySignature(SignatureType type, int length) => Computing(
        "OnVerifySignature",
        type == SignatureType.Bls
            ? this[Price.BlsVerify] + this[Price.BlsVerifyPerByte] * length
            : this[Price.Secp256k1Verify] + this[Price.Secp256k1VerifyPerByte] * length);

    /// <summary>An aggregate of n BLS signatures takes n + 1 pairings.</summary>
    /// <param name="signatures">The number of signatures.</param>
    /// <param name="length">The total length of the signed messages, in bytes.</param>
    public GasCharge OnVerifyAggregateSignature(int signatures, int length) => Computing(
        "OnVerifyBlsAggregateSignature",
        this[Price.BlsPairing] * ((ulong)signatures + 1) + this[Price.BlsHashPerByte] * length);

    public GasCharge OnRecoverSecpPublicKey() => Computing("OnRecoverSecpPublicKey", this[Price.Secp256k1Recover]);

    public GasCharge OnHashing(SupportedHash hash, int length) => Computing("OnHashing", OfHashing(hash, length));

    public GasCharge OnComputeUnsealedSectorCid() => Computing("OnComputeUnsealedSectorCid", this[Price.UnsealedSectorCid]);

    public GasCharge OnVerifySeal() => Computing("OnVerifySeal", this[Price.VerifySeal]);

    /// <summary>A seal in a batch. No charge in Skyr, where the power actor charges when it accepts the seal.</summary>
    public GasCharge OnVerifySealOfBatch() => Rules.ChargesSealsOfBatches ? OnVerifySeal() : GasCharge.None;

    /// <summary>An aggregate of seals. Proof types without a price cost the same as interactive 32 GiB ones.</summary>
    /// <param name="proof">The seals' proof type.</param>
    /// <param name="count">The number of seals.</param>
    public GasCharge OnVerifyAggregateSeals(RegisteredSealProof proof, int count)
    {
        bool pricesNonInteractive = !this[Price.VerifyAggregateSeal32GiBNonInteractive].IsZero;
        (Price each, (ulong From, ulong Cost)[] steps) = proof switch
        {
            RegisteredSealProof.StackedDrg64GiBV1P1 => (Price.VerifyAggregateSeal64GiB, SealStepTable.Interactive64GiB),
            RegisteredSealProof.StackedDrg32GiBV1P2NiPoRep when pricesNonInteractive =>
                (Price.VerifyAggregateSeal32GiBNonInteractive, SealStepTable.NonInteractive32GiB),
            RegisteredSealProof.StackedDrg64GiBV1P2NiPoRep when pricesNonInteractive =>
                (Price.VerifyAggregateSeal64GiBNonInteractive, SealStepTable.NonInteractive64GiB),
            _ => (Price.VerifyAggregateSeal32GiB, SealStepTable.Interactive32GiB),
        };
        return Computing("OnVerifyAggregateSeals", this[each] * count + SealStepTable.Lookup(steps, (ulong)count));
    }

    public GasCharge OnVerifyReplicaUpdate() => Computing("OnVerifyReplicaUpdate", this[Price.VerifyReplicaUpdate]);

    /// <summary>A proof of spacetime. All types have the same price.</summary>
    /// <param name="sectors">The number of challenged sectors.</param>
    public GasCharge OnVerifyPost(int sectors) =>
        Computing("OnVerifyPost", this[Price.VerifyPost] + this[Price.VerifyPostPerSector] * sectors);

    public GasCharge OnVerifyConsensusFault() => Rules.ExternsAreComputation
        ? Computing("OnVerifyConsensusFault", this[Price.Extern] + this[Price.VerifyConsensusFault])
        : Otherwise("OnVerifyConsensusFault", this[Price.VerifyConsensusFault]);

    private Gas OfHashing(SupportedHash hash, int length)
    {
        Price perByte = hash switch
        {
            SupportedHash.Sha2256 => Price.HashSha2256PerByte,
            SupportedHash.Blake2b512 => Price.HashBlake2b512PerByte,
            SupportedHash.Keccak256 => Price.HashKeccak256PerByte,
            SupportedHash.Ripemd160 => Price.HashRipemd160PerByte,
            _ => Price.HashBlake2b256PerByte,
        };
        return this[Price.HashBase] + this[perByte] * length;
    }
}
