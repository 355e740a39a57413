namespace Fvm.Wasm;

/// <summary>The kind of an import or export, by its byte in the binary format.</summary>
public enum ExternalKind : byte
{
    Function = 0,
    Table = 1,
    Memory = 2,
    Global = 3,
}
