namespace Fvm.Tests;

/// <summary>A stub that returns configured results, and records its last arguments.</summary>
internal sealed class ScriptedProofs : IProofs
{
    /// <summary>If set, thrown by every call except batch verification.</summary>
    public Exception? Failure { get; set; }

    public bool Verdict { get; set; } = true;

    /// <summary>The result of batch verification; <see cref="Verdict"/> for each if null.</summary>
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
