using Fvm.Actors;

namespace Fvm.Cli;

/// <summary>A differing tipset in detail.</summary>
internal sealed record DifferenceDetail
{
    /// <summary>The number of the message among all of the tipset's, those of the system included; null if it is not known.</summary>
    public int? Message { get; init; }

    /// <summary>The message's CID on the chain; null for one of the system.</summary>
    public string? Cid { get; init; }

    /// <summary>The message in words, and how it was found.</summary>
    public required string Text { get; init; }

    /// <summary>The fields of the state that differ: ours before, the chain's after.</summary>
    public IReadOnlyList<StateDifference> Fields { get; init; } = [];

    /// <summary>The vector that was written; null if none was.</summary>
    public string? Vector { get; init; }

    /// <summary>What the vector shows, or why there is none.</summary>
    public required string VectorNote { get; init; }

    public IEnumerable<string> Lines()
    {
        yield return $"  {Text}";
        foreach (StateDifference field in Fields)
        {
            yield return field.Problem is string problem
                ? $"  {field.Path}: {problem}"
                : $"  {field.Path}: {field.Before ?? "none"}, the chain has {field.After ?? "none"}";
        }

        yield return Vector is null ? $"  {VectorNote}" : $"  {Vector}: {VectorNote}";
    }
}
