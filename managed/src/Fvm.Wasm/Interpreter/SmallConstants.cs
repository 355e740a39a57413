namespace Fvm.Wasm;

/// <summary>Selection of integer operations with an immediate 16-bit constant.</summary>
internal static class SmallConstants
{
    /// <summary>For a constant on the right.</summary>
    public static bool TryRight(Opcode opcode, in OpcodeTraits traits, ulong value, out IrOp op, out short constant)
    {
        bool wide = traits.IsWide;
        long signed = wide ? (long)value : (int)value;
        int bits = wide ? 63 : 31;
        switch (opcode)
        {
            case Opcode.I32Sub or Opcode.I64Sub:
                signed = -signed;
                op = wide ? IrOp.I64AddSmall : IrOp.I32AddSmall;
                break;
            case Opcode.I32Rotr or Opcode.I64Rotr:
                signed = -signed & bits;
                op = wide ? IrOp.I64RotlSmall : IrOp.I32RotlSmall;
                break;
            case Opcode.I32Shl or Opcode.I32ShrS or Opcode.I32ShrU or Opcode.I32Rotl:
            case Opcode.I64Shl or Opcode.I64ShrS or Opcode.I64ShrU or Opcode.I64Rotl:
                signed &= bits;
                op = Common(opcode, in traits);
                break;
            default:
                op = Common(opcode, in traits);
                break;
        }

        constant = (short)signed;
        return op != IrOp.Trap && constant == signed;
    }

    /// <summary>For a constant on the left, if operands may be exchanged.</summary>
    public static bool TryLeft(Opcode opcode, in OpcodeTraits traits, ulong value, out IrOp op, out short constant)
    {
        long signed = traits.IsWide ? (long)value : (int)value;
        op = opcode switch
        {
            Opcode.I32Add or Opcode.I32Mul or Opcode.I32And or Opcode.I32Or or Opcode.I32Xor => Common(opcode, in traits),
            Opcode.I64Add or Opcode.I64Mul or Opcode.I64And or Opcode.I64Or or Opcode.I64Xor => Common(opcode, in traits),
            _ when traits.Family == OpcodeFamily.IntegerComparison => Compared(Comparisons.Exchanged(OrdinalOf(opcode, in traits)), in traits),
            _ => IrOp.Trap,
        };
        constant = (short)signed;
        return op != IrOp.Trap && constant == signed;
    }

    private static int OrdinalOf(Opcode comparison, in OpcodeTraits traits) => comparison - (traits.IsWide ? Opcode.I64Eq : Opcode.I32Eq);

    private static IrOp Compared(int ordinal, in OpcodeTraits traits) => (traits.IsWide ? IrOp.I64EqSmall : IrOp.I32EqSmall) + (ushort)ordinal;

    private static IrOp Common(Opcode opcode, in OpcodeTraits traits) => opcode switch
    {
        Opcode.I32Add => IrOp.I32AddSmall,
        Opcode.I32Mul => IrOp.I32MulSmall,
        Opcode.I32And => IrOp.I32AndSmall,
        Opcode.I32Or => IrOp.I32OrSmall,
        Opcode.I32Xor => IrOp.I32XorSmall,
        Opcode.I32Shl => IrOp.I32ShlSmall,
        Opcode.I32ShrS => IrOp.I32ShrSSmall,
        Opcode.I32ShrU => IrOp.I32ShrUSmall,
        Opcode.I32Rotl => IrOp.I32RotlSmall,
        Opcode.I64Add => IrOp.I64AddSmall,
        Opcode.I64Mul => IrOp.I64MulSmall,
        Opcode.I64And => IrOp.I64AndSmall,
        Opcode.I64Or => IrOp.I64OrSmall,
        Opcode.I64Xor => IrOp.I64XorSmall,
        Opcode.I64Shl => IrOp.I64ShlSmall,
        Opcode.I64ShrS => IrOp.I64ShrSSmall,
        Opcode.I64ShrU => IrOp.I64ShrUSmall,
        Opcode.I64Rotl => IrOp.I64RotlSmall,
        _ when traits.Family == OpcodeFamily.IntegerComparison => Compared(OrdinalOf(opcode, in traits), in traits),
        _ => IrOp.Trap,
    };
}
