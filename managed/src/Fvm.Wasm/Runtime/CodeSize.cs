namespace Fvm.Wasm;

/// <summary>What prepared code takes, for bounds on memory: an estimate that is rather too high.</summary>
internal static class CodeSize
{
    // The objects of one module, whatever its size, its compiler and an instance that waits: measured.
    private const int PerModule = 48 << 10;
    private const int PerFunction = 256;

    // The module's own bytes, and the charges of its blocks.
    private const int PerByte = 4;

    /// <summary>Bytes of a decoded and metered module.</summary>
    public static long Of(WasmModule module) =>
        PerModule + ((long)PerByte * module.Bytes.Length) + ((long)PerFunction * module.FunctionCount);
}
