namespace Fvm.Wasm;

internal sealed partial class FunctionCompiler
{
    private void Call(int function)
    {
        FunctionType type = _module.TypeOf(function);
        PassArguments(type.Parameters.Length);
        _asm.CallSlot(_layout.FunctionSlot(function));
        PushResult(type.Result);
    }

    private void CallIndirect(int typeIndex)
    {
        FunctionType type = _module.Types[typeIndex];
        Operand element = _stack.Pop();
        Register index = Register.Rcx;
        if (_stack.RegisterOf(in element) != index)
        {
            _stack.Allocate(index);
            _stack.Load(index, in element);
            _stack.Free(in element);
        }

        _asm.Cmp(Width.W32, index, CallingConvention.ContextField(ContextOffset.TableLength));
        TrapIf(Condition.AboveOrEqual, TrapCode.TableOutOfBounds);
        Register table = _stack.Allocate();
        _asm.Move(Width.W64, table, CallingConvention.ContextField(ContextOffset.Table));
        _asm.Move(Width.W64, index, new Address(table, index, 3, 0));
        _asm.LeaSegment(table, _layout.Types);
        _asm.Cmp(Width.W32, new Address(table, index, 2, 0), _typeNumbers[typeIndex]);
        _asm.JumpToSegmentIf(Condition.NotEqual, _layout.BadReference);

        // The table of types follows the table of entries: one base register serves both.
        int entries = _layout.Entries - _layout.Types;
        PassArguments(type.Parameters.Length);
        _asm.LeaSegment(Register.Rax, _layout.Types);
        _asm.CallTo(new Address(Register.Rax, index, 3, entries));
        _registers.Free(table);
        _registers.Free(index);
        PushResult(type.Result);
    }

    private void CallHelper(in InstructionReader reader)
    {
        Opcode opcode = reader.Opcode;
        ref readonly OpcodeTraits traits = ref reader.Traits;
        int arguments = traits.Pops;
        if (traits.Immediates is ImmediateKind.Index or ImmediateKind.TwoIndices or ImmediateKind.DataSegment)
        {
            _stack.PushConstant(ValueKind.I32, reader.Index);
            arguments++;
        }

        PassArguments(arguments);
        int stub = opcode switch
        {
            Opcode.MemoryCopy => _layout.MemoryCopy,
            Opcode.MemoryFill => _layout.MemoryFill,
            Opcode.MemoryInit => _layout.MemoryInit,
            _ => 0,
        };
        if (stub != 0)
        {
            _asm.CallSegment(stub);
            return;
        }

        _asm.Constant(Register.Rax, (ulong)opcode);
        _asm.CallSegment(_layout.CallHelper);
        PushResult(traits.Result);
    }

    /// <summary>Stores the topmost values as arguments, and spills the other values that the call would clobber.</summary>
    private void PassArguments(int count)
    {
        // The callee may write to memory, and grow it.
        _lastStore.Clear();
        _memoryLeft.Clear();
        for (int i = count - 1; i >= 0; i--)
        {
            _asm.Reserve();
            Operand argument = _stack.Pop();
            Address at = new(Register.Rsp, 8 * i);
            if (argument.Kind == OperandKind.Constant && (long)argument.Bits == (int)argument.Bits)
            {
                _asm.Store(Width.W64, in at, (int)argument.Bits);
                continue;
            }

            Register register = _stack.ToRegister(ref argument);
            _asm.Move(Width.W64, in at, register);
            _stack.Free(in argument);
        }

        _stack.SpillTemporaries();
    }

    private void PushResult(ValueKind type)
    {
        if (type != ValueKind.Empty)
        {
            _stack.Allocate(CallingConvention.Result);
            _stack.PushRegister(type, CallingConvention.Result);
        }
    }
}
