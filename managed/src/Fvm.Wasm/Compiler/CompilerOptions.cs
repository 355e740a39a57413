namespace Fvm.Wasm;

/// <summary>Settings of a <see cref="CompilerEngine"/>.</summary>
public sealed record CompilerOptions
{
    /// <summary>The cache that keeps machine code between runs; null for none.</summary>
    public CodeCache? Cache { get; init; }

    /// <summary>
    /// Minimum size of a cached module, in bytes of Wasm. Compiling a smaller one is as fast as reading it from the cache.
    /// </summary>
    public int MinCachedModule { get; init; } = 16 << 10;

    /// <summary>
    /// Whether a loaded module is compiled in the background and then written to the cache: for long-lived processes. Otherwise functions are
    /// compiled at their first call, and those compiled are written to the cache when the code is disposed of.
    /// </summary>
    public bool CompileAhead { get; init; }

    /// <summary>
    /// Whether code looks in each loop and function whether it is to stop (<see cref="IWasmInstance.Stop"/>), for hosts whose clients may give
    /// up a call. The interpreter always does.
    /// </summary>
    public bool Stoppable { get; init; }

    /// <summary>
    /// Whether memories have inaccessible pages behind them in place of bounds checks in code, where the process allows it: for long calls. By
    /// default as <see cref="GuardEnvironment"/> says.
    /// </summary>
    public bool GuardPages { get; init; } = GuardEnvironment.IsOn;

    /// <summary>Size of the widest vectors for copies, in bytes, if the processor has them: 16, 32 or 64. Less than 64 is for tests.</summary>
    public int MaxVectorSize { get; init; } = 64;
}
