namespace Fvm.Wasm;

/// <summary>
/// Loops that repeat (<see cref="LoopEffects"/>). Once such a one branches back to its start, each further iteration does the same and costs
/// the same: as many as there is gas for are charged at once. The last one, which is not paid in full, runs and traps where it has to.
/// </summary>
internal sealed partial class FunctionCompiler
{
    /// <summary>So many such loops may be nested; further ones run as others do.</summary>
    private const int MaxRepetitions = 2;

    private int _repetitionsAt;
    private int _repetitions;

    /// <summary>At the start of a loop: keeps the gas that it begins with.</summary>
    private void BeginRepetition(ref ControlFrame frame, int offset)
    {
        if (_metering is null || !_uses.Loops.Repeats(offset) || _repetitions == MaxRepetitions)
        {
            return;
        }

        frame.GasSlot = _repetitionsAt + (8 * _repetitions++);
        _asm.Move(Width.W64, new Address(Register.Rsp, frame.GasSlot), Convention.Gas);
    }

    private void EndRepetition(in ControlFrame frame)
    {
        if (frame.GasSlot != ControlFrame.NoSlot)
        {
            _repetitions--;
        }
    }

    /// <summary>Before a jump to a loop's start: charges what further iterations cost. Temporary registers are lost.</summary>
    private void Repeat(in ControlFrame target, int offset)
    {
        if (target.GasSlot == ControlFrame.NoSlot || !_uses.Loops.IsRepetition(offset))
        {
            return;
        }

        Register cost = Register.Rcx;
        _asm.Move(Width.W64, cost, new Address(Register.Rsp, target.GasSlot));
        _asm.Sub(Width.W64, cost, Convention.Gas);
        int free = _asm.Skip(Condition.Equal);
        _asm.Move(Width.W64, Register.Rax, Convention.Gas);
        _asm.Xor(Width.W32, Register.Rdx, Register.Rdx);
        _asm.DivideUnsigned(Width.W64, cost);
        _asm.Move(Width.W64, Convention.Gas, Register.Rdx);
        _asm.Land(free);
    }
}
