using Fvm.Diff;

namespace Fvm.Fuzz;

/// <summary>A side of the comparison.</summary>
/// <param name="Runner">Runs whole batches, and may report digests of traces instead of traces.</param>
/// <param name="Tracer">Runs what differed once more, with traces.</param>
/// <param name="Kind">What runs it.</param>
/// <param name="HasDigests">Whether its runs have digests of traces in the order of events; otherwise the traces themselves are compared.</param>
public sealed record FuzzSide(ISide Runner, ISide Tracer, FuzzSideKind Kind = FuzzSideKind.Engine, bool HasDigests = true)
{
    /// <summary>
    /// Whether its host fails where a vector says so or has no answer. Hosts of other programs do not: the reference's makes an answer up.
    /// </summary>
    public bool HostFails => Kind == FuzzSideKind.Engine;

    /// <summary>Measures how long it takes for a vector's messages; null if it cannot be timed.</summary>
    public Func<VectorCase, int, VectorTime>? Timer { get; init; }
}
