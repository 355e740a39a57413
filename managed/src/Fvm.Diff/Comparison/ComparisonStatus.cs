namespace Fvm.Diff;

/// <summary>The result of comparing two runs of a vector.</summary>
public enum ComparisonStatus
{
    Same,
    Different,
    Skipped,

    /// <summary>The vector, or what it needs, could not be read or run by either side.</summary>
    Unusable,
}
