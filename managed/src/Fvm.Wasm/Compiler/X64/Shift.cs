namespace Fvm.Wasm;

/// <summary>Shifts and rotates; the values are the group-2 opcode extensions (Intel SDM).</summary>
internal enum Shift : byte
{
    Rol = 0,
    Ror = 1,
    Shl = 4,
    Shr = 5,
    Sar = 7,
}
