using System.Runtime.InteropServices;

namespace Fvm.Hosting;

/// <summary>
/// Verifies proofs with filecoin-ffi's functions. The reference's checks before it calls its proofs library are made here, in the same order;
/// a proof whose function the process lacks is an error, too.
/// </summary>
/// <param name="functions">The functions; some may be missing.</param>
/// <param name="rules">The network version's rules, which determine the valid kinds of proofs.</param>
/// <param name="rejected">Receives a line about each invalid seal of a batch.</param>
/// <param name="missing">Makes the exception for a missing function of a name.</param>
public sealed class NativeProofs(
    ProofFunctions functions, NetworkRules rules, Action<string> rejected, Func<string, ProofException> missing) : IProofs
{
    private const int UpdateKinds = 5;
    private const int AggregateKinds = 2;
    private const int FirstWindowV1 = (int)RegisteredPostProof.Window2KiBV1;
    private const int FirstWindowV1P1 = (int)RegisteredPostProof.Window2KiBV1P1;
    private const int Sizes = 5;

    /// <inheritdoc/>
    // Sound: arrays and proofs are pinned and locals stay in place until the proofs library returns, which keeps none of them.
    public unsafe bool VerifyPost(WindowPostVerifyInfo info)
    {
        if (info.Proofs.Length == 0)
        {
            throw new ProofException("the proof is missing");
        }

        Bytes32 randomness = Bytes32.Of(info.Randomness.Span, "the randomness");

        // Makes it an element of BLS12-381's scalar field.
        randomness.Span[^1] &= 0x3f;
        RegisteredPostProof kind = info.Proofs[0].Kind;
        foreach (PostProof proof in info.Proofs)
        {
            if (proof.Kind != kind)
            {
                throw new ProofException($"all proof types must be the same (found both {kind} and {proof.Kind})");
            }
        }

        PublicReplica[] replicas = Replicas(info.ChallengedSectors, kind);
        if (kind is < 0 or > RegisteredPostProof.Window64GiBV1P1)
        {
            throw new ProofException($"unsupported kind of proof {kind}");
        }

        Bytes32 prover = Commitments.Prover(info.Prover);
        if (functions.VerifyWindowPost == null)
        {
            throw missing("verify_window_post");
        }

        NativePostProof[] proofs = new NativePostProof[info.Proofs.Length];
        GCHandle[] pins = new GCHandle[proofs.Length];
        try
        {
            for (int i = 0; i < proofs.Length; i++)
            {
                pins[i] = GCHandle.Alloc(info.Proofs[i].Proof.ToArray(), GCHandleType.Pinned);
                proofs[i].RegisteredProof = (int)kind;
                proofs[i].Proof = (byte*)pins[i].AddrOfPinnedObject();
                proofs[i].ProofLength = (nuint)info.Proofs[i].Proof.Length;
            }

            fixed (PublicReplica* replica = replicas)
            fixed (NativePostProof* proof = proofs)
            {
                return Answer(functions.VerifyWindowPost(
                    &randomness,
                    new SliceRefOf<PublicReplica>(NotNull(replica), replicas.Length),
                    new SliceRefOf<NativePostProof>(proof, proofs.Length),
                    &prover));
            }
        }
        finally
        {
            foreach (GCHandle pin in pins)
            {
                if (pin.IsAllocated)
                {
                    pin.Free();
                }
            }
        }
    }

    /// <inheritdoc/>
    // Sound: the proof is pinned and locals stay in place until the proofs library returns, which keeps none of them.
    public unsafe bool VerifySeal(SealVerifyInfo seal)
    {
        Bytes32 commR = Commitments.Sealed(seal.SealedCid);
        Bytes32 commD = Commitments.Unsealed(seal.UnsealedCid);
        Bytes32 prover = Commitments.Prover(seal.Sector.Miner);
        int kind = Kind((long)seal.RegisteredProof, rules.Machine.SealKinds, "seal");
        Bytes32 ticket = Bytes32.Of(seal.Randomness.Span, "the randomness");
        Bytes32 seed = Bytes32.Of(seal.InteractiveRandomness.Span, "the interactive randomness");
        if (functions.VerifySeal == null)
        {
            throw missing("verify_seal");
        }

        fixed (byte* proof = seal.Proof.Span)
        {
            return Answer(functions.VerifySeal(
                kind, &commR, &commD, &prover, &ticket, &seed, seal.Sector.Number, Slice(proof, seal.Proof.Length)));
        }
    }

    /// <inheritdoc/>
    public bool[] VerifySeals(SealVerifyInfo[] batch)
    {
        bool[] valid = new bool[batch.Length];
        if (batch.Length < 2)
        {
            for (int i = 0; i < batch.Length; i++)
            {
                valid[i] = IsGood(batch[i]);
            }

            return valid;
        }

        ParallelOptions options = new() { MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, batch.Length, options, i => valid[i] = IsGood(batch[i]));
        return valid;
    }

    /// <inheritdoc/>
    // Sound: arrays are pinned and locals stay in place until the proofs library returns, which keeps none of them.
    public unsafe bool VerifyAggregateSeals(AggregateSealVerifyProofAndInfos aggregate)
    {
        if (aggregate.Infos.Length == 0)
        {
            throw new ProofException("no seal verify infos");
        }

        int kind = Kind((long)aggregate.SealProof, rules.Machine.SealKinds, "seal");
        Bytes32 prover = Commitments.Prover(aggregate.Miner);
        AggregationInput[] inputs = new AggregationInput[aggregate.Infos.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            AggregateSealVerifyInfo info = aggregate.Infos[i];
            inputs[i] = new AggregationInput
            {
                CommR = Commitments.Sealed(info.SealedCid),
                CommD = Commitments.Unsealed(info.UnsealedCid),
                SectorNumber = info.SectorNumber,
                Ticket = Bytes32.Of(info.Randomness.Span, "the randomness"),
                Seed = Bytes32.Of(info.InteractiveRandomness.Span, "the interactive randomness"),
            };
        }

        int aggregation = Kind((long)aggregate.AggregateProof, AggregateKinds, "aggregate");
        if (functions.VerifyAggregate == null)
        {
            throw missing("verify_aggregate_seal_proof");
        }

        fixed (byte* proof = aggregate.Proof.Span)
        fixed (AggregationInput* input = inputs)
        {
            return Answer(functions.VerifyAggregate(
                kind, aggregation, &prover, Slice(proof, aggregate.Proof.Length),
                new SliceRefOf<AggregationInput>(input, inputs.Length)));
        }
    }

    /// <inheritdoc/>
    // Sound: the proof is pinned and locals stay in place until the proofs library returns, which keeps none of them.
    public unsafe bool VerifyReplicaUpdate(ReplicaUpdateInfo update)
    {
        int kind = Kind((long)update.UpdateProof, UpdateKinds, "update");
        Bytes32 oldSealed = Commitments.Sealed(update.OldSealedCid);
        Bytes32 newSealed = Commitments.Sealed(update.NewSealedCid);
        Bytes32 newUnsealed = Commitments.Unsealed(update.NewUnsealedCid);
        if (functions.VerifyUpdate == null)
        {
            throw missing("verify_empty_sector_update_proof");
        }

        fixed (byte* proof = update.Proof.Span)
        {
            return Answer(functions.VerifyUpdate(kind, Slice(proof, update.Proof.Length), &oldSealed, &newSealed, &newUnsealed));
        }
    }

    private static int Kind(long number, int kinds, string what) => number >= 0 && number < kinds
        ? (int)number
        : throw new ProofException($"unsupported kind of {what} proof {number}");

    // Sound: only passes the pointer on.
    private static unsafe SliceRefOf<byte> Slice(byte* pointer, int length) => new(NotNull(pointer), length);

    // Rust rejects NULL for slices by reference; an empty slice may point anywhere else.
    // Sound: never read: where the pointer is null the length is 0.
    private static unsafe T* NotNull<T>(T* pointer)
        where T : unmanaged => pointer == null ? (T*)sizeof(ulong) : pointer;

    private bool IsGood(SealVerifyInfo seal)
    {
        try
        {
            bool valid = VerifySeal(seal);
            if (!valid)
            {
                rejected($"seal verify in batch failed (miner: {seal.Sector.Miner}) (err: invalid seal proof)");
            }

            return valid;
        }
        catch (ProofException e)
        {
            rejected($"seal verify in batch failed (miner: {seal.Sector.Miner}) (err: {e.Message})");
            return false;
        }
    }

    private PublicReplica[] Replicas(SectorInfo[] sectors, RegisteredPostProof kind)
    {
        PublicReplica[] replicas = new PublicReplica[sectors.Length];
        for (int i = 0; i < sectors.Length; i++)
        {
            Bytes32 commR = Commitments.Sealed(sectors[i].SealedCid);
            if (!Matches(kind, sectors[i].Proof))
            {
                throw new ProofException("invalid proof type");
            }

            replicas[i] = new PublicReplica { RegisteredProof = (int)kind, CommR = commR, SectorNumber = sectors[i].SectorNumber };
        }

        return replicas;
    }

    // Kinds of equal sector size differ by multiples of five (the number of sizes), for seals and for proofs of spacetime.
    private bool Matches(RegisteredPostProof post, RegisteredSealProof seal)
    {
        if ((long)seal < 0 || (long)seal >= rules.Machine.SealKinds)
        {
            return false;
        }

        int size = (int)seal % Sizes;
        return (rules.Machine.TakesFirstWindowPosts && (int)post == FirstWindowV1 + size)
            || (rules.Machine.TakesSecondWindowPosts && (int)post == FirstWindowV1P1 + size);
    }

    // Sound: the response is not null, and the proofs library's until destroyed below; its text has the reported length.
    private unsafe bool Answer(BoolResult* answer)
    {
        if (answer == null)
        {
            throw new ProofException("the proofs library returned no result");
        }

        try
        {
            if (answer->StatusCode != 0)
            {
                throw new ProofException(answer->ErrorText == null || answer->ErrorLength > int.MaxValue
                    ? "the proof was rejected"
                    : System.Text.Encoding.UTF8.GetString(answer->ErrorText, (int)answer->ErrorLength));
            }

            return answer->Value != 0;
        }
        finally
        {
            functions.Destroy(answer);
        }
    }
}
