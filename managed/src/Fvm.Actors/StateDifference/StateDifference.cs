namespace Fvm.Actors;

/// <summary>A difference between two states, or why a part could not be compared.</summary>
/// <param name="Path">The actor, and the fields and keys down to the value.</param>
/// <param name="Before">The value in the first state; null if there is none.</param>
/// <param name="After">The value in the second state; null if there is none.</param>
/// <param name="Problem">Why the part could not be compared, such as a missing block; null for a difference.</param>
public sealed record StateDifference(string Path, string? Before, string? After, string? Problem)
{
    /// <summary>One line: <c>~ PATH: BEFORE → AFTER</c>; what only one state has begins with <c>+</c> or <c>-</c>, a problem with <c>?</c>.</summary>
    public override string ToString() => PrintableText.Of(this switch
    {
        { Problem: string problem } => $"? {Path}: {problem}",
        { Before: null } => $"+ {Path}: {After}",
        { After: null } => $"- {Path}: {Before}",
        _ => $"~ {Path}: {Before} → {After}",
    });
}
