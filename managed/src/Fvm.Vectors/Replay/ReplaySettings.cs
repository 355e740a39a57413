using Fvm.Wasm;

namespace Fvm.Vectors;

/// <summary>Settings of a replay.</summary>
public sealed record ReplaySettings
{
    /// <summary>The folder of the actors' bundles; null if there is none, which suffices for vectors that contain their actors.</summary>
    public string? BundleDirectory { get; init; }

    /// <summary>The Wasm engine's name.</summary>
    public string Engine { get; init; } = VectorReplayer.DefaultEngine;

    /// <summary>Makes an engine of another project, in place of <see cref="Engine"/>; null for none.</summary>
    public EngineMaker? Maker { get; init; }

    /// <summary>The machine code cache; null for none. Affects only the time.</summary>
    public CodeCache? CodeCache { get; init; }

    /// <summary>Whether results include the lines of traces.</summary>
    public bool KeepTraces { get; init; }

    /// <summary>Whether results include the blocks that the replay wrote.</summary>
    public bool KeepBlocks { get; init; }

    /// <summary>Whether to trace even if the vector has no trace to compare with.</summary>
    public bool ForceTracing { get; init; }

    /// <summary>
    /// Describes each applied message, for <see cref="VectorResult.Descriptions"/>; null for none. Messages are then traced, and the state
    /// is flushed after each. Called by several threads at once.
    /// </summary>
    public Func<ReplayedMessage, string>? Describe { get; init; }

    /// <summary>Whether traces include the syscalls; the recorded traces, which have none, are compared without them.</summary>
    public bool TraceSyscalls { get; init; }

    /// <summary>Whether never to trace, even if the vector has a trace to compare with.</summary>
    public bool NeverTrace { get; init; }

    /// <summary>
    /// Only times are needed: tracing, comparing and formatting are off, as in a node. Results then contain no events.
    /// </summary>
    public bool OnlyTimes { get; init; }

    /// <summary>Whether to skip all comparisons: every vector that runs to its end passes.</summary>
    public bool CompareNothing { get; init; }

    /// <summary>Whether to reject all proofs. Vectors do not record proof results; almost all were recorded with every proof valid.</summary>
    public bool RejectProofs { get; init; }
}
