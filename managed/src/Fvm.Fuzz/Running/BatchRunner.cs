using Fvm.Diff;

namespace Fvm.Fuzz;

/// <summary>An input's run on the side that guides.</summary>
/// <param name="Input">The input, with the charges of its run.</param>
/// <param name="Run">Its results, with traces only if the other side has no digests of its own.</param>
/// <param name="Features">What its trace shows; empty without one.</param>
/// <param name="IsForPeer">Whether the other side can run it: not if the host failed, and that side's host cannot.</param>
internal sealed record GuidedRun(FuzzInput Input, SideRun Run, IReadOnlyCollection<uint> Features, bool IsForPeer);

/// <summary>One input's run on both sides.</summary>
/// <param name="Input">The input.</param>
/// <param name="Comparison">What both sides made of it.</param>
/// <param name="A">The run on the first side.</param>
/// <param name="IsRepeated">Whether many others of the batch differ in the same fields, and this one was not run with traces.</param>
internal sealed record InputRun(FuzzInput Input, VectorComparison Comparison, SideRun A, bool IsRepeated = false);

/// <summary>
/// Runs batches of inputs on both sides: first on the one that guides, which is an engine of this process if one is, then on the other, the peer.
/// </summary>
internal sealed class BatchRunner(FuzzSide a, FuzzSide b)
{
    /// <summary>The inputs that are run with traces at a time, and the most per batch that differ in the same fields.</summary>
    internal const int MostTraced = 64;

    private readonly SideMeter _meterOfA = new();
    private readonly SideMeter _meterOfB = new();
    private readonly bool _guidesByB = a.Kind != FuzzSideKind.Engine && b.Kind == FuzzSideKind.Engine;

    /// <summary>The messages per second of the first side.</summary>
    public double RateOfA => _meterOfA.Rate;

    /// <summary>The messages per second of the second side.</summary>
    public double RateOfB => _meterOfB.Rate;

    /// <summary>Whether the peer should get large batches.</summary>
    public bool PeerStartsProcesses => Peer.Kind == FuzzSideKind.Processes;

    /// <summary>Times the side that guides; null if it cannot be timed.</summary>
    public Func<VectorCase, int, VectorTime>? GuideTimer => Guide.Kind == FuzzSideKind.Engine ? Guide.Timer : null;

    /// <summary>Times the other side; null if it cannot be timed.</summary>
    public Func<VectorCase, int, VectorTime>? PeerTimer => Peer.Timer;

    private FuzzSide Guide => _guidesByB ? b : a;

    private FuzzSide Peer => _guidesByB ? a : b;

    /// <summary>Runs a batch on the side that guides.</summary>
    public IReadOnlyList<GuidedRun> RunGuide(IReadOnlyList<FuzzInput> inputs)
    {
        IReadOnlyList<SideRun> runs = (_guidesByB ? _meterOfB : _meterOfA).Run(Guide.Runner, CasesOf(inputs));
        GuidedRun[] guided = new GuidedRun[runs.Count];
        for (int index = 0; index < guided.Length; index++)
        {
            SideRun run = runs[index];
            TraceFeatures features = TraceFeatures.Of(run.Outcomes);
            guided[index] = new GuidedRun(
                inputs[index] with { Charges = features.Charges },
                Peer.HasDigests ? WithoutTraces(run) : run,
                features.Features,
                Peer.HostFails || !(features.HasHostFailure || inputs[index].Vector.HostFailures.Count > 0));
        }

        return guided;
    }

    /// <summary>Runs a batch on the peer, and compares.</summary>
    public IReadOnlyList<InputRun> RunPeer(IReadOnlyList<GuidedRun> guided)
    {
        FuzzInput[] inputs = [.. guided.Select(static run => run.Input.With(run.Run.MadeUpRandomness))];
        VectorCase[] cases = CasesOf(inputs);
        IReadOnlyList<SideRun> guides = [.. guided.Select(static run => run.Run)];
        IReadOnlyList<SideRun> peers = (_guidesByB ? _meterOfA : _meterOfB).Run(Peer.Runner, cases);
        (IReadOnlyList<SideRun> left, IReadOnlyList<SideRun> right) = _guidesByB ? (peers, guides) : (guides, peers);
        VectorComparison[] comparisons = [.. cases.Select((item, index) => RunComparer.Compare(item, left[index], right[index]))];
        int[] different = [.. Enumerable.Range(0, cases.Length).Where(index => comparisons[index].Status == ComparisonStatus.Different)];
        int[] traced = [.. ToTrace(comparisons, different)];
        foreach (int[] some in traced.Chunk(MostTraced))
        {
            Trace(cases, some, comparisons);
        }

        bool[] isRepeated = new bool[cases.Length];
        foreach (int index in different.Except(traced))
        {
            isRepeated[index] = true;
        }

        return
        [
            .. inputs.Select((input, index) => new InputRun(input, comparisons[index], WithoutTraces(left[index]), isRepeated[index])),
        ];
    }

    /// <summary>Runs a batch on both sides.</summary>
    public IReadOnlyList<InputRun> Run(IReadOnlyList<FuzzInput> inputs) => RunPeer([.. RunGuide(inputs).Where(static run => run.IsForPeer)]);

    // Digests of traces differ where texts for people or the division of a charge do: the traces decide. Where other fields differ, too, they show
    // only where the difference begins, and a few per set of fields do.
    private static IEnumerable<int> ToTrace(VectorComparison[] comparisons, int[] different) => different
        .GroupBy(index => FindSignature.WithoutTrace(comparisons[index]), StringComparer.Ordinal)
        .SelectMany(static group => group.Key.Length == 0 ? group : group.Take(MostTraced));

    private void Trace(VectorCase[] cases, int[] some, VectorComparison[] comparisons)
    {
        VectorCase[] again = [.. some.Select(index => cases[index])];
        IReadOnlyList<SideRun> left = a.Tracer.Run(again);
        IReadOnlyList<SideRun> right = b.Tracer.Run(again);
        for (int index = 0; index < again.Length; index++)
        {
            comparisons[some[index]] = RunComparer.Compare(again[index], left[index], right[index]);
        }
    }

    private static VectorCase[] CasesOf(IEnumerable<FuzzInput> inputs) => [.. inputs.Select(static input => input.Case)];

    // A batch's traces together are large, and no longer needed.
    private static SideRun WithoutTraces(SideRun run) =>
        run with { Outcomes = [.. run.Outcomes.Select(static outcome => outcome.Trace is null ? outcome : outcome with { Trace = null })] };
}
