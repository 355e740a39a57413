namespace Fvm.Wasm;

/// <summary>Location of a value of the operand stack.</summary>
internal enum OperandKind : byte
{
    /// <summary>A compile-time constant: no code was emitted for it yet.</summary>
    Constant,

    /// <summary>In a local that has not been set since.</summary>
    Local,

    /// <summary>In a temporary register of its own.</summary>
    Register,

    /// <summary>Spilled: in the frame slot of its depth.</summary>
    Slot,

    /// <summary>In the processor's flags: the result of a comparison. Only for the topmost value.</summary>
    Flags,
}

/// <summary>A value of the operand stack during translation.</summary>
internal struct Operand
{
    public OperandKind Kind;
    public ValueKind Type;
    public Register Register;
    public Condition Condition;

    /// <summary>The <see cref="FrameLayout.HomeOf"/> of a <see cref="OperandKind.Local"/>; the depth of a <see cref="OperandKind.Slot"/>.</summary>
    public int Index;

    /// <summary>A constant's value as bits.</summary>
    public ulong Bits;

    public readonly Width Width => Widths.Of(Type);

    public readonly bool IsWide => Width == Width.W64;

    /// <summary>Whether this is a constant that fits the immediate operand of an instruction of its width.</summary>
    public readonly bool IsImmediate => Kind == OperandKind.Constant && (!IsWide || (long)Bits == (int)Bits);

    public readonly int Immediate => (int)Bits;
}
