using Fvm.Diff;

namespace Fvm.Fuzz;

/// <summary>One input's run on both sides.</summary>
/// <param name="Input">The input, with the charges of its run.</param>
/// <param name="Comparison">What both sides made of it.</param>
/// <param name="A">The run on the first side.</param>
/// <param name="Features">What its trace shows; empty without one.</param>
internal sealed record InputRun(FuzzInput Input, VectorComparison Comparison, SideRun A, IReadOnlyCollection<uint> Features);

/// <summary>Runs batches of inputs on both sides.</summary>
internal sealed class BatchRunner(FuzzSide a, FuzzSide b)
{
    // So many inputs that differ are run again with traces, per batch.
    private const int MostTraced = 64;

    /// <summary>Runs a batch.</summary>
    public IReadOnlyList<InputRun> Run(IReadOnlyList<FuzzInput> inputs)
    {
        VectorCase[] cases = [.. inputs.Select(static input => input.Case)];
        IReadOnlyList<SideRun> left = a.Runner.Run(cases);
        IReadOnlyList<SideRun> right = b.Runner.Run(cases);
        VectorComparison[] comparisons = new VectorComparison[cases.Length];
        List<int> different = [];
        for (int index = 0; index < cases.Length; index++)
        {
            comparisons[index] = RunComparer.Compare(cases[index], left[index], right[index]);
            if (comparisons[index].Status == ComparisonStatus.Different && different.Count < MostTraced)
            {
                different.Add(index);
            }
        }

        if (different.Count > 0)
        {
            Trace(cases, different, comparisons);
        }

        InputRun[] runs = new InputRun[cases.Length];
        for (int index = 0; index < runs.Length; index++)
        {
            // Either side may be the one with traces.
            SideRun traced = left[index].Outcomes.Any(static outcome => outcome.Trace is not null) ? left[index] : right[index];
            TraceFeatures features = TraceFeatures.Of(traced.Outcomes);
            runs[index] = new InputRun(
                inputs[index] with { Charges = features.Charges }, comparisons[index], left[index] with { Outcomes = WithoutTraces(left[index]) },
                features.Features);
        }

        return runs;
    }

    // Digests of traces differ where texts for people or the division of a charge do: the traces decide.
    private void Trace(VectorCase[] cases, List<int> different, VectorComparison[] comparisons)
    {
        VectorCase[] again = [.. different.Select(index => cases[index])];
        IReadOnlyList<SideRun> left = a.Tracer.Run(again);
        IReadOnlyList<SideRun> right = b.Tracer.Run(again);
        for (int index = 0; index < again.Length; index++)
        {
            comparisons[different[index]] = RunComparer.Compare(again[index], left[index], right[index]);
        }
    }

    // A batch's traces together are large, and no longer needed.
    private static IReadOnlyList<Vectors.MessageOutcome> WithoutTraces(SideRun run) =>
        [.. run.Outcomes.Select(static outcome => outcome with { Trace = null })];
}
