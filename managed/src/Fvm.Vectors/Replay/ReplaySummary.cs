// How many of each.
namespace Fvm.Vectors;

/// <summary>Counts results by how they ended.</summary>
public sealed class ReplaySummary
{
    public int Passed { get; private set; }

    /// <summary>Vectors with a difference, and those that could not be read.</summary>
    public int Failed { get; private set; }

    public int Skipped { get; private set; }

    /// <summary>Those of <see cref="Failed"/> that could not be read or run.</summary>
    public int Unreadable { get; private set; }

    public int Messages { get; private set; }

    public void Add(VectorResult result)
    {
        Messages += result.Outcomes.Count;
        switch (result.Status)
        {
            case VectorStatus.Passed:
                Passed++;
                break;
            case VectorStatus.Skipped:
                Skipped++;
                break;
            case VectorStatus.Unreadable:
                Unreadable++;
                Failed++;
                break;
            default:
                Failed++;
                break;
        }
    }

    /// <summary><c>N passed, N failed, N skipped</c>.</summary>
    public override string ToString() => $"{Passed} passed, {Failed} failed, {Skipped} skipped";
}
