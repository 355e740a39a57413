using Fvm.Wasm.Compiler.X64;
using Fvm.Wasm.Module;

namespace Fvm.Wasm.Compiler;

/// <summary>
/// Conversions between integers and floating point. The processor knows signed integers alone, and marks what does not fit them by the
/// lowest integer of the width: conversions to 32 bits go by way of 64, where all that fits is exact.
/// </summary>
internal sealed partial class FunctionCompiler
{
    private const ulong Sign64 = 1ul << 63;
    private const ulong TwoTo63AsF32 = 0x5f00_0000;
    private const ulong TwoTo63AsF64 = 0x43e0_0000_0000_0000;
    private const ulong SignOfF32 = 1ul << 31;

    private static bool IsConversion(Opcode opcode) => opcode
        is (>= Opcode.I32TruncF32S and <= Opcode.I32TruncF64U)
        or (>= Opcode.I64TruncF32S and <= Opcode.I64TruncF64U)
        or (>= Opcode.I32TruncSatF32S and <= Opcode.I64TruncSatF64U)
        or (>= Opcode.F32ConvertI32S and <= Opcode.F32ConvertI64U)
        or (>= Opcode.F64ConvertI32S and <= Opcode.F64ConvertI64U);

    private void Conversion(Opcode opcode)
    {
        switch (opcode)
        {
            case >= Opcode.I32TruncF32S and <= Opcode.I32TruncF64U:
                Truncate(ValueKind.I32, IsSigned(opcode - Opcode.I32TruncF32S), saturates: false);
                break;
            case >= Opcode.I64TruncF32S and <= Opcode.I64TruncF64U:
                Truncate(ValueKind.I64, IsSigned(opcode - Opcode.I64TruncF32S), saturates: false);
                break;
            case >= Opcode.I32TruncSatF32S and <= Opcode.I32TruncSatF64U:
                Truncate(ValueKind.I32, IsSigned(opcode - Opcode.I32TruncSatF32S), saturates: true);
                break;
            case >= Opcode.I64TruncSatF32S and <= Opcode.I64TruncSatF64U:
                Truncate(ValueKind.I64, IsSigned(opcode - Opcode.I64TruncSatF32S), saturates: true);
                break;
            case >= Opcode.F32ConvertI32S and <= Opcode.F32ConvertI64U:
                Convert(ValueKind.F32, IsSigned(opcode - Opcode.F32ConvertI32S));
                break;
            default:
                Convert(ValueKind.F64, IsSigned(opcode - Opcode.F64ConvertI32S));
                break;
        }
    }

    /// <summary>Each row of conversions has signed and unsigned by turns.</summary>
    private static bool IsSigned(int position) => (position & 1) == 0;

    private void Truncate(ValueKind type, bool isSigned, bool saturates)
    {
        Operand value = Pop();
        bool wide = value.IsWide;
        Load(First, in value);
        Register result = Take();
        Register other = Take();
        _asm.Truncate(wide, true, result, First);
        if (type == ValueKind.I32)
        {
            TruncateTo32(wide, isSigned, saturates, result, other);
        }
        else if (isSigned)
        {
            TruncateToSigned64(wide, saturates, result, other);
        }
        else
        {
            TruncateToUnsigned64(wide, saturates, result, other);
        }

        Free(other);
        PushRegister(type, result);
    }

    private void TruncateTo32(bool wide, bool isSigned, bool saturates, Register result, Register other)
    {
        if (isSigned)
        {
            _asm.SignExtend32(other, result);
        }
        else
        {
            _asm.Move(false, other, result);
        }

        _asm.Op(Alu.Cmp, true, result, other);
        if (!saturates)
        {
            BadConversionIf(Condition.NotEqual, wide);
            if (isSigned)
            {
                _asm.Move(false, result, result);
            }

            return;
        }

        int fits = _asm.Skip(Condition.Equal);
        Saturate(wide, isSigned, result, other, isSigned ? int.MaxValue : uint.MaxValue, 1u << 31);
        _asm.Land(fits);
        if (isSigned)
        {
            _asm.Move(false, result, result);
        }
    }

    private void TruncateToSigned64(bool wide, bool saturates, Register result, Register other)
    {
        // Only the lowest number overflows when 1 is subtracted.
        _asm.Op(Alu.Cmp, true, result, 1);
        int fits = _asm.Skip(Condition.NotOverflow);
        if (saturates)
        {
            Saturate(wide, isSigned: true, result, other, long.MaxValue, Sign64);
        }
        else
        {
            // It may be just that.
            _asm.Constant(other, wide ? TwoTo63AsF64 | Sign64 : TwoTo63AsF32 | SignOfF32);
            _asm.Move(wide, Second, other);
            _asm.Compare(wide, First, Second);
            BadConversionIf(Condition.NotEqual, wide);
            BadConversionIf(Condition.Parity, wide);
        }

        _asm.Land(fits);
    }

    private void TruncateToUnsigned64(bool wide, bool saturates, Register result, Register other)
    {
        _asm.Test(true, result, result);
        int fits = _asm.Skip(Condition.NotSign);

        // From 2^63 on: the rest fits, and the highest bit is put back.
        _asm.Constant(other, wide ? TwoTo63AsF64 : TwoTo63AsF32);
        _asm.Move(wide, Third, other);
        _asm.Move(Second, First);
        _asm.Arithmetic(0x5c, wide, Second, Third);
        _asm.Truncate(wide, true, result, Second);
        _asm.Constant(other, Sign64);
        _asm.Op(Alu.Xor, true, result, other);
        if (saturates)
        {
            int high = _asm.Skip(Condition.Sign);
            Saturate(wide, isSigned: false, result, other, ulong.MaxValue, 0);
            _asm.Land(high);
        }
        else
        {
            BadConversionIf(Condition.NotSign, wide);
        }

        _asm.Land(fits);
    }

    /// <summary>The integer nearest to a number that does not fit; 0 for NaN.</summary>
    private void Saturate(bool wide, bool isSigned, Register result, Register other, ulong greatest, ulong least)
    {
        _asm.Bitwise(0x57, Second, Second);
        if (isSigned)
        {
            _asm.Compare(wide, Second, First);
            _asm.Constant(result, greatest);
            _asm.Constant(other, least);
            _asm.MoveIf(Condition.Above, true, result, other);
            _asm.Constant(other, 0);
            _asm.MoveIf(Condition.Parity, true, result, other);
        }
        else
        {
            // Unordered is not above.
            _asm.Compare(wide, First, Second);
            _asm.Constant(result, 0);
            _asm.Constant(other, greatest);
            _asm.MoveIf(Condition.Above, true, result, other);
        }
    }

    private void BadConversionIf(Condition condition, bool wide) =>
        _asm.JumpOutsideIf(condition, wide ? _layout.BadConversion64 : _layout.BadConversion32);

    private void Convert(ValueKind type, bool isSigned)
    {
        Operand value = Pop();
        bool wide = type == ValueKind.F64;

        // The instruction keeps the upper part of the register: without this it would wait for whatever made that.
        _asm.Bitwise(0x57, First, First);
        Register register;
        if (isSigned || !value.IsWide)
        {
            // A narrow value, zero-extended to 64 bits, is not negative.
            _asm.Convert(wide, value.IsWide || !isSigned, First, Read(ref value));
            Free(in value);
            register = Take();
        }
        else
        {
            register = Own(in value);
            Register half = Take();
            _asm.Test(true, register, register);
            int negative = _asm.Skip(Condition.Sign);
            _asm.Convert(wide, true, First, register);
            int done = _asm.Skip();

            // Half of it, with the lost bit kept as a sticky one, rounds as the whole does.
            _asm.Land(negative);
            _asm.Move(true, half, register);
            _asm.ShiftBy(Shift.Shr, true, half, 1);
            _asm.Op(Alu.And, false, register, 1);
            _asm.Op(Alu.Or, true, half, register);
            _asm.Convert(wide, true, First, half);
            _asm.Arithmetic(0x58, wide, First, First);
            _asm.Land(done);
            Free(half);
        }

        _asm.Move(wide, register, First);
        PushRegister(type, register);
    }
}
