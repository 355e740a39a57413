namespace Fvm.Tests;

/// <summary>Answers as it is told to, and remembers what it was asked last.</summary>
internal sealed class ScriptedProofs : IProofs
{
    /// <summary>Where set, every question but the one for a batch throws it.</summary>
    public Exception? Failure { get; set; }

    public bool Verdict { get; set; } = true;

    /// <summary>The answer for a batch; null for <see cref="Verdict"/> for each.</summary>
    public bool[]? Verdicts { get; set; }

    public object? Asked { get; private set; }

    public bool VerifyPost(WindowPostVerifyInfo info) => Answer(info);

    public bool VerifySeal(SealVerifyInfo seal) => Answer(seal);

    public bool VerifyAggregateSeals(AggregateSealVerifyProofAndInfos aggregate) => Answer(aggregate);

    public bool VerifyReplicaUpdate(ReplicaUpdateInfo update) => Answer(update);

    public bool[] VerifySeals(SealVerifyInfo[] batch)
    {
        Asked = batch;
        return Verdicts ?? [.. Enumerable.Repeat(Verdict, batch.Length)];
    }

    private bool Answer(object asked)
    {
        Asked = asked;
        return Failure is null ? Verdict : throw Failure;
    }
}
