namespace Fvm.Wasm;

/// <summary>
/// Conversions between integers and floating point. The processor knows signed integers alone, and marks what does not fit them by the
/// lowest integer of the width: conversions to 32 bits go by way of 64, where all that fits is exact.
/// </summary>
internal sealed partial class FunctionCompiler
{
    private const ulong TwoTo63AsF32 = 0x5f00_0000;
    private const ulong TwoTo63AsF64 = 0x43e0_0000_0000_0000;

    private void Truncate(ValueKind type, bool isSigned, bool saturates)
    {
        Operand value = Pop();
        bool wide = value.IsWide;
        Load(First, in value);
        Register result = Take();
        if (saturates)
        {
            Saturate(wide, type == ValueKind.I64, isSigned, result);
            PushRegister(type, result);
            return;
        }

        _asm.Truncate(wide, true, result, First);
        if (type == ValueKind.I32)
        {
            TruncateTo32(wide, isSigned, result);
        }
        else if (isSigned)
        {
            // Only the lowest number overflows when 1 is subtracted.
            _asm.Op(Alu.Cmp, true, result, 1);
            CallUnless(Condition.NotOverflow, Conversion.Lowest64, wide, result);
        }
        else
        {
            _asm.Test(true, result, result);
            CallUnless(Condition.NotSign, Conversion.Unsigned64, wide, result);
        }

        PushRegister(type, result);
    }

    private void TruncateTo32(bool wide, bool isSigned, Register result)
    {
        Register other = Take();
        if (isSigned)
        {
            _asm.SignExtend32(other, result);
        }
        else
        {
            _asm.Move(false, other, result);
        }

        _asm.Op(Alu.Cmp, true, result, other);
        Free(other);
        _asm.JumpOutsideIf(Condition.NotEqual, _layout.Conversion(Conversion.Bad, wide));
        if (isSigned)
        {
            _asm.Move(false, result, result);
        }
    }

    /// <summary>
    /// Truncates to the nearest integer that there is, 0 for what is no number. In place, since actors may convert what does not fit as
    /// often as what does, and calling a stub for it takes twice the reference's time.
    /// </summary>
    private void Saturate(bool wide, bool wideInteger, bool isSigned, Register result)
    {
        _asm.Truncate(wide, wideInteger || !isSigned, result, First);
        if (isSigned)
        {
            SaturateSigned(wide, wideInteger, result);
        }
        else if (wideInteger)
        {
            SaturateUnsigned64(wide, result);
        }
        else
        {
            SaturateUnsigned32(wide, result);
        }
    }

    /// <summary>What does not fit has become the lowest integer, which is right unless the float is above zero or no number.</summary>
    private void SaturateSigned(bool wide, bool wideInteger, Register result)
    {
        // Only the lowest number overflows when 1 is subtracted.
        _asm.Op(Alu.Cmp, wideInteger, result, 1);
        int fits = _asm.Skip(Condition.NotOverflow);
        CarryIfPositive(wide, result);
        _asm.Op(Alu.Sbb, wideInteger, result, 0);
        _asm.Land(fits);
    }

    /// <summary>What has become a number of more than 32 bits is the greatest of them if the float is above zero, else 0.</summary>
    private void SaturateUnsigned32(bool wide, Register result)
    {
        Register other = Take();
        _asm.Move(false, other, result);
        _asm.Op(Alu.Cmp, true, result, other);
        Free(other);
        int fits = _asm.Skip(Condition.Equal);
        CarryIfPositive(wide, result);
        _asm.Op(Alu.Sbb, false, result, result);
        _asm.Land(fits);
    }

    /// <summary>
    /// A negative number is 0 if the float is not above zero. Else the float is 2^63 or more: the rest of it is truncated and the highest
    /// bit put back; where not even the rest fits it has that bit already, and all bits are to be set.
    /// </summary>
    private void SaturateUnsigned64(bool wide, Register result)
    {
        _asm.Test(true, result, result);
        int fits = _asm.Skip(Condition.NotSign);
        _asm.Bitwise(0x57, Second, Second);
        _asm.Compare(wide, First, Second);
        int positive = _asm.Skip(Condition.Above);
        _asm.Op(Alu.Xor, false, result, result);
        int zero = _asm.Skip();
        _asm.Land(positive);
        _asm.Constant(result, wide ? TwoTo63AsF64 : TwoTo63AsF32);
        _asm.Move(wide, Second, result);
        _asm.Arithmetic(0x5c, wide, First, Second);
        _asm.Truncate(wide, true, result, First);
        _asm.ComplementBit(result, 63);
        _asm.Op(Alu.Sbb, true, result, 0);
        _asm.Land(zero);
        _asm.Land(fits);
    }

    /// <summary>Sets the carry if the float is above zero, and clears it if it is not; clears the result, too, if it is no number.</summary>
    private void CarryIfPositive(bool wide, Register result)
    {
        _asm.Bitwise(0x57, Second, Second);
        _asm.Compare(wide, Second, First);
        int number = _asm.Skip(Condition.NotParity);
        _asm.Op(Alu.Xor, false, result, result);
        _asm.Land(number);
    }

    private void Convert(ValueKind type, bool isSigned)
    {
        Operand value = Pop();
        bool wide = type == ValueKind.F64;

        // The instruction keeps the upper part of the register: without this it would wait for whatever made that.
        _asm.Bitwise(0x57, First, First);
        Register from = Read(ref value);
        Register result = value.Kind == OperandKind.Register ? from : Take();
        if (isSigned || !value.IsWide)
        {
            // A narrow value, zero-extended to 64 bits, is not negative.
            _asm.Convert(wide, value.IsWide || !isSigned, First, from);
        }
        else
        {
            ConvertUnsigned64(wide, result, from);
        }

        _asm.Move(wide, result, First);
        PushRegister(type, result);
    }

    /// <summary>Half of an integer with the highest bit, with the lost bit kept as a sticky one, rounds as the whole does.</summary>
    private void ConvertUnsigned64(bool wide, Register half, Register from)
    {
        Register lost = Take();
        _asm.Test(true, from, from);
        int high = _asm.Skip(Condition.Sign);
        _asm.Convert(wide, true, First, from);
        int low = _asm.Skip();
        _asm.Land(high);
        _asm.Move(false, lost, from);
        _asm.Op(Alu.And, false, lost, 1);
        if (half != from)
        {
            _asm.Move(true, half, from);
        }

        _asm.ShiftBy(Shift.Shr, true, half, 1);
        _asm.Op(Alu.Or, true, half, lost);
        _asm.Convert(wide, true, First, half);
        _asm.Arithmetic(0x58, wide, First, First);
        _asm.Land(low);
        Free(lost);
    }

    /// <summary>Calls a stub unless a condition holds.</summary>
    private void CallUnless(Condition condition, Conversion conversion, bool wide, Register result)
    {
        int over = _asm.Skip(condition);
        _asm.CallOutside(_layout.Conversion(conversion, wide));
        _asm.Move(true, result, First);
        _asm.Land(over);
    }
}
