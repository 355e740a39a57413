namespace Fvm.Wasm;

internal sealed partial class FunctionCompiler
{
    private void IntegerBinary(ref InstructionReader reader)
    {
        Width width = Widths.Of(reader.Traits.IsWide);
        switch (reader.Opcode)
        {
            case Opcode.I32Add:
            case Opcode.I64Add:
                Binary(ref reader, Alu.Add, width, commutes: true);
                break;
            case Opcode.I32Sub:
            case Opcode.I64Sub:
                Binary(ref reader, Alu.Sub, width, commutes: false);
                break;
            case Opcode.I32And:
            case Opcode.I64And:
                Binary(ref reader, Alu.And, width, commutes: true);
                break;
            case Opcode.I32Or:
            case Opcode.I64Or:
                Binary(ref reader, Alu.Or, width, commutes: true);
                break;
            case Opcode.I32Xor:
            case Opcode.I64Xor:
                Binary(ref reader, Alu.Xor, width, commutes: true);
                break;
            case Opcode.I32Mul:
            case Opcode.I64Mul:
                Multiply(ref reader, width);
                break;
            case Opcode.I32DivS:
            case Opcode.I64DivS:
                Divide(width, isSigned: true, remainder: false);
                break;
            case Opcode.I32DivU:
            case Opcode.I64DivU:
                Divide(width, isSigned: false, remainder: false);
                break;
            case Opcode.I32RemS:
            case Opcode.I64RemS:
                Divide(width, isSigned: true, remainder: true);
                break;
            case Opcode.I32RemU:
            case Opcode.I64RemU:
                Divide(width, isSigned: false, remainder: true);
                break;
            case Opcode.I32Shl:
            case Opcode.I64Shl:
                ShiftValue(ref reader, Shift.Shl, width);
                break;
            case Opcode.I32ShrS:
            case Opcode.I64ShrS:
                ShiftValue(ref reader, Shift.Sar, width);
                break;
            case Opcode.I32ShrU:
            case Opcode.I64ShrU:
                ShiftValue(ref reader, Shift.Shr, width);
                break;
            case Opcode.I32Rotl:
            case Opcode.I64Rotl:
                Rotate(Shift.Rol, width);
                break;
            case Opcode.I32Rotr:
            case Opcode.I64Rotr:
                Rotate(Shift.Ror, width);
                break;
            default:
                throw NoCode(reader.Opcode);
        }
    }

    /// <summary>
    /// Changes the type and keeps the bits. Also widens: 32-bit values are zero-extended in every location.
    /// </summary>
    private void Retype(ValueKind type) => _stack.Top.Type = type;

    private void Binary(ref InstructionReader reader, Alu op, Width width, bool commutes)
    {
        Operand right = _stack.Pop();
        Operand left = _stack.Pop();
        if (commutes && (left.Kind == OperandKind.Constant || (right.Kind == OperandKind.Register && left.Kind != OperandKind.Register)))
        {
            (left, right) = (right, left);
        }

        Destination destination = DestinationOf(in reader);
        if (destination.IsLocal && _stack.RegisterOf(in right) == destination.Register && _stack.RegisterOf(in left) != destination.Register)
        {
            if (commutes)
            {
                (left, right) = (right, left);
            }
            else
            {
                destination = Destination.Stack;
            }
        }

        Register from = _stack.RegisterOf(in left);
        if (op == Alu.Add && from != Register.None && from != destination.Register && (destination.IsLocal || left.Kind == OperandKind.Local) &&
            TryLea(width, from, in right, destination.Register, out Register sum))
        {
            _stack.Free(in left);
            _stack.Free(in right);
            PushResult(ref reader, left.Type, sum, destination);
            return;
        }

        Register result;
        if (destination.IsLocal)
        {
            result = destination.Register;
            if (from != result)
            {
                _stack.Load(result, in left);
            }

            _stack.Free(in left);
        }
        else
        {
            result = _stack.ToOwnRegister(in left);
        }

        Apply(op, width, result, ref right);
        _stack.Free(in right);
        PushResult(ref reader, left.Type, result, destination);
    }

    /// <summary>Adds by <c>lea</c> into a third register, without changing the operands.</summary>
    private bool TryLea(Width width, Register left, in Operand right, Register target, out Register sum)
    {
        Register second = _stack.RegisterOf(in right);
        sum = target;
        if (second == Register.None && !right.IsImmediate)
        {
            return false;
        }

        if (sum == Register.None)
        {
            sum = _stack.Allocate();
        }

        _asm.Lea(width, sum, second == Register.None ? new Address(left, right.Immediate) : new Address(left, second, 0, 0));
        return true;
    }

    /// <summary>Emits <c>op register, operand</c>.</summary>
    private void Apply(Alu op, Width width, Register register, ref Operand operand)
    {
        if (operand.IsImmediate)
        {
            _asm.Op(op, width, register, operand.Immediate);
        }
        else if (_stack.IsInMemory(in operand))
        {
            _asm.Op(op, width, register, _stack.AddressOf(in operand));
        }
        else
        {
            _asm.Op(op, width, register, _stack.ToRegister(ref operand));
        }
    }

    private void Multiply(ref InstructionReader reader, Width width)
    {
        Operand right = _stack.Pop();
        Operand left = _stack.Pop();
        if (left.Kind == OperandKind.Constant || (right.Kind == OperandKind.Register && left.Kind != OperandKind.Register))
        {
            (left, right) = (right, left);
        }

        Register result;
        if (right.IsImmediate)
        {
            Register from = _stack.ToRegister(ref left);
            result = left.Kind == OperandKind.Register ? from : _stack.Allocate();
            _asm.Multiply(width, result, from, right.Immediate);
        }
        else
        {
            result = _stack.ToOwnRegister(in left);
            if (_stack.IsInMemory(in right))
            {
                _asm.Multiply(width, result, _stack.AddressOf(in right));
            }
            else
            {
                _asm.Multiply(width, result, _stack.ToRegister(ref right));
            }

            _stack.Free(in right);
        }

        _stack.PushRegister(left.Type, result);
    }

    private void IntegerUnary(ref InstructionReader reader)
    {
        Opcode opcode = reader.Opcode;
        Width width = Widths.Of(reader.Traits.IsWide);
        ValueKind type = reader.Traits.Result;
        Operand value = _stack.Pop();
        if (opcode == Opcode.I32WrapI64 && value.Kind == OperandKind.Constant)
        {
            _stack.PushConstant(type, (uint)value.Bits);
            return;
        }

        Destination destination = DestinationOf(in reader);
        if (opcode == Opcode.I32WrapI64 && _stack.IsInMemory(in value))
        {
            // Loads only the lower half.
            Register loaded = destination.IsLocal ? destination.Register : _stack.Allocate();
            _asm.Move(Width.W32, loaded, _stack.AddressOf(in value));
            PushResult(ref reader, type, loaded, destination);
            return;
        }

        Register from = _stack.ToRegister(ref value);
        Register to = destination.IsLocal ? destination.Register : value.Kind == OperandKind.Register ? from : _stack.Allocate();
        switch (opcode)
        {
            case Opcode.I32WrapI64:
                _asm.Move(Width.W32, to, from);
                break;
            case Opcode.I32Clz:
            case Opcode.I64Clz:
                _asm.CountLeadingZeros(width, to, from);
                break;
            case Opcode.I32Ctz:
            case Opcode.I64Ctz:
                _asm.CountTrailingZeros(width, to, from);
                break;
            case Opcode.I32Popcnt:
            case Opcode.I64Popcnt:
                _asm.CountBits(width, to, from);
                break;
            case Opcode.I32Extend8S:
            case Opcode.I64Extend8S:
                _asm.SignExtend8(width, to, from);
                break;
            case Opcode.I32Extend16S:
            case Opcode.I64Extend16S:
                _asm.SignExtend16(width, to, from);
                break;
            case Opcode.I64ExtendI32S:
            case Opcode.I64Extend32S:
                _asm.SignExtend32(to, from);
                break;
            default:
                throw NoCode(opcode);
        }

        if (destination.IsLocal)
        {
            _stack.Free(in value);
        }

        PushResult(ref reader, type, to, destination);
    }
}
