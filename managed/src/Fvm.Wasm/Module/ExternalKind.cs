namespace Fvm.Wasm;

/// <summary>What an import or export is, by its byte in the binary format.</summary>
public enum ExternalKind : byte
{
    Function = 0,
    Table = 1,
    Memory = 2,
    Global = 3,
}
