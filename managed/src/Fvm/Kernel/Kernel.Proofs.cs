using Fvm.Ipld;

namespace Fvm;

internal sealed partial class Kernel
{
    private const ulong CalibnetChainId = 314159;

    // The last epoch at which calibnet's chain rejected valid window proofs.
    private const long LastMistakenPost = 498_691;

    /// <summary>Whether a number is a seal proof type.</summary>
    public bool IsSealKind(long number) => number >= 0 && number < _execution.Rules.Machine.SealKinds;

    /// <summary>Computes the commitment to a sector's data (CommD) from those to its pieces.</summary>
    public Outcome ComputeUnsealedSectorCid(RegisteredSealProof proof, PieceInfo[] pieces, out Cid cid)
    {
        cid = default;
        if (!TryCharge(Prices.OnComputeUnsealedSectorCid())) return Outcome.OutOfGas;

        return UnsealedSector.ComputeCid(proof, pieces, out cid) is string fault
            ? Outcome.Error(ErrorNumber.IllegalArgument, fault)
            : Outcome.Ok;
    }

    /// <summary>Verifies a window proof of spacetime (WindowPoSt).</summary>
    public Outcome VerifyPost(WindowPostVerifyInfo info, out bool valid)
    {
        valid = false;
        if (!TryCharge(Prices.OnVerifyPost(info.ChallengedSectors.Length))) return Outcome.OutOfGas;

        return Verify(static (proofs, info) => proofs.VerifyPost(info), AsCalibnetHadIt(info), out valid);
    }

    /// <summary>Verifies an aggregate of seals.</summary>
    public Outcome VerifyAggregateSeals(AggregateSealVerifyProofAndInfos aggregate, out bool valid)
    {
        valid = false;
        if (!TryCharge(Prices.OnVerifyAggregateSeals(aggregate.SealProof, aggregate.Infos.Length))) return Outcome.OutOfGas;

        return Verify(static (proofs, aggregate) => proofs.VerifyAggregateSeals(aggregate), aggregate, out valid);
    }

    /// <summary>Verifies a replica update.</summary>
    public Outcome VerifyReplicaUpdate(ReplicaUpdateInfo update, out bool valid)
    {
        valid = false;
        if (!TryCharge(Prices.OnVerifyReplicaUpdate())) return Outcome.OutOfGas;

        return Verify(static (proofs, update) => proofs.VerifyReplicaUpdate(update), update, out valid);
    }

    /// <summary>Verifies many seals; malformed ones are invalid. All are charged before the first is examined.</summary>
    public Outcome BatchVerifySeals(SealVerifyInfo[] batch, Span<byte> valid)
    {
        foreach (SealVerifyInfo _ in batch)
        {
            if (!TryCharge(Prices.OnVerifySealOfBatch())) return Outcome.OutOfGas;
        }

        bool[] verdicts = _execution.Machine.Proofs.VerifySeals(batch);
        if (verdicts.Length != batch.Length)
        {
            return Outcome.Fatal($"expected one verdict for each seal: {batch.Length} != {verdicts.Length}");
        }

        for (int i = 0; i < verdicts.Length; i++)
        {
            valid[i] = verdicts[i] ? (byte)1 : (byte)0;
        }

        return Outcome.Ok;
    }

    /// <summary>Verifies one seal (before NV18).</summary>
    public Outcome VerifySeal(SealVerifyInfo info, out bool valid)
    {
        valid = false;
        if (!TryCharge(Prices.OnVerifySeal())) return Outcome.OutOfGas;

        return Verify(static (proofs, seal) => proofs.VerifySeal(seal), info, out valid);
    }

    /// <summary>Asks the host whether block headers prove a consensus fault; null if they do not.</summary>
    public Outcome VerifyConsensusFault(
        ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> extra, out ConsensusFault? fault)
    {
        fault = null;
        if (!TryCharge(Prices.OnVerifyConsensusFault())) return Outcome.OutOfGas;

        try
        {
            (fault, _) = _execution.Machine.Externs.VerifyConsensusFault(first, second, extra);
            return Outcome.Ok;
        }
        catch (ExternException e)
        {
            return Outcome.Error(ErrorNumber.IllegalArgument, e.Message);
        }
    }

    private WindowPostVerifyInfo AsCalibnetHadIt(WindowPostVerifyInfo info)
    {
        MachineContext context = _execution.Machine.Context;
        bool mistaken = _execution.Rules.Machine.MistakesCalibnetPosts
            && context.Network.ChainId == CalibnetChainId
            && context.Epoch.Value <= LastMistakenPost
            && info.Proofs is [{ Kind: RegisteredPostProof.Window32GiBV1P1 }, ..];
        return mistaken ? info with { Proofs = [info.Proofs[0] with { Kind = RegisteredPostProof.Window32GiBV1 }, .. info.Proofs[1..]] } : info;
    }

    private Outcome Verify<T>(Func<IProofs, T, bool> verify, T proof, out bool valid)
    {
        try
        {
            valid = verify(_execution.Machine.Proofs, proof);
            return Outcome.Ok;
        }
        catch (ProofException e)
        {
            valid = false;
            return Outcome.Error(ErrorNumber.IllegalArgument, e.Message);
        }
    }
}
