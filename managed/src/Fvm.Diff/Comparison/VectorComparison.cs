namespace Fvm.Diff;

/// <summary>The comparison of two runs of one vector.</summary>
public sealed record VectorComparison
{
    /// <summary>The vector, with <c>@variant</c> if it has several.</summary>
    public required string Name { get; init; }

    public required ComparisonStatus Status { get; init; }

    /// <summary>Why there is no comparison; null if there is one.</summary>
    public string? Reason { get; init; }

    /// <summary>The number of messages that both sides executed.</summary>
    public int Messages { get; init; }

    /// <summary>The index of the first message that differs; null if none does.</summary>
    public int? Message { get; init; }

    /// <summary>What differs: fields of that message or the state root, in a fixed order. Empty if nothing does.</summary>
    public IReadOnlyList<FieldDifference> Fields { get; init; } = [];

    /// <summary>Where that message's traces part; null if they are equal or a side has none.</summary>
    public TraceDivergence? Trace { get; init; }

    /// <summary>What was compared; null if nothing could be.</summary>
    public VectorCase? Case { get; init; }

    /// <summary>Whether both sides have a state root after the last message, and these differ.</summary>
    public bool StatesDiffer { get; init; }

    /// <summary>The states after the last message compared (<see cref="DifferenceExplainer"/>); null if they do not differ.</summary>
    public StateComparison? States { get; init; }

    /// <summary>The states after the last message, where the roots differ and a side hands its blocks over.</summary>
    public StateOfSide? StateA { get; init; }

    public StateOfSide? StateB { get; init; }
}
