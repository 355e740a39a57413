namespace Fvm.Wasm;

/// <summary>
/// Conversions between integers and floating-point numbers. The processor converts to signed integers only, and gives the lowest integer of the
/// width for values out of range. Conversions to unsigned 32-bit integers use the 64-bit instruction, which is exact over that whole range.
/// </summary>
internal sealed partial class FunctionCompiler
{
    private const ulong TwoTo63AsF32 = 0x5f00_0000;
    private const ulong TwoTo63AsF64 = 0x43e0_0000_0000_0000;

    private void Truncate(ValueKind type, bool isSigned, bool saturates)
    {
        Operand value = _stack.Pop();
        Width width = value.Width;
        Load(First, in value);
        Register result = _stack.Allocate();
        if (saturates)
        {
            Saturate(width, Widths.Of(type), isSigned, result);
            _stack.PushRegister(type, result);
            return;
        }

        _asm.Truncate(width, type == ValueKind.I64 || !isSigned ? Width.W64 : Width.W32, result, First);
        if (isSigned)
        {
            // Only the lowest integer overflows when 1 is subtracted.
            _asm.Cmp(type == ValueKind.I64 ? Width.W64 : Width.W32, result, 1);
            CallUnless(Condition.NotOverflow, type == ValueKind.I64 ? Conversion.Lowest64 : Conversion.Lowest32, width, result);
        }
        else if (type == ValueKind.I64)
        {
            _asm.Test(Width.W64, result, result);
            CallUnless(Condition.NotSign, Conversion.Unsigned64, width, result);
        }
        else
        {
            Register other = _stack.Allocate();
            _asm.Move(Width.W32, other, result);
            _asm.Cmp(Width.W64, result, other);
            _registers.Free(other);
            _asm.JumpToSegmentIf(Condition.NotEqual, _layout.Conversion(Conversion.Bad, width));
        }

        _stack.PushRegister(type, result);
    }

    /// <summary>
    /// Truncates and saturates; NaN gives 0. Inline, because actors may convert values out of range as often as values in range, and a call of
    /// a stub takes twice the reference's time.
    /// </summary>
    private void Saturate(Width width, Width integer, bool isSigned, Register result)
    {
        if (_hasAvx512 && !isSigned)
        {
            SaturateUnsigned(width, integer, result);
            return;
        }

        _asm.Truncate(width, isSigned ? integer : Width.W64, result, First);
        if (isSigned)
        {
            SaturateSigned(width, integer, result);
        }
        else if (integer == Width.W64)
        {
            SaturateUnsigned64(width, result);
        }
        else
        {
            SaturateUnsigned32(width, result);
        }
    }

    /// <summary>Values out of range have become the lowest integer, which is right unless the float is positive or NaN.</summary>
    private void SaturateSigned(Width width, Width integer, Register result)
    {
        // Only the lowest integer overflows when 1 is subtracted.
        _asm.Cmp(integer, result, 1);
        int fits = _asm.Skip(Condition.NotOverflow);
        CarryIfPositive(width, result);
        _asm.Sbb(integer, result, 0);
        _asm.Land(fits);
    }

    /// <summary>With AVX-512: negative numbers and NaN become 0, and numbers too large are converted to the greatest integer.</summary>
    private void SaturateUnsigned(Width width, Width integer, Register result)
    {
        _asm.Xor(Second, Second);
        _asm.Arithmetic(FloatOp.Max, width, First, Second);
        _asm.TruncateUnsigned(width, integer, result, First);
    }

    /// <summary>A result of more than 32 bits becomes the greatest unsigned integer if the float is positive, otherwise 0.</summary>
    private void SaturateUnsigned32(Width width, Register result)
    {
        Register other = _stack.Allocate();
        _asm.Move(Width.W32, other, result);
        _asm.Cmp(Width.W64, result, other);
        _registers.Free(other);
        int fits = _asm.Skip(Condition.Equal);
        CarryIfPositive(width, result);
        _asm.Sbb(Width.W32, result, result);
        _asm.Land(fits);
    }

    /// <summary>
    /// A negative result becomes 0 if the float is not positive. Otherwise the float is 2^63 or more: the float less 2^63 is truncated, and the
    /// highest bit is set again; if even that is out of range, the highest bit is set already, and all bits are to be set.
    /// </summary>
    private void SaturateUnsigned64(Width width, Register result)
    {
        _asm.Test(Width.W64, result, result);
        int fits = _asm.Skip(Condition.NotSign);
        _asm.Xor(Second, Second);
        _asm.Compare(width, First, Second);
        int positive = _asm.Skip(Condition.Above);
        _asm.Xor(Width.W32, result, result);
        int zero = _asm.Skip();
        _asm.Land(positive);
        _asm.Constant(result, width == Width.W64 ? TwoTo63AsF64 : TwoTo63AsF32);
        _asm.Move(width, Second, result);
        _asm.Arithmetic(FloatOp.Sub, width, First, Second);
        _asm.Truncate(width, Width.W64, result, First);
        _asm.ComplementBit(result, 63);
        _asm.Sbb(Width.W64, result, 0);
        _asm.Land(zero);
        _asm.Land(fits);
    }

    /// <summary>Sets the carry flag if the float is positive, otherwise clears it; also clears the result if the float is NaN.</summary>
    private void CarryIfPositive(Width width, Register result)
    {
        _asm.Xor(Second, Second);
        _asm.Compare(width, Second, First);
        int number = _asm.Skip(Condition.NotParity);
        _asm.Xor(Width.W32, result, result);
        _asm.Land(number);
    }

    private void Convert(ValueKind type, bool isSigned)
    {
        Operand value = _stack.Pop();
        Width width = Widths.Of(type);

        // The instruction preserves the register's upper part: clearing it first avoids a false dependency on the previous write.
        _asm.Xor(First, First);
        Register from = _stack.ToRegister(ref value);
        Register result = value.Kind == OperandKind.Register ? from : _stack.Allocate();
        if (isSigned || !value.IsWide)
        {
            // A 32-bit value, zero-extended to 64 bits, is not negative.
            _asm.Convert(width, isSigned ? value.Width : Width.W64, First, from);
        }
        else
        {
            ConvertUnsigned64(width, result, from);
        }

        _asm.Move(width, result, First);
        _stack.PushRegister(type, result);
    }

    /// <summary>If the highest bit is set, half the value, with the lost bit as a sticky bit, rounds like the whole.</summary>
    private void ConvertUnsigned64(Width width, Register half, Register from)
    {
        Register lost = _stack.Allocate();
        _asm.Test(Width.W64, from, from);
        int high = _asm.Skip(Condition.Sign);
        _asm.Convert(width, Width.W64, First, from);
        int low = _asm.Skip();
        _asm.Land(high);
        _asm.Move(Width.W32, lost, from);
        _asm.And(Width.W32, lost, 1);
        if (half != from)
        {
            _asm.Move(Width.W64, half, from);
        }

        _asm.ShiftBy(Shift.Shr, Width.W64, half, 1);
        _asm.Or(Width.W64, half, lost);
        _asm.Convert(width, Width.W64, First, half);
        _asm.Arithmetic(FloatOp.Add, width, First, First);
        _asm.Land(low);
        _registers.Free(lost);
    }

    /// <summary>Calls a stub unless a condition holds.</summary>
    private void CallUnless(Condition condition, Conversion conversion, Width width, Register result)
    {
        int over = _asm.Skip(condition);
        _asm.CallSegment(_layout.Conversion(conversion, width));
        _asm.Move(Width.W64, result, First);
        _asm.Land(over);
    }
}
