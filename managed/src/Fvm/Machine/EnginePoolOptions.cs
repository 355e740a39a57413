using Fvm.Wasm;

namespace Fvm;

/// <summary>Settings for preparing and keeping actors' code.</summary>
public sealed record EnginePoolOptions
{
    /// <summary>The default bound in bytes: enough for the builtin actors of several network versions.</summary>
    public const long DefaultMaxBytes = 1L << 30;

    /// <summary>The engine's name (<see cref="WasmEngines"/>).</summary>
    public string Engine { get; init; } = WasmEngines.Default;

    /// <summary>Makes an engine of another project, in place of <see cref="Engine"/>; null for none.</summary>
    public EngineMaker? Maker { get; init; }

    /// <summary>The machine code cache; null for none. Affects only the time.</summary>
    public CodeCache? Cache { get; init; }

    /// <summary>Whether to compile uncalled functions in the background: for long-lived processes.</summary>
    public bool CompileAhead { get; init; }

    /// <summary>Whether messages can be stopped also in code that makes no syscall, for clients that may give up a call.</summary>
    public bool Stoppable { get; init; }

    /// <summary>
    /// The bound on prepared code, in bytes. Beyond it, the least recently used code is evicted, but never code in use; the size is checked when
    /// code is prepared, so later calls may exceed it until the next check.
    /// </summary>
    public long MaxBytes { get; init; } = DefaultMaxBytes;
}
