namespace Fvm.Wasm;

/// <summary>Where a value of the operand stack is.</summary>
internal enum OperandKind : byte
{
    /// <summary>Known: no code was made for it yet.</summary>
    Constant,

    /// <summary>In its local, which has not been set since.</summary>
    Local,

    /// <summary>In a temporary register of its own.</summary>
    Register,

    /// <summary>In the frame, at the place that belongs to its depth.</summary>
    Slot,

    /// <summary>In the processor's flags: the result of a comparison. Only ever the topmost value.</summary>
    Flags,
}

/// <summary>A value of the operand stack while code is made.</summary>
internal struct Operand
{
    public OperandKind Kind;
    public ValueKind Type;
    public Register Register;
    public Condition Condition;

    /// <summary>What stands for the local of <see cref="OperandKind.Local"/> (<see cref="FrameLayout.HomeOf"/>); the depth of <see cref="OperandKind.Slot"/>.</summary>
    public int Index;

    /// <summary>Bits of a constant.</summary>
    public ulong Bits;

    public readonly Width Width => Widths.Of(Type);

    public readonly bool IsWide => Width == Width.W64;

    /// <summary>Whether a constant can be the immediate operand of an instruction of its width.</summary>
    public readonly bool IsImmediate => Kind == OperandKind.Constant && (!IsWide || (long)Bits == (int)Bits);

    public readonly int Immediate => (int)Bits;
}
