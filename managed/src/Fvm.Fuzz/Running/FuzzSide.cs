using Fvm.Diff;

namespace Fvm.Fuzz;

/// <summary>A side of the comparison.</summary>
/// <param name="Runner">Runs whole batches, and may report digests of traces instead of traces.</param>
/// <param name="Tracer">Runs what differed once more, with traces.</param>
public sealed record FuzzSide(ISide Runner, ISide Tracer);
