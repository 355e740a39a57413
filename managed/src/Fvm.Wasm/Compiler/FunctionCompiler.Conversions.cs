using Fvm.Wasm.Compiler.X64;
using Fvm.Wasm.Module;

namespace Fvm.Wasm.Compiler;

/// <summary>
/// Conversions between integers and floating point. The processor knows signed integers alone, and marks what does not fit them by the
/// lowest integer of the width: conversions to 32 bits go by way of 64, where all that fits is exact.
/// </summary>
internal sealed partial class FunctionCompiler
{
    private static bool IsConversion(Opcode opcode) => opcode
        is (>= Opcode.I32TruncF32S and <= Opcode.I32TruncF64U)
        or (>= Opcode.I64TruncF32S and <= Opcode.I64TruncF64U)
        or (>= Opcode.I32TruncSatF32S and <= Opcode.I64TruncSatF64U)
        or (>= Opcode.F32ConvertI32S and <= Opcode.F32ConvertI64U)
        or (>= Opcode.F64ConvertI32S and <= Opcode.F64ConvertI64U);

    private void ConvertBy(Opcode opcode)
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
        _asm.Truncate(wide, true, result, First);
        if (type == ValueKind.I32)
        {
            TruncateTo32(wide, isSigned, saturates, result);
        }
        else if (isSigned)
        {
            // Only the lowest number overflows when 1 is subtracted.
            _asm.Op(Alu.Cmp, true, result, 1);
            CallUnless(Condition.NotOverflow, saturates ? Conversion.Saturated64 : Conversion.Lowest64, wide, result);
        }
        else
        {
            _asm.Test(true, result, result);
            CallUnless(Condition.NotSign, saturates ? Conversion.SaturatedUnsigned64 : Conversion.Unsigned64, wide, result);
        }

        PushRegister(type, result);
    }

    private void TruncateTo32(bool wide, bool isSigned, bool saturates, Register result)
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
        if (saturates)
        {
            CallUnless(Condition.Equal, isSigned ? Conversion.Saturated32 : Conversion.SaturatedUnsigned32, wide, result);
        }
        else
        {
            _asm.JumpOutsideIf(Condition.NotEqual, _layout.Conversion(Conversion.Bad, wide));
        }

        if (isSigned)
        {
            _asm.Move(false, result, result);
        }
    }

    private void Convert(ValueKind type, bool isSigned)
    {
        Operand value = Pop();
        bool wide = type == ValueKind.F64;

        // The instruction keeps the upper part of the register: without this it would wait for whatever made that.
        _asm.Bitwise(0x57, First, First);
        Register from = Read(ref value);

        // A narrow value, zero-extended to 64 bits, is not negative.
        _asm.Convert(wide, value.IsWide || !isSigned, First, from);
        Register result = value.Kind == OperandKind.Register ? from : Take();
        if (isSigned || !value.IsWide)
        {
            _asm.Move(wide, result, First);
        }
        else
        {
            _asm.Test(true, from, from);
            int low = _asm.Skip(Condition.NotSign);
            _asm.Move(true, First, from);
            _asm.CallOutside(_layout.Conversion(Conversion.FromHigh64, wide));
            _asm.Land(low);
            _asm.Move(wide, result, First);
        }

        PushRegister(type, result);
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
