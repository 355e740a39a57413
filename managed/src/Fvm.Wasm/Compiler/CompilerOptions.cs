namespace Fvm.Wasm;

/// <summary>How a <see cref="CompilerEngine"/> works.</summary>
public sealed record CompilerOptions
{
    /// <summary>Where machine code is kept between runs; null for nowhere.</summary>
    public CodeCache? Cache { get; init; }

    /// <summary>
    /// Bytes of Wasm from which on a module's code is kept in the cache. What is smaller is compiled as fast as it is read.
    /// </summary>
    public int MinCachedModule { get; init; } = 16 << 10;

    /// <summary>
    /// Whether a module's functions are compiled in the background after it is loaded, and then kept in the cache. For processes that last;
    /// without it functions are compiled when they are first called, and what was compiled is kept when the code is disposed of.
    /// </summary>
    public bool CompileAhead { get; init; }

    /// <summary>Bytes of the widest vectors that copies may use where the processor has them: 16, 32 or 64. Less than 64 is for tests.</summary>
    public int MaxVectorSize { get; init; } = 64;
}
