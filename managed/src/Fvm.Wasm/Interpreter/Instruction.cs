using System.Runtime.InteropServices;

namespace Fvm.Wasm;

/// <summary>
/// One word of the interpreter's internal code: an operation and up to three slots, or one slot and 32 bits. Operations that need more are
/// followed by further words, which hold a constant, or a distance in the low half and a constant in the high half.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 8)]
internal struct Instruction
{
    [FieldOffset(0)] public ushort Op;

    /// <summary>Usually the slot of the result.</summary>
    [FieldOffset(2)] public ushort A;

    [FieldOffset(4)] public ushort B;

    [FieldOffset(6)] public ushort C;

    /// <summary>In place of <see cref="B"/> and <see cref="C"/>: a constant, an index, or a distance in words from this word.</summary>
    [FieldOffset(4)] public int Wide;

    /// <summary><see cref="C"/> as a signed constant.</summary>
    [FieldOffset(6)] public short Small;

    /// <summary>The whole of a further word.</summary>
    [FieldOffset(0)] public ulong Constant;

    /// <summary>The low half of a further word: a distance from it.</summary>
    [FieldOffset(0)] public int Distance;

    /// <summary>The high half of a further word: a constant to compare with.</summary>
    [FieldOffset(4)] public int Comparand;
}
