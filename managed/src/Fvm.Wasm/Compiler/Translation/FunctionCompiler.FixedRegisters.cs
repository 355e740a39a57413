// What the processor does in registers of its choice: division, and shifts by a number that is not constant.
namespace Fvm.Wasm;

internal sealed partial class FunctionCompiler
{
    private void Divide(Width width, bool isSigned, bool remainder)
    {
        Operand right = Pop();
        Operand left = Pop();
        bool isConstant = right.Kind == OperandKind.Constant;
        ulong constant = right.Bits;
        ulong minusOne = width == Width.W64 ? ulong.MaxValue : uint.MaxValue;

        // The divisor must be neither in rax nor in rdx.
        Register divisor = RegisterOf(in right);
        if (divisor is Register.None or Register.Rax or Register.Rdx)
        {
            Register other = Register.None;
            uint taken = 0;
            while (other is Register.None or Register.Rax or Register.Rdx)
            {
                other = Take();
                taken |= 1u << (int)other;
            }

            Fetch(other, in right);
            Free(in right);
            _free |= taken & ~(1u << (int)other);
            divisor = other;
        }

        Register dividend = RegisterOf(in left);
        if (dividend != Register.Rax)
        {
            Take(Register.Rax);
            Fetch(Register.Rax, in left);
            Free(in left);
        }

        Take(Register.Rdx);
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

        if (right.Kind != OperandKind.Local || _homes[right.Index] == Register.None)
        {
            Free(divisor);
        }

        Free(remainder ? Register.Rax : Register.Rdx);
        PushRegister(left.Type, remainder ? Register.Rdx : Register.Rax);
    }

    /// <summary>Division by -1, which the processor cannot do to the lowest number: it traps, and the remainder is 0.</summary>
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
            // Only the lowest number has no negative: 0 - x overflows.
            _asm.Move(width, Register.Rdx, Register.Rax);
            _asm.Negate(width, Register.Rdx);
            TrapIf(Condition.Overflow, TrapCode.IntegerOverflow);
        }

        _asm.Land(ordinary);
        return end;
    }

    private void ShiftValue(ref InstructionReader reader, Shift shift, Width width)
    {
        Operand count = Pop();
        Operand value = Pop();
        bool direct = TryTarget(in reader, out int local, out bool keeps);
        Register target = direct ? _homes[local] : Register.None;
        if (count.Kind == OperandKind.Constant)
        {
            Register result = target;
            if (direct)
            {
                Fetch(result, in value, unless: result);
                Free(in value);
            }
            else
            {
                result = Own(in value);
            }

            _asm.ShiftBy(shift, width, result, (int)count.Bits & (width == Width.W64 ? 63 : 31));
            Deliver(ref reader, value.Type, result, direct, local, keeps);
            return;
        }

        Register amount = Read(ref count);
        Register from = Read(ref value);
        if (!direct)
        {
            target = value.Kind == OperandKind.Register ? from : count.Kind == OperandKind.Register ? amount : Take();
        }

        _asm.ShiftX(shift, width, target, from, amount);
        if (value.Kind == OperandKind.Register && from != target)
        {
            Free(from);
        }

        if (count.Kind == OperandKind.Register && amount != target)
        {
            Free(amount);
        }

        Deliver(ref reader, value.Type, target, direct, local, keeps);
    }

    /// <summary>Brings a value into a register unless it is there.</summary>
    private void Fetch(Register to, in Operand operand, Register unless)
    {
        if (RegisterOf(in operand) != unless)
        {
            Fetch(to, in operand);
        }
    }

    private void Rotate(Shift shift, Width width)
    {
        Operand count = Pop();
        Operand value = Pop();
        if (count.Kind == OperandKind.Constant)
        {
            Register rotated = Own(in value);
            _asm.ShiftBy(shift, width, rotated, (int)count.Bits & (width == Width.W64 ? 63 : 31));
            PushRegister(value.Type, rotated);
            return;
        }

        // Rotation by a register knows only cl.
        if (value.Kind == OperandKind.Register && value.Register == Register.Rcx)
        {
            Register other = Take();
            _asm.Move(Width.W64, other, Register.Rcx);
            value.Register = other;
            Free(Register.Rcx);
        }

        if (RegisterOf(in count) != Register.Rcx)
        {
            Take(Register.Rcx);
            Fetch(Register.Rcx, in count);
            Free(in count);
        }

        Register result = Own(in value);
        _asm.ShiftByCl(shift, width, result);
        Free(Register.Rcx);
        PushRegister(value.Type, result);
    }
}
