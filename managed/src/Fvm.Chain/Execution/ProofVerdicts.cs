namespace Fvm.Chain;

/// <summary>
/// Verdicts on the proofs of one tipset. Without a verifier they are taken as the chain has them: the network has verified them, so they are
/// valid, but for those of messages known to have failed by theirs. Notes which messages verify something, and what a verifier rejects.
/// </summary>
/// <param name="rejected">The numbers of the messages whose proofs are not valid.</param>
/// <param name="verifier">Verifies the proofs of the other messages; null for none.</param>
internal sealed class ProofVerdicts(IReadOnlyCollection<int> rejected, IProofs? verifier = null) : IProofs
{
    private const string DoesNotVerify = "it does not verify";

    private readonly List<int> _asked = [];
    private readonly List<RejectedProof> _rejections = [];

    /// <summary>The number of the message that is applied, counted over all of the tipset's.</summary>
    public int Current { get; set; }

    /// <summary>The numbers of the messages that verified something.</summary>
    public IReadOnlyList<int> Asked => _asked;

    /// <summary>What the verifier rejected.</summary>
    public IReadOnlyList<RejectedProof> Rejections => _rejections;

    public bool VerifyPost(WindowPostVerifyInfo info) =>
        Verdict($"the window PoSt of f0{info.Prover}", proofs => proofs.VerifyPost(info));

    public bool VerifySeal(SealVerifyInfo seal) => Verdict(NameOf(seal), proofs => proofs.VerifySeal(seal));

    public bool[] VerifySeals(SealVerifyInfo[] batch)
    {
        bool[] verdicts = new bool[batch.Length];
        if (TryTake(out bool taken))
        {
            Array.Fill(verdicts, taken);
            return verdicts;
        }

        verdicts = verifier!.VerifySeals(batch);
        for (int index = 0; index < verdicts.Length; index++)
        {
            if (!verdicts[index])
            {
                Reject(NameOf(batch[index]), DoesNotVerify);
            }
        }

        return verdicts;
    }

    public bool VerifyAggregateSeals(AggregateSealVerifyProofAndInfos aggregate) => Verdict(
        $"the aggregate of {aggregate.Infos.Length} seals of f0{aggregate.Miner}", proofs => proofs.VerifyAggregateSeals(aggregate));

    public bool VerifyReplicaUpdate(ReplicaUpdateInfo update) =>
        Verdict($"the update of the replica {update.OldSealedCid}", proofs => proofs.VerifyReplicaUpdate(update));

    private static string NameOf(SealVerifyInfo seal) => $"the seal of sector {seal.Sector.Number} of f0{seal.Sector.Miner}";

    private bool Verdict(string proof, Func<IProofs, bool> verify)
    {
        if (TryTake(out bool taken))
        {
            return taken;
        }

        try
        {
            bool isValid = verify(verifier!);
            if (!isValid)
            {
                Reject(proof, DoesNotVerify);
            }

            return isValid;
        }
        catch (ProofException exception)
        {
            Reject(proof, exception.Message);
            throw;
        }
    }

    // A verdict that needs no verifier.
    private bool TryTake(out bool verdict)
    {
        if (_asked.Count == 0 || _asked[^1] != Current)
        {
            _asked.Add(Current);
        }

        verdict = !rejected.Contains(Current);
        return verifier is null || !verdict;
    }

    private void Reject(string proof, string reason) => _rejections.Add(new RejectedProof(Current, proof, reason.ReplaceLineEndings(" ")));
}
