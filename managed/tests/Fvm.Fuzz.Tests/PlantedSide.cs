using Fvm.Diff;
using Fvm.Vectors;

namespace Fvm.Fuzz.Tests;

/// <summary>The compiler with one fault: results are changed by the test.</summary>
internal sealed class PlantedSide(EngineSide engine, Func<MessageOutcome, MessageOutcome> fault) : ISide
{
    public string Name => "planted";

    public IReadOnlyList<SideRun> Run(IReadOnlyList<VectorCase> cases) =>
        [.. engine.Run(cases).Select(run => run with { Outcomes = [.. run.Outcomes.Select(fault)] })];

    public void Dispose() => engine.Dispose();
}
