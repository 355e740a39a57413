namespace Fvm.Wasm;

/// <summary>Where a module's machine code is kept.</summary>
/// <param name="Cache">The cache.</param>
/// <param name="Key">The key of the machine code, a hash of the module among others.</param>
/// <param name="OutlineKey">The key of the module's outline, a hash of its name among others; null for a module without a name.</param>
/// <param name="Name">The name, not verified yet.</param>
internal sealed record CodeEntry(CodeCache Cache, string Key, string? OutlineKey = null, ModuleName? Name = null)
{
    /// <summary>Keeps the outline of a module all of whose functions are in the entry.</summary>
    public void WriteOutline(WasmModule module)
    {
        if (OutlineKey is not null && ModuleOutline.IsPossible(module) && Name!.IsOf(module.Bytes))
        {
            Cache.Write(OutlineKey, ModuleOutline.Encode(module, Key));
        }
    }
}
