namespace Fvm.Vectors;

/// <summary>Counts results by status.</summary>
public sealed class ReplaySummary
{
    public int Passed { get; private set; }

    /// <summary>The number of vectors with differences, plus <see cref="Unreadable"/>.</summary>
    public int Failed { get; private set; }

    public int Skipped { get; private set; }

    /// <summary>The number of vectors that could not be read or run; included in <see cref="Failed"/>.</summary>
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
