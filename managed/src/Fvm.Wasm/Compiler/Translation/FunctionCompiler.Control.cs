namespace Fvm.Wasm;

internal sealed partial class FunctionCompiler
{
    /// <summary>Maximum number of targets of a <c>br_table</c> that is compiled to comparisons.</summary>
    private const int MaxComparedTargets = 4;

    private ControlFrame[] _control = new ControlFrame[64];
    private int _depth;

    private void Control(ref InstructionReader reader)
    {
        switch (reader.Opcode)
        {
            case Opcode.Unreachable:
                _asm.JumpToSegment(_layout.Trap(TrapCode.Unreachable));
                MarkUnreachable();
                break;
            case Opcode.Nop:
                break;
            case Opcode.Block:
                Block(Opcode.Block, reader.BlockType);
                break;
            case Opcode.Loop:
                Loop(reader.BlockType, reader.Offset);
                break;
            case Opcode.If:
                If(reader.BlockType);
                break;
            case Opcode.Else:
                Else();
                break;
            case Opcode.End:
                End();
                break;
            case Opcode.Br:
                Branch((int)reader.Index, in reader);
                break;
            case Opcode.BrIf:
                BranchIf((int)reader.Index);
                break;
            case Opcode.BrTable:
                BranchTable(in reader);
                break;
            case Opcode.Return:
                Branch(_depth - 1, in reader);
                break;
            case Opcode.Call:
                Call((int)reader.Index);
                break;
            case Opcode.CallIndirect:
                CallIndirect((int)reader.Index);
                break;
            default:
                throw NoCode(reader.Opcode);
        }
    }

    private void ResetControl(ValueKind result)
    {
        _depth = 0;
        _skippedBlocks = 0;
        PushFrame(Opcode.Block, result);
    }

    private void PushFrame(Opcode opcode, ValueKind result)
    {
        if (_depth == _control.Length)
        {
            Array.Resize(ref _control, _depth * 2);
        }

        _control[_depth++] = new ControlFrame
        {
            Opcode = opcode,
            Label = Label.Create(),
            Else = Label.Create(),
            Height = _stack.Count,
            Proofs = _checked.Time,
            Result = result,
        };
    }

    private void MarkUnreachable()
    {
        _reachable = false;
        _skippedBlocks = 0;
    }

    /// <summary>Skips an unreachable instruction, and finds the next reachable one.</summary>
    private void SkipUnreachable(in InstructionReader reader)
    {
        switch (reader.Opcode)
        {
            case Opcode.Block:
            case Opcode.Loop:
            case Opcode.If:
                _skippedBlocks++;
                break;
            case Opcode.Else when _skippedBlocks == 0:
                _asm.Reserve();
                Else();
                break;
            case Opcode.End when _skippedBlocks > 0:
                _skippedBlocks--;
                break;
            case Opcode.End:
                _asm.Reserve();
                End();
                break;
        }
    }

    private void Block(Opcode opcode, ValueKind result)
    {
        _stack.SpillAll();
        PushFrame(opcode, result);
    }

    private void Loop(ValueKind result, int offset)
    {
        _stack.SpillAll();
        PushFrame(Opcode.Loop, result);
        _asm.Align(SegmentLayout.LoopAlignment);
        _asm.Bind(ref _control[_depth - 1].Label);
        ForgetAtLoop(offset);
        TrapIfStopped();
    }

    /// <summary>To be written into each circle of the control flow, so that code that runs for long can be stopped.</summary>
    private void TrapIfStopped()
    {
        if (_stoppable)
        {
            _asm.Cmp(Width.W32, CallingConvention.ContextField(ContextOffset.IsStopped), 0);
            TrapIf(Condition.NotEqual, TrapCode.HostFault);
        }
    }

    private void If(ValueKind result)
    {
        Operand condition = _stack.Pop();
        if (condition.Kind is not (OperandKind.Flags or OperandKind.Local))
        {
            _stack.ToRegister(ref condition);
        }

        // Emits only moves: a comparison's flags survive.
        _stack.SpillAll();
        Condition whenFalse = TestZero(ref condition);
        PushFrame(Opcode.If, result);
        _asm.JumpIf(whenFalse, ref _control[_depth - 1].Else);
    }

    /// <summary>Tests an operand and frees it; returns the condition that holds if it is zero.</summary>
    private Condition TestZero(ref Operand condition)
    {
        if (condition.Kind == OperandKind.Flags)
        {
            return Invert(condition.Condition);
        }

        if (_stack.IsInMemory(in condition))
        {
            _asm.Cmp(Width.W32, _stack.AddressOf(in condition), 0);
        }
        else
        {
            Register register = _stack.ToRegister(ref condition);
            _asm.Test(Width.W32, register, register);
            _stack.Free(in condition);
        }

        return Condition.Equal;
    }

    private static Condition Invert(Condition condition) => (Condition)((int)condition ^ 1);

    private void Else()
    {
        ref ControlFrame frame = ref _control[_depth - 1];
        if (_reachable)
        {
            PassResult(frame.Result);
            _asm.Jump(ref frame.Label);
        }

        _asm.Bind(ref frame.Else);
        frame.Opcode = Opcode.Else;
        _stack.DropTo(frame.Height);
        ForgetAtMerge(frame.Proofs);
        _reachable = true;
    }

    private void End()
    {
        ref ControlFrame frame = ref _control[_depth - 1];
        bool last = _depth == 1;
        bool isTarget = frame.Opcode != Opcode.Loop && frame.IsTarget;
        bool skipsIf = frame.Opcode == Opcode.If;
        if (_reachable && (isTarget || skipsIf || last))
        {
            PassResult(frame.Result);
        }

        if (isTarget)
        {
            _asm.Bind(ref frame.Label);
        }

        if (skipsIf)
        {
            _asm.Bind(ref frame.Else);
        }

        _depth--;
        if (last)
        {
            _reachable = true;
            return;
        }

        if (isTarget || skipsIf)
        {
            _reachable = true;
            ForgetAtMerge(frame.Proofs);
            _stack.DropTo(frame.Height);
            if (frame.Result != ValueKind.Empty)
            {
                _stack.Allocate(CallingConvention.Result);
                _stack.PushRegister(frame.Result, CallingConvention.Result);
            }
        }
        else if (!_reachable)
        {
            // Still unreachable in the enclosing block.
            _skippedBlocks = 0;
        }
    }

    /// <summary>Pops the target's value, if it takes one, into the result register. The register allocation is invalid afterwards.</summary>
    private void PassResult(ValueKind result)
    {
        if (result == ValueKind.Empty)
        {
            return;
        }

        Operand value = _stack.Pop();
        _stack.Load(CallingConvention.Result, in value);
        _stack.Free(in value);
    }

    private void Branch(int label, in InstructionReader reader)
    {
        ref ControlFrame target = ref _control[_depth - 1 - label];
        PassResult(target.BranchResult);
        if (IsAtEnd(label, reader.NextOffset))
        {
            target.IsFallenInto = true;
        }
        else
        {
            _asm.Jump(ref target.Label);
        }

        MarkUnreachable();
    }

    /// <summary>Whether only the ends of blocks lie between a branch and its target, so that it needs no jump.</summary>
    /// <param name="label">Relative depth of the target.</param>
    /// <param name="next">Offset of the instruction after the branch.</param>
    private bool IsAtEnd(int label, int next)
    {
        ReadOnlySpan<byte> bytes = _module.Bytes.Span;
        for (int i = 0; i < label; i++)
        {
            ref readonly ControlFrame between = ref _control[_depth - 1 - i];
            if (between.Opcode != Opcode.Block || between.IsTarget || bytes[next + i] != (byte)Opcode.End)
            {
                return false;
            }
        }

        return _control[_depth - 1 - label].Opcode != Opcode.Loop && bytes[next + label] == (byte)Opcode.End;
    }

    private void BranchIf(int label)
    {
        ref ControlFrame target = ref _control[_depth - 1 - label];
        Operand condition = _stack.Pop();
        Condition whenZero = TestZero(ref condition);
        if (target.BranchResult == ValueKind.Empty)
        {
            _asm.JumpIf(Invert(whenZero), ref target.Label);
            return;
        }

        ref Operand value = ref _stack.Top;
        if (value.Kind == OperandKind.Register && value.Register == CallingConvention.Result)
        {
            _asm.JumpIf(Invert(whenZero), ref target.Label);
            return;
        }

        // If the branch is taken, all other register contents are dropped.
        int skip = _asm.Skip(whenZero);
        _stack.Load(CallingConvention.Result, in value);
        _asm.Jump(ref target.Label);
        _asm.Land(skip);
    }

    private void BranchTable(in InstructionReader reader)
    {
        BranchTargets targets = reader.Targets;
        uint count = reader.Index;
        Operand selector = _stack.Pop();
        ValueKind result = _control[_depth - 1 - FirstTarget(reader.Targets)].BranchResult;
        Register index = Register.Rcx;
        if (_stack.RegisterOf(in selector) != index)
        {
            _stack.Allocate(index);
            _stack.Load(index, in selector);
            _stack.Free(in selector);
        }

        PassResult(result);
        _asm.Reserve((int)count * sizeof(int));
        if (count <= MaxComparedTargets)
        {
            for (int i = 0; targets.MoveNext(); i++)
            {
                ref Label target = ref _control[_depth - 1 - (int)targets.Current].Label;
                if (targets.IsDefault)
                {
                    _asm.Jump(ref target);
                    break;
                }

                _asm.Cmp(Width.W32, index, i);
                _asm.JumpIf(Condition.Equal, ref target);
            }
        }
        else
        {
            JumpTable(targets, count, index);
        }

        MarkUnreachable();
    }

    private static int FirstTarget(BranchTargets targets)
    {
        targets.MoveNext();
        return (int)targets.Current;
    }

    /// <summary>Emits a jump through a table of relative addresses, which follows the jump.</summary>
    private void JumpTable(BranchTargets targets, uint count, Register index)
    {
        Register table = Register.Rdx;
        Register last = Register.R10;
        Label start = Label.Create();
        _asm.Constant(last, count);
        _asm.Cmp(Width.W32, index, last);
        _asm.MoveIf(Condition.Above, Width.W32, index, last);
        _asm.LeaLabel(table, ref start);
        _asm.LoadSigned32(index, new Address(table, index, 2, 0));
        _asm.Add(Width.W64, index, table);
        _asm.JumpTo(index);
        _asm.Bind(ref start);
        while (targets.MoveNext())
        {
            _asm.TableEntry(ref _control[_depth - 1 - (int)targets.Current].Label, start.Position);
        }
    }
}
