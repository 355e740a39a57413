using Fvm.Diff;
using Fvm.Vectors;

namespace Fvm.Fuzz.Tests;

/// <summary>The compiler with one fault: results are changed by the test.</summary>
internal sealed class PlantedSide(EngineSide engine, Func<MessageOutcome, MessageOutcome> fault) : ISide
{
    public string Name => "planted";

    /// <summary>The number of cases of the first batch.</summary>
    public int FirstBatch { get; private set; }

    public IReadOnlyList<SideRun> Run(IReadOnlyList<VectorCase> cases)
    {
        FirstBatch = FirstBatch == 0 ? cases.Count : FirstBatch;
        return [.. engine.Run(cases).Select(run => run with { Outcomes = [.. run.Outcomes.Select(fault)] })];
    }

    public void Dispose() => engine.Dispose();
}
