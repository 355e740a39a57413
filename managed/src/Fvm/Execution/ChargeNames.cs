namespace Fvm;

/// <summary>Names of charges outside the price list: the reference's, since traces show them.</summary>
internal static class ChargeNames
{
    public const string OnScanIpldLinks = "OnScanIpldLinks";
    public const string WasmExec = "wasm_exec";
    public const string WasmMemoryGrow = "wasm_memory_grow";
    public const string WasmMemoryInit = "wasm_memory_init";
    public const string WasmTableInit = "wasm_table_init";
}
