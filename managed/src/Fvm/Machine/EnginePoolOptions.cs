using Fvm.Wasm;

namespace Fvm;

/// <summary>How an <see cref="EnginePool"/> prepares actors' code, and how much of it stays.</summary>
public sealed record EnginePoolOptions
{
    /// <summary>What prepared code may take where nobody says otherwise: the builtin actors of several network versions.</summary>
    public const long DefaultMaxBytes = 1L << 30;

    /// <summary>The engine's name (<see cref="WasmEngines"/>).</summary>
    public string Engine { get; init; } = WasmEngines.Default;

    /// <summary>Where machine code is kept between runs; null for nowhere. Only time depends on it.</summary>
    public CodeCache? Cache { get; init; }

    /// <summary>Whether functions that were not called yet are compiled in the background: for processes that last.</summary>
    public bool CompileAhead { get; init; }

    /// <summary>
    /// Bytes that prepared code may take. Past them, what was used longest ago goes, but nothing that is running; they are counted when
    /// code is prepared, so what is called then may take more until the next time.
    /// </summary>
    public long MaxBytes { get; init; } = DefaultMaxBytes;
}
