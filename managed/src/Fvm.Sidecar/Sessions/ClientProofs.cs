using Fvm.Protocol.V1;
using AnswerKind = Fvm.Protocol.V1.CallbackAnswer.AnswerOneofCase;

namespace Fvm.Sidecar;

/// <summary>Proofs, verified by the client.</summary>
internal sealed class ClientProofs(ClientHost host) : IProofs
{
    /// <inheritdoc/>
    public bool VerifyPost(WindowPostVerifyInfo info) => IsValid(new Callback { VerifyPost = ProofMessages.Of(info) });

    /// <inheritdoc/>
    public bool VerifySeal(SealVerifyInfo seal) => IsValid(new Callback { VerifySeal = ProofMessages.Of(seal) });

    /// <inheritdoc/>
    public bool[] VerifySeals(SealVerifyInfo[] batch)
    {
        Callback question = new() { VerifySeals = new SealBatch() };
        question.VerifySeals.Seals.AddRange(batch.Select(ProofMessages.Of));
        return batch.Length == 0 ? [] : [.. Verdicts(question, batch.Length).Select(static verdict => verdict == ProofVerdict.Valid)];
    }

    /// <inheritdoc/>
    public bool VerifyAggregateSeals(AggregateSealVerifyProofAndInfos aggregate) =>
        IsValid(new Callback { VerifyAggregate = ProofMessages.Of(aggregate) });

    /// <inheritdoc/>
    public bool VerifyReplicaUpdate(ReplicaUpdateInfo update) => IsValid(new Callback { VerifyReplicaUpdate = ProofMessages.Of(update) });

    private bool IsValid(Callback question) => Verdicts(question, 1)[0] switch
    {
        ProofVerdict.Valid => true,
        ProofVerdict.Invalid => false,
        _ => throw new ProofException("the proof or its public input is malformed"),
    };

    private IList<ProofVerdict> Verdicts(Callback question, int count)
    {
        host.Calls.Externs++;
        IList<ProofVerdict> verdicts = host.Ask(question, AnswerKind.Proof).Proof.Verdicts;
        bool fits = verdicts.Count == count && verdicts.All(static verdict => verdict is >= ProofVerdict.Valid and <= ProofVerdict.Malformed);
        return fits ? verdicts : throw ClientHost.Mismatch($"the client answered {question.QuestionCase} without a verdict per proof");
    }
}
