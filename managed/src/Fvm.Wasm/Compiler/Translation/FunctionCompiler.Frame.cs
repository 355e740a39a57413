namespace Fvm.Wasm;

/// <summary>
/// Prologue and epilogue. The number of operand slots in the frame (<see cref="FrameLayout"/>) is known only at the end, so the frame's size is
/// patched in then.
/// </summary>
internal sealed partial class FunctionCompiler
{
    /// <summary>Size of the narrowest vector that clears locals, in bytes.</summary>
    private const int NarrowVector = 16;
    private const int WideVector = 32;

    /// <summary>Vectors cleared per loop iteration, as a power of two.</summary>
    private const int UnrolledShift = 2;

    /// <summary>Maximum number of vectors cleared without a loop.</summary>
    private const int MaxVectorsOneByOne = 16;

    /// <summary>
    /// Maximum stack use, in bytes, of a function without calls that omits the check of the stack limit: a small part of the reserve below the
    /// limit, which is for the host; such a function does not call it.
    /// </summary>
    private const int MaxUncheckedFrame = 4096;

    /// <summary>The zero vector for clearing locals: the register that <see cref="Emitter.ClearFirst"/> clears.</summary>
    private const Xmm Zero = Xmm.Xmm0;

    private readonly LocalTypes _localTypes = new();
    private int _frameSizeAt;
    private uint _stackCost;
    private bool _countsInMemory;

    private void Begin(int function, FunctionBody body, uint stackCost)
    {
        FunctionType type = _module.TypeOf(function);
        int parameters = type.Parameters.Length;
        int locals = parameters + body.LocalCount;
        _frame.Reset(parameters, locals);
        _stack.Reset(locals);
        _localTypes.Reset(type.Parameters, body.LocalGroups);
        _uses.Count(_module, body, parameters, locals);
        _frame.AssignRegisters(_uses);
        _frame.AssignPlaces(_uses);
        FindLastSets(locals);
        uint taken = _frame.UsesVolatile ? RegisterFile.Bit(CallingConvention.Volatile) : 0;
        _registers.Reset(CallingConvention.Temporaries & ~taken);

        _asm.Reset();
        _asm.Reserve();
        _checked.Reset();
        _lastStore.Clear();
        _memoryLeft.Clear();
        ResetControl(type.Result);
        _stackCost = stackCost;
        _countsInMemory = _uses.MaxArguments >= 0;
        int localsAt = 8 * Math.Max(_uses.MaxArguments, _uses.MaxArguments < 0 ? 0 : 1);
        _frame.Place(localsAt, operandsAt: localsAt + (8 * _frame.PlaceCount));
        _reachable = true;
        Prologue();
    }

    private void Prologue()
    {
        for (int i = 0; i < _frame.SavedCount; i++)
        {
            _asm.Push(CallingConvention.Locals[i]);
        }

        // A placeholder for the frame's size, large enough to force the long encoding.
        _asm.Sub(Width.W64, Register.Rsp, int.MaxValue);
        _frameSizeAt = _asm.Position - sizeof(int);
        if (_countsInMemory || _frame.OperandsAt + (8L * (_end - _start)) > MaxUncheckedFrame)
        {
            _asm.Cmp(Width.W64, Register.Rsp, CallingConvention.ContextField(ContextOffset.HostStackLimit));
            TrapIf(Condition.Below, TrapCode.HostStackOverflow);
            TrapIfStopped();
        }

        CountFrame();
        for (int local = 0; local < _frame.Parameters; local++)
        {
            if (_frame.RegisterOf(local) != Register.None)
            {
                _asm.Reserve();
                _asm.Move(Widths.Of(_localTypes[local]), _frame.RegisterOf(local), _frame.AddressOf(local));
            }
        }

        ClearLocals();
    }

    /// <summary>Adds the function's cost to the limited stack's height, and traps if that exceeds the limit.</summary>
    private void CountFrame()
    {
        if (_stackCost == 0)
        {
            return;
        }

        uint limit = _metering!.MaxStackHeight;
        Address height = CallingConvention.ContextField(ContextOffset.StackHeight);
        if (_stackCost > limit)
        {
            _asm.JumpToSegment(_layout.Trap(TrapCode.StackLimit));
        }
        else if (!_countsInMemory)
        {
            // Nothing reads the height before this function returns.
            _asm.Cmp(Width.W32, height, (int)(limit - _stackCost));
            TrapIf(Condition.Above, TrapCode.StackLimit);
        }
        else
        {
            _asm.Move(Width.W32, Register.Rax, height);
            _asm.Add(Width.W32, Register.Rax, (int)_stackCost);
            _asm.Cmp(Width.W32, Register.Rax, (int)limit);
            TrapIf(Condition.Above, TrapCode.StackLimit);
            _asm.Move(Width.W32, height, Register.Rax);
        }
    }

    /// <summary>Clears the locals that may be read before they are set. The others stay uninitialised: nothing reads their initial value.</summary>
    private void ClearLocals()
    {
        foreach (int local in _uses.Assignment.Exposed)
        {
            if (_frame.RegisterOf(local) != Register.None)
            {
                _asm.Xor(Width.W32, _frame.RegisterOf(local), _frame.RegisterOf(local));
            }
        }

        _asm.Reserve();
        Address start = new(Register.Rsp, _frame.LocalsAt);
        if (_frame.ClearedCount == 1)
        {
            _asm.Store(Width.W64, in start, 0);
        }
        else if (_frame.ClearedCount > 1)
        {
            ClearRange(start, 8 * _frame.ClearedCount);
        }
    }

    /// <summary>Clears a range of the frame with vector stores.</summary>
    private void ClearRange(Address start, int bytes)
    {
        int iteration = _clearedAtOnce << UnrolledShift;
        if (_clearedAtOnce > NarrowVector)
        {
            _asm.ClearFirst();
        }
        else
        {
            _asm.Xor(Zero, Zero);
        }

        if (bytes > MaxVectorsOneByOne * _clearedAtOnce)
        {
            Register cursor = Register.Rax;
            Register count = Register.Rcx;
            _asm.Lea(Width.W64, cursor, in start);
            _asm.Constant(count, (ulong)(bytes / iteration));
            int loop = _asm.Position;
            _ = ClearVectors(new Address(cursor, 0), 0, iteration, _clearedAtOnce);
            _asm.Add(Width.W64, cursor, iteration);
            _asm.Sub(Width.W32, count, 1);
            _asm.JumpBackIf(Condition.NotEqual, loop);
            start = new Address(cursor, 0);
            bytes %= iteration;
        }

        int cleared = ClearVectors(start, 0, bytes, _clearedAtOnce);
        cleared = ClearVectors(start, cleared, bytes, NarrowVector);
        if (cleared < bytes)
        {
            _asm.Store(Width.W64, new Address(start.Base, start.Displacement + cleared), 0);
        }
    }

    /// <summary>Clears all whole vectors of a range, from an offset; returns the offset after them.</summary>
    private int ClearVectors(Address start, int from, int to, int size)
    {
        for (; to - from >= size; from += size)
        {
            _asm.MoveVector(size, new Address(start.Base, start.Displacement + from), Zero);
        }

        return from;
    }

    private void Finish()
    {
        _asm.Reserve();
        int frame = _frame.OperandsAt + (8 * _stack.Deepest);

        // Above the frame are the return address and the saved registers; the total must be a multiple of 16 for callees.
        int above = 8 * (_frame.SavedCount + 1);
        if (_countsInMemory)
        {
            frame = ((frame + above + 15) & -16) - above;
        }

        if (frame == 0)
        {
            // A 7-byte nop in place of the subtraction: its operand has a 4-byte displacement.
            _asm.Patch(_frameSizeAt - 3, 0x00801f0f);
            _asm.Patch(_frameSizeAt, 0);
        }
        else
        {
            _asm.Patch(_frameSizeAt, frame);
        }

        _asm.CompleteFixUps(frame + above);
        if (_stackCost != 0 && _countsInMemory)
        {
            _asm.Sub(Width.W32, CallingConvention.ContextField(ContextOffset.StackHeight), (int)_stackCost);
        }

        if (frame != 0)
        {
            _asm.Add(Width.W64, Register.Rsp, frame);
        }

        for (int i = _frame.SavedCount - 1; i >= 0; i--)
        {
            _asm.Pop(CallingConvention.Locals[i]);
        }

        _asm.Return();
    }
}
