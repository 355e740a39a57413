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
/// <remarks>
/// Two words: a structure of small fields is written field by field and copied as a whole, and the copy waits until all of the writes are done,
/// for each operand that is pushed or popped.
/// </remarks>
internal struct Operand
{
    private const int TypeShift = 8;
    private const int RegisterShift = 16;
    private const int ConditionShift = 24;
    private const int IndexShift = 32;

    private ulong _location;

    public OperandKind Kind
    {
        readonly get => (OperandKind)(byte)_location;
        set => _location = With(0, byte.MaxValue, (byte)value);
    }

    public ValueKind Type
    {
        readonly get => (ValueKind)(byte)(_location >> TypeShift);
        set => _location = With(TypeShift, byte.MaxValue, (byte)value);
    }

    public Register Register
    {
        readonly get => (Register)(byte)(_location >> RegisterShift);
        set => _location = With(RegisterShift, byte.MaxValue, (byte)value);
    }

    public Condition Condition
    {
        readonly get => (Condition)(byte)(_location >> ConditionShift);
        set => _location = With(ConditionShift, byte.MaxValue, (byte)value);
    }

    /// <summary>The <see cref="FrameLayout.HomeOf"/> of a <see cref="OperandKind.Local"/>; the depth of a <see cref="OperandKind.Slot"/>.</summary>
    public int Index
    {
        readonly get => (int)(_location >> IndexShift);
        set => _location = With(IndexShift, uint.MaxValue, (uint)value);
    }

    /// <summary>A constant's value as bits.</summary>
    public ulong Bits { get; set; }

    public readonly Width Width => Widths.Of(Type);

    public readonly bool IsWide => Width == Width.W64;

    /// <summary>Whether this is a constant that fits the immediate operand of an instruction of its width.</summary>
    public readonly bool IsImmediate => Kind == OperandKind.Constant && (!IsWide || (long)Bits == (int)Bits);

    public readonly int Immediate => (int)Bits;

    private readonly ulong With(int shift, uint mask, uint value) => (_location & ~((ulong)mask << shift)) | ((ulong)value << shift);
}
