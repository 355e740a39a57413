namespace Fvm.Wasm;

/// <summary>Shifts and rotations by their number in the classic encoding.</summary>
internal enum Shift : byte
{
    Rol = 0,
    Ror = 1,
    Shl = 4,
    Shr = 5,
    Sar = 7,
}
