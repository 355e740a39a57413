using Fvm.Diff;

namespace Fvm.Fuzz;

/// <summary>A side of the comparison.</summary>
/// <param name="Runner">Runs whole batches, and may report digests of traces instead of traces.</param>
/// <param name="Tracer">Runs what differed once more, with traces.</param>
/// <param name="StartsProcesses">Whether each of its runs starts a process, so that few large batches are faster than many small ones.</param>
/// <param name="HasDigests">Whether its runs have digests of traces in the order of events; otherwise the traces themselves are compared.</param>
/// <param name="HostFails">Whether its host fails where a vector says so or has no answer; the reference's command makes one up.</param>
public sealed record FuzzSide(ISide Runner, ISide Tracer, bool StartsProcesses = false, bool HasDigests = true, bool HostFails = true)
{
    /// <summary>Measures how long it takes for a vector's messages; null if it cannot be timed.</summary>
    public Func<VectorCase, int, VectorTime>? Timer { get; init; }
}
