using Fvm.Wasm.Binary;
using Fvm.Wasm.Compiler.X64;
using Fvm.Wasm.Module;
using Fvm.Wasm.Runtime;

namespace Fvm.Wasm.Compiler;

internal sealed partial class FunctionCompiler
{
    private void Numeric(ref InstructionReader reader)
    {
        Opcode opcode = reader.Opcode;
        switch (opcode)
        {
            case Opcode.I32Add:
            case Opcode.I64Add:
                Binary(ref reader, Alu.Add, opcode == Opcode.I64Add, commutes: true);
                break;
            case Opcode.I32Sub:
            case Opcode.I64Sub:
                Binary(ref reader, Alu.Sub, opcode == Opcode.I64Sub, commutes: false);
                break;
            case Opcode.I32And:
            case Opcode.I64And:
                Binary(ref reader, Alu.And, opcode == Opcode.I64And, commutes: true);
                break;
            case Opcode.I32Or:
            case Opcode.I64Or:
                Binary(ref reader, Alu.Or, opcode == Opcode.I64Or, commutes: true);
                break;
            case Opcode.I32Xor:
            case Opcode.I64Xor:
                Binary(ref reader, Alu.Xor, opcode == Opcode.I64Xor, commutes: true);
                break;
            case Opcode.I32Mul:
            case Opcode.I64Mul:
                Multiply(ref reader, opcode == Opcode.I64Mul);
                break;
            case Opcode.I32DivS:
            case Opcode.I64DivS:
                Divide(opcode == Opcode.I64DivS, isSigned: true, remainder: false);
                break;
            case Opcode.I32DivU:
            case Opcode.I64DivU:
                Divide(opcode == Opcode.I64DivU, isSigned: false, remainder: false);
                break;
            case Opcode.I32RemS:
            case Opcode.I64RemS:
                Divide(opcode == Opcode.I64RemS, isSigned: true, remainder: true);
                break;
            case Opcode.I32RemU:
            case Opcode.I64RemU:
                Divide(opcode == Opcode.I64RemU, isSigned: false, remainder: true);
                break;
            case Opcode.I32Shl:
            case Opcode.I64Shl:
                ShiftValue(ref reader, Shift.Shl, opcode == Opcode.I64Shl);
                break;
            case Opcode.I32ShrS:
            case Opcode.I64ShrS:
                ShiftValue(ref reader, Shift.Sar, opcode == Opcode.I64ShrS);
                break;
            case Opcode.I32ShrU:
            case Opcode.I64ShrU:
                ShiftValue(ref reader, Shift.Shr, opcode == Opcode.I64ShrU);
                break;
            case Opcode.I32Rotl:
            case Opcode.I64Rotl:
                Rotate(Shift.Rol, opcode == Opcode.I64Rotl);
                break;
            case Opcode.I32Rotr:
            case Opcode.I64Rotr:
                Rotate(Shift.Ror, opcode == Opcode.I64Rotr);
                break;
            case Opcode.I64ExtendI32U:
            case Opcode.I32ReinterpretF32:
            case Opcode.I64ReinterpretF64:
            case Opcode.F32ReinterpretI32:
            case Opcode.F64ReinterpretI64:
                Retype(OpcodeInfo.TypeOf(Opcodes.Of(opcode).Pushes[0]));
                break;
            default:
                if (IsIntegerUnary(opcode))
                {
                    IntegerUnary(ref reader);
                }
                else
                {
                    Float(opcode);
                }

                break;
        }
    }

    /// <summary>
    /// The same bits under another type. A narrow value is zero-extended wherever it is, so that goes for widening too.
    /// </summary>
    private void Retype(ValueKind type) => _stack[_top - 1].Type = type;

    private void Binary(ref InstructionReader reader, Alu op, bool wide, bool commutes)
    {
        Operand right = Pop();
        Operand left = Pop();
        if (commutes && (left.Kind == OperandKind.Constant || (right.Kind == OperandKind.Register && left.Kind != OperandKind.Register)))
        {
            (left, right) = (right, left);
        }

        bool direct = TryTarget(in reader, out int local, out bool keeps);
        Register target = direct ? _homes[local] : Register.None;
        if (direct && RegisterOf(in right) == target && RegisterOf(in left) != target)
        {
            if (commutes)
            {
                (left, right) = (right, left);
            }
            else
            {
                direct = false;
            }
        }

        Register from = RegisterOf(in left);
        if (op == Alu.Add && from != Register.None && from != target && (direct || left.Kind == OperandKind.Local) &&
            TryLea(wide, from, in right, direct ? target : Register.None, out Register sum))
        {
            Free(in left);
            Free(in right);
            Deliver(ref reader, left.Type, sum, direct, local, keeps);
            return;
        }

        Register result;
        if (direct)
        {
            result = target;
            if (from != result)
            {
                Fetch(result, in left);
            }

            Free(in left);
        }
        else
        {
            result = Own(in left);
        }

        Apply(op, wide, result, ref right);
        Free(in right);
        Deliver(ref reader, left.Type, result, direct, local, keeps);
    }

    /// <summary>Adds into a third register.</summary>
    private bool TryLea(bool wide, Register left, in Operand right, Register target, out Register sum)
    {
        Register second = RegisterOf(in right);
        sum = target;
        if (second == Register.None && !right.IsImmediate)
        {
            return false;
        }

        if (sum == Register.None)
        {
            sum = Take();
        }

        _asm.Lea(wide, sum, second == Register.None ? new Address(left, right.Immediate) : new Address(left, second, 0, 0));
        return true;
    }

    /// <summary>op register, operand.</summary>
    private void Apply(Alu op, bool wide, Register register, ref Operand operand)
    {
        if (operand.IsImmediate)
        {
            _asm.Op(op, wide, register, operand.Immediate);
        }
        else if (IsInMemory(in operand))
        {
            _asm.Op(op, wide, register, MemoryOf(in operand));
        }
        else
        {
            _asm.Op(op, wide, register, Read(ref operand));
        }
    }

    private void Multiply(ref InstructionReader reader, bool wide)
    {
        Operand right = Pop();
        Operand left = Pop();
        if (left.Kind == OperandKind.Constant || (right.Kind == OperandKind.Register && left.Kind != OperandKind.Register))
        {
            (left, right) = (right, left);
        }

        Register result;
        if (right.IsImmediate)
        {
            Register from = Read(ref left);
            result = left.Kind == OperandKind.Register ? from : Take();
            _asm.Multiply(wide, result, from, right.Immediate);
        }
        else
        {
            result = Own(in left);
            if (IsInMemory(in right))
            {
                _asm.Multiply(wide, result, MemoryOf(in right));
            }
            else
            {
                _asm.Multiply(wide, result, Read(ref right));
            }

            Free(in right);
        }

        PushRegister(left.Type, result);
    }

    private static bool IsIntegerUnary(Opcode opcode) => opcode
        is (>= Opcode.I32Clz and <= Opcode.I32Popcnt) or (>= Opcode.I64Clz and <= Opcode.I64Popcnt)
        or Opcode.I32WrapI64 or Opcode.I64ExtendI32S or (>= Opcode.I32Extend8S and <= Opcode.I64Extend32S);

    private void IntegerUnary(ref InstructionReader reader)
    {
        Opcode opcode = reader.Opcode;
        Operand value = Pop();
        ValueKind type = OpcodeInfo.TypeOf(Opcodes.Of(opcode).Pushes[0]);
        if (opcode == Opcode.I32WrapI64 && value.Kind == OperandKind.Constant)
        {
            PushConstant(type, (uint)value.Bits);
            return;
        }

        bool direct = TryTarget(in reader, out int local, out bool keeps);
        if (opcode == Opcode.I32WrapI64 && IsInMemory(in value))
        {
            // The lower half is all that is loaded.
            Register loaded = direct ? _homes[local] : Take();
            _asm.Move(false, loaded, MemoryOf(in value));
            Deliver(ref reader, type, loaded, direct, local, keeps);
            return;
        }

        Register from = Read(ref value);
        Register to = direct ? _homes[local] : value.Kind == OperandKind.Register ? from : Take();
        switch (opcode)
        {
            case Opcode.I32WrapI64:
                _asm.Move(false, to, from);
                break;
            case Opcode.I32Clz:
            case Opcode.I64Clz:
                _asm.CountLeadingZeros(opcode == Opcode.I64Clz, to, from);
                break;
            case Opcode.I32Ctz:
            case Opcode.I64Ctz:
                _asm.CountTrailingZeros(opcode == Opcode.I64Ctz, to, from);
                break;
            case Opcode.I32Popcnt:
            case Opcode.I64Popcnt:
                _asm.CountBits(opcode == Opcode.I64Popcnt, to, from);
                break;
            case Opcode.I32Extend8S:
            case Opcode.I64Extend8S:
                _asm.SignExtend8(opcode == Opcode.I64Extend8S, to, from);
                break;
            case Opcode.I32Extend16S:
            case Opcode.I64Extend16S:
                _asm.SignExtend16(opcode == Opcode.I64Extend16S, to, from);
                break;
            default:
                _asm.SignExtend32(to, from);
                break;
        }

        if (direct)
        {
            Free(in value);
        }

        Deliver(ref reader, type, to, direct, local, keeps);
    }
}
