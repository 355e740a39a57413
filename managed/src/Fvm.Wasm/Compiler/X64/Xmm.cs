namespace Fvm.Wasm;

/// <summary>Vector registers; the values are their encodings.</summary>
internal enum Xmm : byte
{
    Xmm0 = 0,
    Xmm1 = 1,
    Xmm2 = 2,
    Xmm3 = 3,
    Xmm4 = 4,
    Xmm5 = 5,
    Xmm16 = 16,
    None = 255,
}
