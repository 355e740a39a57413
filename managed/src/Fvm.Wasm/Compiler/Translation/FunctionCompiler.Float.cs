namespace Fvm.Wasm;

/// <summary>
/// Floating-point operations. Values are kept in general-purpose registers, and in vector registers only during an operation, because actors
/// hardly use them. NaN results are made canonical where the reference's code generator does so.
/// </summary>
internal sealed partial class FunctionCompiler
{
    private const ulong CanonicalNan32 = 0x7fc0_0000;
    private const ulong CanonicalNan64 = 0x7ff8_0000_0000_0000;
    private const Xmm First = Xmm.Xmm0;
    private const Xmm Second = Xmm.Xmm1;

    private void FloatBinary(in InstructionReader reader)
    {
        Width width = Widths.Of(reader.Traits.IsWide);
        switch (reader.Opcode)
        {
            case Opcode.F32Add or Opcode.F64Add:
                FloatArithmetic(FloatOp.Add, width);
                break;
            case Opcode.F32Mul or Opcode.F64Mul:
                FloatArithmetic(FloatOp.Mul, width);
                break;
            case Opcode.F32Sub or Opcode.F64Sub:
                FloatArithmetic(FloatOp.Sub, width);
                break;
            case Opcode.F32Div or Opcode.F64Div:
                FloatArithmetic(FloatOp.Div, width);
                break;
            case Opcode.F32Min or Opcode.F64Min:
                Extreme(greatest: false, width);
                break;
            case Opcode.F32Max or Opcode.F64Max:
                Extreme(greatest: true, width);
                break;
            case Opcode.F32Copysign or Opcode.F64Copysign:
                CopySign(width);
                break;
            default:
                throw NoCode(reader.Opcode);
        }
    }

    private void FloatArithmetic(FloatOp op, Width width)
    {
        PopFloats(width, out ValueKind type);
        _asm.Arithmetic(op, width, First, Second);
        PushCanonical(width, type);
    }

    private void FloatUnary(in InstructionReader reader)
    {
        if (reader.Opcode is Opcode.F32Abs or Opcode.F64Abs or Opcode.F32Neg or Opcode.F64Neg)
        {
            ChangeSign(reader.Opcode is Opcode.F32Neg or Opcode.F64Neg, Widths.Of(reader.Traits.IsWide));
            return;
        }

        Operand value = _stack.Pop();
        ValueKind type = reader.Traits.Result;
        Width width = Widths.Of(type);
        Load(First, in value);
        switch (reader.Opcode)
        {
            case Opcode.F32Sqrt or Opcode.F64Sqrt:
                _asm.Arithmetic(FloatOp.Sqrt, width, First, First);
                break;
            case Opcode.F32DemoteF64 or Opcode.F64PromoteF32:
                _asm.Resize(value.Width, First, First);
                break;
            case Opcode.F32Nearest or Opcode.F64Nearest:
                _asm.Round(Rounding.NearestEven, width, First, First);
                break;
            case Opcode.F32Floor or Opcode.F64Floor:
                _asm.Round(Rounding.Down, width, First, First);
                break;
            case Opcode.F32Ceil or Opcode.F64Ceil:
                _asm.Round(Rounding.Up, width, First, First);
                break;
            case Opcode.F32Trunc or Opcode.F64Trunc:
                _asm.Round(Rounding.TowardsZero, width, First, First);
                break;
            default:
                throw NoCode(reader.Opcode);
        }

        PushCanonical(width, type);
    }

    /// <summary>
    /// Minimum or maximum. The processor's instruction is right for numbers that differ. Equal numbers may be zeros of different sign: AND or OR
    /// of their bits gives the right one. Only here is a NaN result known without another comparison.
    /// </summary>
    private void Extreme(bool greatest, Width width)
    {
        PopFloats(width, out ValueKind type);
        Register to = _stack.Allocate();
        _asm.Compare(width, First, Second);
        int special = _asm.Skip(Condition.Equal);
        _asm.Arithmetic(greatest ? FloatOp.Max : FloatOp.Min, width, First, Second);
        _asm.Move(width, to, First);
        int differ = _asm.Skip();
        _asm.Land(special);
        int unordered = _asm.Skip(Condition.Parity);
        if (greatest)
        {
            _asm.And(First, Second);
        }
        else
        {
            _asm.Or(First, Second);
        }

        _asm.Move(width, to, First);
        int equal = _asm.Skip();
        _asm.Land(unordered);
        _asm.Constant(to, width == Width.W64 ? CanonicalNan64 : CanonicalNan32);
        _asm.Land(equal);
        _asm.Land(differ);
        _stack.PushRegister(type, to);
    }

    /// <summary>Pops two values into <see cref="First"/> and <see cref="Second"/>.</summary>
    private void PopFloats(Width width, out ValueKind type)
    {
        Operand right = _stack.Pop();
        Operand left = _stack.Pop();
        type = left.Type;
        Load(First, in left);
        Load(Second, in right);
    }

    /// <summary>Loads a popped value into a vector register, and frees its own register.</summary>
    private void Load(Xmm to, in Operand value)
    {
        if (_stack.IsInMemory(in value))
        {
            _asm.Move(value.Width, to, _stack.AddressOf(in value));
        }
        else if (value is { Kind: OperandKind.Constant, Bits: 0 })
        {
            _asm.Xor(to, to);
        }
        else
        {
            Operand source = value;
            _asm.Move(value.Width, to, _stack.ToRegister(ref source));
            _stack.Free(in source);
        }
    }

    /// <summary>Pushes the result; any NaN becomes the canonical one.</summary>
    private void PushCanonical(Width width, ValueKind type)
    {
        Register to = _stack.Allocate();
        _asm.Compare(width, First, First);
        _asm.Move(width, to, First);
        int skip = _asm.Skip(Condition.NotParity);
        _asm.Constant(to, width == Width.W64 ? CanonicalNan64 : CanonicalNan32);
        _asm.Land(skip);
        _stack.PushRegister(type, to);
    }

    private void ChangeSign(bool negate, Width width)
    {
        Operand value = _stack.Pop();
        Register register = _stack.ToOwnRegister(in value);
        Register mask = _stack.Allocate();
        ulong sign = width == Width.W64 ? 1ul << 63 : 1ul << 31;
        _asm.Constant(mask, negate ? sign : ~sign);
        _asm.Op(negate ? Alu.Xor : Alu.And, width, register, mask);
        _registers.Free(mask);
        _stack.PushRegister(value.Type, register);
    }

    private void CopySign(Width width)
    {
        Operand right = _stack.Pop();
        Operand left = _stack.Pop();
        Register sign = _stack.ToOwnRegister(in right);
        Register result = _stack.ToOwnRegister(in left);
        Register mask = _stack.Allocate();
        ulong bit = width == Width.W64 ? 1ul << 63 : 1ul << 31;
        _asm.Constant(mask, bit);
        _asm.And(width, sign, mask);
        _asm.Constant(mask, ~bit);
        _asm.And(width, result, mask);
        _asm.Or(width, result, sign);
        _registers.Free(mask);
        _registers.Free(sign);
        _stack.PushRegister(left.Type, result);
    }

    /// <summary>Comparison by opcode order: eq, ne, lt, gt, le, ge. For unordered operands only ne is true.</summary>
    private void CompareFloats(int comparison, Width width)
    {
        PopFloats(width, out _);
        switch (comparison)
        {
            case 0 or 1:
                EqualFloats(comparison == 0, width);
                break;
            case 2 or 4:
                _asm.Compare(width, Second, First);
                _stack.PushFlags(comparison == 2 ? Condition.Above : Condition.AboveOrEqual);
                break;
            default:
                _asm.Compare(width, First, Second);
                _stack.PushFlags(comparison == 3 ? Condition.Above : Condition.AboveOrEqual);
                break;
        }
    }

    private void EqualFloats(bool equal, Width width)
    {
        Register result = _stack.Allocate();
        Register ordered = _stack.Allocate();

        // Cleared first instead of zero-extended afterwards: a byte write alone would depend on the registers' previous values.
        _asm.Constant(result, 0);
        _asm.Constant(ordered, 0);
        _asm.Compare(width, First, Second);
        _asm.SetByte(equal ? Condition.Equal : Condition.NotEqual, result);
        _asm.SetByte(equal ? Condition.NotParity : Condition.Parity, ordered);
        _asm.Op(equal ? Alu.And : Alu.Or, Width.W32, result, ordered);
        _registers.Free(ordered);
        _stack.PushRegister(ValueKind.I32, result);
    }
}
