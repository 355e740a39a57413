namespace Fvm.Wasm;

/// <summary>
/// Floating point. Values live in general registers and come into vector registers only for the operation: actors hardly use them. Results
/// that may be NaN are made canonical where the reference's code generator does so.
/// </summary>
internal sealed partial class FunctionCompiler
{
    private const ulong CanonicalNan32 = 0x7fc0_0000;
    private const ulong CanonicalNan64 = 0x7ff8_0000_0000_0000;
    private const Xmm First = Xmm.Xmm0;
    private const Xmm Second = Xmm.Xmm1;

    private void FloatBinary(in InstructionReader reader)
    {
        bool wide = reader.Traits.IsWide;
        switch (reader.Opcode)
        {
            case Opcode.F32Add or Opcode.F64Add:
                FloatArithmetic(0x58, wide);
                break;
            case Opcode.F32Mul or Opcode.F64Mul:
                FloatArithmetic(0x59, wide);
                break;
            case Opcode.F32Sub or Opcode.F64Sub:
                FloatArithmetic(0x5c, wide);
                break;
            case Opcode.F32Div or Opcode.F64Div:
                FloatArithmetic(0x5e, wide);
                break;
            case Opcode.F32Min or Opcode.F64Min:
                Extreme(greatest: false, wide);
                break;
            case Opcode.F32Max or Opcode.F64Max:
                Extreme(greatest: true, wide);
                break;
            case Opcode.F32Copysign or Opcode.F64Copysign:
                CopySign(wide);
                break;
            default:
                throw NoCode(reader.Opcode);
        }
    }

    private void FloatArithmetic(int instruction, bool wide)
    {
        PopFloats(wide, out ValueKind type);
        _asm.Arithmetic(instruction, wide, First, Second);
        PushCanonical(wide, type);
    }

    private void FloatUnary(in InstructionReader reader)
    {
        if (reader.Opcode is Opcode.F32Abs or Opcode.F64Abs or Opcode.F32Neg or Opcode.F64Neg)
        {
            ChangeSign(reader.Opcode is Opcode.F32Neg or Opcode.F64Neg, reader.Traits.IsWide);
            return;
        }

        Operand value = Pop();
        ValueKind type = reader.Traits.Result;
        bool wide = type == ValueKind.F64;
        Load(First, in value);
        switch (reader.Opcode)
        {
            case Opcode.F32Sqrt or Opcode.F64Sqrt:
                _asm.Arithmetic(0x51, wide, First, First);
                break;
            case Opcode.F32DemoteF64 or Opcode.F64PromoteF32:
                _asm.Resize(value.IsWide, First, First);
                break;
            case Opcode.F32Nearest or Opcode.F64Nearest:
                _asm.Round(0, wide, First, First);
                break;
            case Opcode.F32Floor or Opcode.F64Floor:
                _asm.Round(1, wide, First, First);
                break;
            case Opcode.F32Ceil or Opcode.F64Ceil:
                _asm.Round(2, wide, First, First);
                break;
            case Opcode.F32Trunc or Opcode.F64Trunc:
                _asm.Round(3, wide, First, First);
                break;
            default:
                throw NoCode(reader.Opcode);
        }

        PushCanonical(wide, type);
    }

    /// <summary>
    /// Minimum or maximum. The processor's instruction is right for numbers that differ; equal ones may be zeros of both signs, of which the
    /// bits of both make the right one. Only here is it known which results are NaN, without another comparison.
    /// </summary>
    private void Extreme(bool greatest, bool wide)
    {
        PopFloats(wide, out ValueKind type);
        Register to = Take();
        _asm.Compare(wide, First, Second);
        int special = _asm.Skip(Condition.Equal);
        _asm.Arithmetic(greatest ? 0x5f : 0x5d, wide, First, Second);
        _asm.Move(wide, to, First);
        int differ = _asm.Skip();
        _asm.Land(special);
        int unordered = _asm.Skip(Condition.Parity);
        _asm.Bitwise(greatest ? 0x54 : 0x56, First, Second);
        _asm.Move(wide, to, First);
        int equal = _asm.Skip();
        _asm.Land(unordered);
        _asm.Constant(to, wide ? CanonicalNan64 : CanonicalNan32);
        _asm.Land(equal);
        _asm.Land(differ);
        PushRegister(type, to);
    }

    /// <summary>Brings the topmost two values into <see cref="First"/> and <see cref="Second"/>.</summary>
    private void PopFloats(bool wide, out ValueKind type)
    {
        Operand right = Pop();
        Operand left = Pop();
        type = left.Type;
        Load(First, in left);
        Load(Second, in right);
    }

    /// <summary>Brings a popped value into a vector register, and frees its own.</summary>
    private void Load(Xmm to, in Operand value)
    {
        if (IsInMemory(in value))
        {
            _asm.Move(value.IsWide, to, MemoryOf(in value));
        }
        else if (value is { Kind: OperandKind.Constant, Bits: 0 })
        {
            _asm.Bitwise(0x57, to, to);
        }
        else
        {
            Operand source = value;
            _asm.Move(value.IsWide, to, Read(ref source));
            Free(in source);
        }
    }

    /// <summary>Pushes the result, as the canonical NaN if it is one.</summary>
    private void PushCanonical(bool wide, ValueKind type)
    {
        Register to = Take();
        _asm.Compare(wide, First, First);
        _asm.Move(wide, to, First);
        int skip = _asm.Skip(Condition.NotParity);
        _asm.Constant(to, wide ? CanonicalNan64 : CanonicalNan32);
        _asm.Land(skip);
        PushRegister(type, to);
    }

    private void ChangeSign(bool negate, bool wide)
    {
        Operand value = Pop();
        Register register = Own(in value);
        Register mask = Take();
        ulong sign = wide ? 1ul << 63 : 1ul << 31;
        _asm.Constant(mask, negate ? sign : ~sign);
        _asm.Op(negate ? Alu.Xor : Alu.And, wide, register, mask);
        Free(mask);
        PushRegister(value.Type, register);
    }

    private void CopySign(bool wide)
    {
        Operand right = Pop();
        Operand left = Pop();
        Register sign = Own(in right);
        Register result = Own(in left);
        Register mask = Take();
        ulong bit = wide ? 1ul << 63 : 1ul << 31;
        _asm.Constant(mask, bit);
        _asm.Op(Alu.And, wide, sign, mask);
        _asm.Constant(mask, ~bit);
        _asm.Op(Alu.And, wide, result, mask);
        _asm.Op(Alu.Or, wide, result, sign);
        Free(mask);
        Free(sign);
        PushRegister(left.Type, result);
    }

    /// <summary>Comparison by the order of the instructions: eq, ne, lt, gt, le, ge. Unordered operands make only ne true.</summary>
    private void CompareFloats(int comparison, bool wide)
    {
        PopFloats(wide, out _);
        switch (comparison)
        {
            case 0 or 1:
                EqualFloats(comparison == 0, wide);
                break;
            case 2 or 4:
                _asm.Compare(wide, Second, First);
                PushFlags(comparison == 2 ? Condition.Above : Condition.AboveOrEqual);
                break;
            default:
                _asm.Compare(wide, First, Second);
                PushFlags(comparison == 3 ? Condition.Above : Condition.AboveOrEqual);
                break;
        }
    }

    private void EqualFloats(bool equal, bool wide)
    {
        Register result = Take();
        Register ordered = Take();

        // Cleared before and not extended after: bytes alone would wait for what the registers held.
        _asm.Constant(result, 0);
        _asm.Constant(ordered, 0);
        _asm.Compare(wide, First, Second);
        _asm.SetByte(equal ? Condition.Equal : Condition.NotEqual, result);
        _asm.SetByte(equal ? Condition.NotParity : Condition.Parity, ordered);
        _asm.Op(equal ? Alu.And : Alu.Or, false, result, ordered);
        Free(ordered);
        PushRegister(ValueKind.I32, result);
    }
}
