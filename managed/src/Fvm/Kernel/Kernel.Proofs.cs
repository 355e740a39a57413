using Fvm.Ipld;

namespace Fvm;

public sealed partial class Kernel
{
    /// <summary>The commitment to a sector's data (CommD) from those to its pieces.</summary>
    public Outcome ComputeUnsealedSectorCid(RegisteredSealProof proof, PieceInfo[] pieces, out Cid cid)
    {
        cid = default;
        if (!TryCharge(Prices.OnComputeUnsealedSectorCid()))
        {
            return Outcome.OutOfGas;
        }

        try
        {
            cid = UnsealedSector.ComputeCid(proof, pieces);
            return Outcome.Ok;
        }
        catch (ProofException e)
        {
            return Outcome.Error(ErrorNumber.IllegalArgument, e.Message);
        }
    }

    /// <summary>Verifies a window proof of spacetime.</summary>
    public Outcome VerifyPost(WindowPostVerifyInfo info, out bool valid)
    {
        valid = false;
        if (!TryCharge(Prices.OnVerifyPost(info.ChallengedSectors.Length)))
        {
            return Outcome.OutOfGas;
        }

        return Verify(static (proofs, info) => proofs.VerifyPost(info), info, out valid);
    }

    /// <summary>Verifies an aggregate of seals.</summary>
    public Outcome VerifyAggregateSeals(AggregateSealVerifyProofAndInfos aggregate, out bool valid)
    {
        valid = false;
        if (!TryCharge(Prices.OnVerifyAggregateSeals(aggregate.SealProof, aggregate.Infos.Length)))
        {
            return Outcome.OutOfGas;
        }

        return Verify(static (proofs, aggregate) => proofs.VerifyAggregateSeals(aggregate), aggregate, out valid);
    }

    /// <summary>Verifies the update of a sector with data.</summary>
    public Outcome VerifyReplicaUpdate(ReplicaUpdateInfo update, out bool valid)
    {
        valid = false;
        if (!TryCharge(Prices.OnVerifyReplicaUpdate()))
        {
            return Outcome.OutOfGas;
        }

        return Verify(static (proofs, update) => proofs.VerifyReplicaUpdate(update), update, out valid);
    }

    /// <summary>Verifies many seals; one that cannot be a proof is just not valid. Every one is charged before the first is looked at.</summary>
    public Outcome BatchVerifySeals(SealVerifyInfo[] batch, Span<byte> valid)
    {
        foreach (SealVerifyInfo _ in batch)
        {
            if (!TryCharge(Prices.OnVerifySealOfBatch()))
            {
                return Outcome.OutOfGas;
            }
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

    /// <summary>Verifies one seal (before NV18). What cannot be a proof is just not valid, where the reference has an error for some of it; no builtin actor asks.</summary>
    public Outcome VerifySeal(SealVerifyInfo info, out bool valid)
    {
        valid = false;
        if (!TryCharge(Prices.OnVerifySeal()))
        {
            return Outcome.OutOfGas;
        }

        bool[] verdicts = _execution.Machine.Proofs.VerifySeals([info]);
        if (verdicts.Length != 1)
        {
            return Outcome.Fatal($"expected one verdict: {verdicts.Length}");
        }

        valid = verdicts[0];
        return Outcome.Ok;
    }

    /// <summary>Asks the node whether block headers prove a fault; null where they do not.</summary>
    public Outcome VerifyConsensusFault(
        ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> extra, out ConsensusFault? fault)
    {
        fault = null;
        if (!TryCharge(Prices.OnVerifyConsensusFault()))
        {
            return Outcome.OutOfGas;
        }

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
