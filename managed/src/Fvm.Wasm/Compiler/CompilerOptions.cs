using Fvm.Wasm.Cache;

namespace Fvm.Wasm.Compiler;

/// <summary>How a <see cref="CompilerEngine"/> works.</summary>
public sealed record CompilerOptions
{
    /// <summary>Where machine code is kept between runs; null for nowhere.</summary>
    public CodeCache? Cache { get; init; }

    /// <summary>
    /// Whether a module's functions are compiled in the background after it is loaded, and then kept in the cache. For processes that last;
    /// without it functions are compiled when they are first called, and what was compiled is kept when the code is disposed of.
    /// </summary>
    public bool CompileAhead { get; init; }
}
