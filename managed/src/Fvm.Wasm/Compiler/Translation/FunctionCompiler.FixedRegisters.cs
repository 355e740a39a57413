namespace Fvm.Wasm;

internal sealed partial class FunctionCompiler
{
    // Division and rotation by a variable count: the processor prescribes their operand registers.
    private void Divide(Width width, bool isSigned, bool remainder)
    {
        Operand right = _stack.Pop();
        Operand left = _stack.Pop();
        bool isConstant = right.Kind == OperandKind.Constant;
        ulong constant = right.Bits;
        ulong minusOne = width == Width.W64 ? ulong.MaxValue : uint.MaxValue;

        // The divisor must be neither in rax nor in rdx.
        Register divisor = _stack.RegisterOf(in right);
        if (divisor is Register.None or Register.Rax or Register.Rdx)
        {
            Register other = Register.None;
            uint taken = 0;
            while (other is Register.None or Register.Rax or Register.Rdx)
            {
                other = _stack.Allocate();
                taken |= RegisterFile.Bit(other);
            }

            _stack.Load(other, in right);
            _stack.Free(in right);
            _registers.Free(taken & ~RegisterFile.Bit(other));
            divisor = other;
        }

        Register dividend = _stack.RegisterOf(in left);
        if (dividend != Register.Rax)
        {
            _stack.Allocate(Register.Rax);
            _stack.Load(Register.Rax, in left);
            _stack.Free(in left);
        }

        _stack.Allocate(Register.Rdx);
        if (!isConstant || constant == 0)
        {
            _asm.Test(width, divisor, divisor);
            TrapIf(Condition.Equal, TrapCode.IntegerDivisionByZero);
        }

        int skip = 0;
        if (isSigned && (!isConstant || constant == minusOne))
        {
            skip = GuardMinusOne(width, remainder, divisor);
        }

        if (isSigned)
        {
            _asm.SignIntoRdx(width);
            _asm.DivideSigned(width, divisor);
        }
        else
        {
            _asm.Xor(Width.W32, Register.Rdx, Register.Rdx);
            _asm.DivideUnsigned(width, divisor);
        }

        if (skip != 0)
        {
            _asm.Land(skip);
        }

        if (right.Kind != OperandKind.Local || _frame.RegisterOf(right.Index) == Register.None)
        {
            _registers.Free(divisor);
        }

        _registers.Free(remainder ? Register.Rax : Register.Rdx);
        _stack.PushRegister(left.Type, remainder ? Register.Rdx : Register.Rax);
    }

    /// <summary>Handles division by -1, which faults for the lowest integer: the quotient traps, the remainder is 0.</summary>
    private int GuardMinusOne(Width width, bool remainder, Register divisor)
    {
        _asm.Cmp(width, divisor, -1);
        int ordinary = _asm.Skip(Condition.NotEqual);
        int end = 0;
        if (remainder)
        {
            _asm.Xor(Width.W32, Register.Rdx, Register.Rdx);
            end = _asm.Skip();
        }
        else
        {
            // Only the lowest integer has no negation: 0 - x overflows.
            _asm.Move(width, Register.Rdx, Register.Rax);
            _asm.Negate(width, Register.Rdx);
            TrapIf(Condition.Overflow, TrapCode.IntegerOverflow);
        }

        _asm.Land(ordinary);
        return end;
    }

    private void ShiftValue(ref InstructionReader reader, Shift shift, Width width)
    {
        Operand count = _stack.Pop();
        Operand value = _stack.Pop();
        Destination destination = DestinationOf(in reader);
        if (count.Kind == OperandKind.Constant)
        {
            Register result = destination.Register;
            if (destination.IsLocal)
            {
                _stack.LoadUnlessIn(result, in value);
                _stack.Free(in value);
            }
            else
            {
                result = _stack.ToOwnRegister(in value);
            }

            _asm.ShiftBy(shift, width, result, (int)count.Bits & (width == Width.W64 ? 63 : 31));
            PushResult(ref reader, value.Type, result, destination);
            return;
        }

        Register amount = _stack.ToRegister(ref count);
        Register from = _stack.ToRegister(ref value);
        Register target = destination.Register;
        if (!destination.IsLocal)
        {
            target = value.Kind == OperandKind.Register ? from : count.Kind == OperandKind.Register ? amount : _stack.Allocate();
        }

        _asm.ShiftX(shift, width, target, from, amount);
        if (value.Kind == OperandKind.Register && from != target)
        {
            _registers.Free(from);
        }

        if (count.Kind == OperandKind.Register && amount != target)
        {
            _registers.Free(amount);
        }

        PushResult(ref reader, value.Type, target, destination);
    }

    private void Rotate(Shift shift, Width width)
    {
        Operand count = _stack.Pop();
        Operand value = _stack.Pop();
        if (count.Kind == OperandKind.Constant)
        {
            Register rotated = _stack.ToOwnRegister(in value);
            _asm.ShiftBy(shift, width, rotated, (int)count.Bits & (width == Width.W64 ? 63 : 31));
            _stack.PushRegister(value.Type, rotated);
            return;
        }

        // Rotation by a register uses cl only.
        if (value.Kind == OperandKind.Register && value.Register == Register.Rcx)
        {
            Register other = _stack.Allocate();
            _asm.Move(Width.W64, other, Register.Rcx);
            value.Register = other;
            _registers.Free(Register.Rcx);
        }

        if (_stack.RegisterOf(in count) != Register.Rcx)
        {
            _stack.Allocate(Register.Rcx);
            _stack.Load(Register.Rcx, in count);
            _stack.Free(in count);
        }

        Register result = _stack.ToOwnRegister(in value);
        _asm.ShiftByCl(shift, width, result);
        _registers.Free(Register.Rcx);
        _stack.PushRegister(value.Type, result);
    }
}
