using Fvm.Vectors;

namespace Fvm.Diff;

/// <summary>Runs vectors on two sides, several batches at a time, and reports the comparisons in order.</summary>
/// <param name="a">The first side.</param>
/// <param name="b">The second side.</param>
public sealed class Comparison(ISide a, ISide b)
{
    // Commands compile actors once per batch; and so many traces are held at a time.
    private const int BatchSize = 32;

    private volatile bool _isEnough;

    /// <summary>Compares vectors.</summary>
    /// <param name="vectors">The vectors.</param>
    /// <param name="workers">The number of batches at a time.</param>
    /// <param name="report">Called on one thread at a time, in order; false ends the comparison.</param>
    public void Run(IEnumerable<VectorOrError> vectors, int workers, Func<VectorComparison, bool> report) => ParallelReplay.Run(
        Batches(vectors),
        workers,
        Compare,
        comparisons =>
        {
            foreach (VectorComparison comparison in comparisons)
            {
                if (!_isEnough && !report(comparison))
                {
                    _isEnough = true;
                }
            }
        });

    /// <summary>Compares one vector.</summary>
    public VectorComparison Compare(VectorCase item) => RunComparer.Compare(item, a.Run([item])[0], b.Run([item])[0]);

    private IEnumerable<VectorOrError[]> Batches(IEnumerable<VectorOrError> vectors) => vectors.Chunk(BatchSize).TakeWhile(_ => !_isEnough);

    private List<VectorComparison> Compare(VectorOrError[] batch)
    {
        VectorCase[] cases = [.. batch
            .Where(static entry => entry.Vector is { SkipReason: null })
            .SelectMany(static entry => VectorCase.Of(entry.Vector!))];
        IReadOnlyList<SideRun> left = cases.Length == 0 ? [] : a.Run(cases);
        IReadOnlyList<SideRun> right = cases.Length == 0 ? [] : b.Run(cases);
        List<VectorComparison> all = new(batch.Length);
        int next = 0;
        foreach (VectorOrError entry in batch)
        {
            if (entry.Vector is not Vector vector)
            {
                all.Add(new VectorComparison { Name = string.Empty, Status = ComparisonStatus.Unusable, Reason = entry.Error });
                continue;
            }

            if (vector.SkipReason is string reason)
            {
                all.Add(new VectorComparison { Name = vector.Source, Status = ComparisonStatus.Skipped, Reason = reason });
                continue;
            }

            for (int variant = 0; variant < vector.Variants.Count; variant++, next++)
            {
                all.Add(RunComparer.Compare(cases[next], left[next], right[next]));
            }
        }

        return all;
    }
}
