// What replaying one vector gave.
namespace Fvm.Vectors;

/// <summary>How the replay of a vector ended.</summary>
public enum VectorStatus
{
    Passed,
    Failed,
    Skipped,

    /// <summary>It could not be run: the file, its CAR or the bundle is bad.</summary>
    Unreadable,
}

/// <summary>What replaying one vector (at one of its variants) gave.</summary>
public sealed record VectorResult
{
    /// <summary>The vector's name, with <c>@variant</c> when it has more than one.</summary>
    public required string Name { get; init; }

    public required VectorStatus Status { get; init; }

    /// <summary>Why it was skipped or could not be run; null otherwise.</summary>
    public string? Reason { get; init; }

    public IReadOnlyList<Difference> Differences { get; init; } = [];

    public IReadOnlyList<MessageOutcome> Outcomes { get; init; } = [];

    /// <summary>The state tree's root after the last message; null when the vector did not get that far.</summary>
    public string? StateRoot { get; init; }

    /// <summary>The gas that all messages used.</summary>
    public ulong GasUsed { get; init; }

    /// <summary>Time spent applying messages, without loading the state.</summary>
    public TimeSpan ExecutionTime { get; init; }

    /// <summary>Time from a loaded CAR to the flushed state: machine, messages and flush.</summary>
    public TimeSpan TotalTime { get; init; }

    /// <summary>The same with what differs: passed when nothing does, failed otherwise.</summary>
    public VectorResult WithDifferences(IReadOnlyList<Difference> differences) => this with
    {
        Status = differences.Count == 0 ? VectorStatus.Passed : VectorStatus.Failed,
        Differences = differences,
    };
}
