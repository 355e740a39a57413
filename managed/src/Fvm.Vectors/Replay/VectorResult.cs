using Fvm.Ipld;

namespace Fvm.Vectors;

/// <summary>The status of a vector's replay.</summary>
public enum VectorStatus
{
    Passed,
    Failed,
    Skipped,

    /// <summary>It could not be run: the file, its CAR or the bundle is invalid.</summary>
    Unreadable,
}

/// <summary>The result of replaying one vector at one of its variants.</summary>
public sealed record VectorResult
{
    /// <summary>The vector's name, with <c>@variant</c> if it has several.</summary>
    public required string Name { get; init; }

    public required VectorStatus Status { get; init; }

    /// <summary>Why it was skipped or could not be run; otherwise null.</summary>
    public string? Reason { get; init; }

    public IReadOnlyList<Difference> Differences { get; init; } = [];

    public IReadOnlyList<MessageOutcome> Outcomes { get; init; } = [];

    /// <summary>The descriptions of the applied messages (<see cref="ReplaySettings.Describe"/>); empty if not asked for.</summary>
    public IReadOnlyList<string> Descriptions { get; init; } = [];

    /// <summary>The state root after the last message; null if the vector did not get that far.</summary>
    public string? StateRoot { get; init; }

    /// <summary>The blocks that the replay wrote (<see cref="ReplaySettings.KeepBlocks"/>); null if not asked for.</summary>
    public MemoryBlockstore? Written { get; init; }

    /// <summary>The randomness that the messages asked for, of epochs that the vector does not list.</summary>
    public IReadOnlyList<VectorRandomness> MadeUpRandomness { get; init; } = [];

    /// <summary>The gas used by all messages.</summary>
    public ulong GasUsed { get; init; }

    /// <summary>Time spent applying each message that was tried.</summary>
    public IReadOnlyList<TimeSpan> MessageTimes { get; init; } = [];

    /// <summary>Time spent applying messages, excluding loading the state.</summary>
    public TimeSpan ExecutionTime => MessageTimes.Aggregate(TimeSpan.Zero, static (sum, time) => sum + time);

    /// <summary>Time from a loaded CAR to the flushed state: machine, messages and flush.</summary>
    public TimeSpan TotalTime { get; init; }

    /// <summary>The same result with differences: passed if there are none, otherwise failed.</summary>
    public VectorResult WithDifferences(IReadOnlyList<Difference> differences) => this with
    {
        Status = differences.Count == 0 ? VectorStatus.Passed : VectorStatus.Failed,
        Differences = differences,
    };
}
