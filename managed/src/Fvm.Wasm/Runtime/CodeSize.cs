namespace Fvm.Wasm;

/// <summary>Memory of prepared code: a conservative (high) estimate, for memory bounds.</summary>
internal static class CodeSize
{
    // Fixed overhead per module, measured: its objects, its compiler and one idle instance.
    private const int PerModule = 48 << 10;
    private const int PerFunction = 256;

    // The module's own bytes, and its block charges.
    private const int PerByte = 4;

    /// <summary>Size of a decoded and metered module in bytes.</summary>
    public static long Of(WasmModule module) =>
        PerModule + ((long)PerByte * module.Bytes.Length) + ((long)PerFunction * module.FunctionCount);
}
