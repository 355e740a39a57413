namespace Fvm.Wasm;

/// <summary>Decoding and full validation of a module.</summary>
internal static class ModuleValidator
{
    /// <summary>Decodes and validates a module.</summary>
    /// <exception cref="InvalidModuleException">The module is malformed, invalid, or past a limit.</exception>
    public static WasmModule Decode(ReadOnlyMemory<byte> bytes, ModuleLimits limits)
    {
        WasmModule module = ModuleDecoder.Decode(bytes, limits);
        FunctionValidator.ValidateAll(module);
        return module;
    }
}
