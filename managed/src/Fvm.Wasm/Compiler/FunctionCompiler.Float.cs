using Fvm.Wasm.Compiler.X64;
using Fvm.Wasm.Module;

namespace Fvm.Wasm.Compiler;

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

    private void Float(Opcode opcode)
    {
        switch (opcode)
        {
            case Opcode.F32Add or Opcode.F64Add:
                FloatBinary(0x58, opcode == Opcode.F64Add);
                break;
            case Opcode.F32Mul or Opcode.F64Mul:
                FloatBinary(0x59, opcode == Opcode.F64Mul);
                break;
            case Opcode.F32Sub or Opcode.F64Sub:
                FloatBinary(0x5c, opcode == Opcode.F64Sub);
                break;
            case Opcode.F32Div or Opcode.F64Div:
                FloatBinary(0x5e, opcode == Opcode.F64Div);
                break;
            case Opcode.F32Abs or Opcode.F64Abs or Opcode.F32Neg or Opcode.F64Neg:
                ChangeSign(opcode is Opcode.F32Neg or Opcode.F64Neg, opcode is Opcode.F64Abs or Opcode.F64Neg);
                break;
            case Opcode.F32Copysign or Opcode.F64Copysign:
                CopySign(opcode == Opcode.F64Copysign);
                break;
            default:
                FloatUnary(opcode);
                break;
        }
    }

    private void FloatBinary(int instruction, bool wide)
    {
        Operand right = Pop();
        Operand left = Pop();
        Register other = Read(ref right);
        Register result = Own(in left);
        _asm.Move(wide, First, result);
        _asm.Move(wide, Second, other);
        _asm.Arithmetic(instruction, wide, First, Second);
        Canonicalize(wide, result);
        Free(in right);
        PushRegister(left.Type, result);
    }

    private void FloatUnary(Opcode opcode)
    {
        Operand value = Pop();
        Register register = Own(in value);
        ValueKind type = OpcodeInfo.TypeOf(Opcodes.Of(opcode).Pushes[0]);
        bool wide = type == ValueKind.F64;
        switch (opcode)
        {
            case Opcode.F32ConvertI32S or Opcode.F32ConvertI64S or Opcode.F64ConvertI32S or Opcode.F64ConvertI64S:
                _asm.Convert(wide, opcode is Opcode.F32ConvertI64S or Opcode.F64ConvertI64S, First, register);
                _asm.Move(wide, register, First);
                PushRegister(type, register);
                return;
            case Opcode.F32ConvertI32U or Opcode.F64ConvertI32U:
                // Zero-extended to 64 bits it is not negative.
                _asm.Convert(wide, true, First, register);
                _asm.Move(wide, register, First);
                PushRegister(type, register);
                return;
        }

        _asm.Move(value.IsWide, First, register);
        switch (opcode)
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
                throw new InvalidOperationException($"no code for {opcode}");
        }

        Canonicalize(wide, register);
        PushRegister(type, register);
    }

    /// <summary>Moves the result to a general register, as the canonical NaN if it is one.</summary>
    private void Canonicalize(bool wide, Register to)
    {
        _asm.Compare(wide, First, First);
        _asm.Move(wide, to, First);
        int skip = _asm.Skip(Condition.NotParity);
        _asm.Constant(to, wide ? CanonicalNan64 : CanonicalNan32);
        _asm.Land(skip);
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
        Operand right = Pop();
        Operand left = Pop();
        _asm.Move(wide, First, Read(ref left));
        _asm.Move(wide, Second, Read(ref right));
        Free(in left);
        Free(in right);
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
        _asm.Compare(wide, First, Second);
        _asm.SetByte(equal ? Condition.Equal : Condition.NotEqual, result);
        _asm.SetByte(equal ? Condition.NotParity : Condition.Parity, ordered);
        _asm.Op(equal ? Alu.And : Alu.Or, false, result, ordered);
        _asm.ZeroExtend8(result, result);
        Free(ordered);
        PushRegister(ValueKind.I32, result);
    }
}
