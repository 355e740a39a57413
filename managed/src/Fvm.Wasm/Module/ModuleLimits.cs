namespace Fvm.Wasm;

/// <summary>
/// Implementation limits of modules: those of wasmparser 0.236, which the reference validates with.
/// </summary>
internal static class ModuleLimits
{
    public const int Types = 1_000_000;
    public const int Functions = 1_000_000;
    public const int Imports = 1_000_000;
    public const int Exports = 1_000_000;
    public const int Globals = 1_000_000;
    public const int ElementSegments = 100_000;
    public const int DataSegments = 100_000;
    public const int TableEntries = 10_000_000;
    public const int Parameters = 1_000;
    public const int Results = 1_000;

    /// <summary>Parameters and declared locals of one function together.</summary>
    public const int Locals = 50_000;

    /// <summary>
    /// The sum of the sizes of all imports and exports, where a function counts one and its parameters and results, and anything else one.
    /// </summary>
    public const int TypeSize = 1_000_000;

    /// <summary>Pages of 65,536 bytes that 32-bit addresses reach.</summary>
    public const uint MemoryPages = 65_536;
}
