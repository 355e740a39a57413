// How vectors are replayed.
using Fvm.Wasm;

namespace Fvm.Vectors;

/// <summary>How vectors are replayed.</summary>
public sealed record ReplaySettings
{
    /// <summary>The folder of the actors' bundles; null when there is none, which is enough for vectors that hold their actors.</summary>
    public string? BundleDirectory { get; init; }

    /// <summary>The Wasm engine's name.</summary>
    public string Engine { get; init; } = VectorReplayer.DefaultEngine;

    /// <summary>Where machine code is kept between runs; null for nowhere. Only time depends on it.</summary>
    public CodeCache? CodeCache { get; init; }

    /// <summary>Keep the lines of traces in the results.</summary>
    public bool KeepTraces { get; init; }

    /// <summary>Trace even where the vector holds no trace to compare with.</summary>
    public bool ForceTracing { get; init; }

    /// <summary>Never trace, even where the vector holds a trace to compare with.</summary>
    public bool NeverTrace { get; init; }

    /// <summary>
    /// Only times are wanted: nothing is traced, compared or put into words, since a node spends no time on that. Outcomes then hold no events.
    /// </summary>
    public bool OnlyTimes { get; init; }

    /// <summary>Compare nothing: what vectors expect is not looked at, and each that runs to its end passes.</summary>
    public bool CompareNothing { get; init; }

    /// <summary>Whether no proof verifies. Vectors do not say how proofs fared; almost all were made where every one verified.</summary>
    public bool RejectProofs { get; init; }
}
