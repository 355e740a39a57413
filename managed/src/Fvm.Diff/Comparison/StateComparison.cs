using Fvm.Actors;

namespace Fvm.Diff;

/// <summary>The comparison of the two states after the last message.</summary>
/// <param name="Differences">The differences, down to fields; empty if there is a note.</param>
/// <param name="IsTruncated">Whether there are more.</param>
/// <param name="Note">Why the states are not compared; null if they are.</param>
public sealed record StateComparison(IReadOnlyList<StateDifference> Differences, bool IsTruncated, string? Note);
