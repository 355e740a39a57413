namespace Fvm.Diff;

/// <summary>Counts comparisons by result.</summary>
public sealed class ComparisonSummary
{
    public int Same { get; private set; }

    public int Different { get; private set; }

    public int Skipped { get; private set; }

    public int Unusable { get; private set; }

    /// <summary>The messages that both sides executed.</summary>
    public int Messages { get; private set; }

    public void Add(VectorComparison comparison)
    {
        Messages += comparison.Messages;
        switch (comparison.Status)
        {
            case ComparisonStatus.Same: Same++; break;
            case ComparisonStatus.Different: Different++; break;
            case ComparisonStatus.Skipped: Skipped++; break;
            default: Unusable++; break;
        }
    }

    /// <summary><c>N same, N different, N unusable, N skipped (N messages)</c>.</summary>
    public override string ToString() => $"{Same} same, {Different} different, {Unusable} unusable, {Skipped} skipped ({Messages} messages)";
}
