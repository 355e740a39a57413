namespace Fvm.Wasm;

/// <summary>
/// The frame: from the stack pointer up arguments of calls, used locals without register, operands, then the saved registers and the return
/// address. How much room operands need is known at the end, so the frame's size is written then.
/// </summary>
internal sealed partial class FunctionCompiler
{
    /// <summary>A local with fewer uses stays in the frame: saving a register costs as much.</summary>
    private const uint MinimumWeight = 3;

    /// <summary>Bytes of a vector that clears locals.</summary>
    private const int Vector = 16;

    /// <summary>Vectors of one iteration where locals are cleared in a loop, as a power of two.</summary>
    private const int UnrolledShift = 2;

    /// <summary>More vectors than this are cleared in a loop.</summary>
    private const int MaxVectorsOneByOne = 16;

    /// <summary>
    /// Bytes that a function without calls may take below the limit of the stack without looking: a small part of what is reserved there for
    /// the host, which such a function does not call.
    /// </summary>
    private const int MaxUncheckedFrame = 4096;

    private readonly LocalTypes _localTypes = new();

    /// <summary>The locals that have registers, in the order of <see cref="Convention.Locals"/>.</summary>
    private readonly int[] _inRegisters = new int[Convention.Locals.Length];

    /// <summary>The register of each local, or none.</summary>
    private Register[] _homes = [];

    /// <summary>The place of each used local in the frame, if it needs one: first those that are cleared.</summary>
    private int[] _places = [];
    private int _clearedCount;
    private int _placeCount;
    private int _parameters;
    private int _localsAt;
    private int _operandsAt;
    private int _savedCount;
    private int _frameSizeAt;
    private uint _stackCost;
    private bool _countsInMemory;

    private void Begin(int function, FunctionBody body, uint stackCost)
    {
        FunctionType type = _module.TypeOf(function);
        _parameters = type.Parameters.Length;
        int locals = _parameters + body.LocalCount;
        ResetOperands();
        EnsureLocals(locals);
        _localTypes.Reset(type.Parameters, body.LocalGroups);
        _uses.Count(_module, body, _parameters, locals);
        AssignRegisters();
        AssignPlaces();

        _asm.Reset();
        _asm.Reserve();
        ResetControl(type.Result);
        ForgetWay();
        _stackCost = stackCost;
        _countsInMemory = _uses.MaxArguments >= 0;
        _localsAt = 8 * Math.Max(_uses.MaxArguments, _uses.MaxArguments < 0 ? 0 : 1);
        _repetitionsAt = _localsAt + (8 * _placeCount);
        _repetitions = 0;
        _operandsAt = _repetitionsAt + (_uses.Loops.Any ? 8 * MaxRepetitions : 0);
        _reachable = true;
        Prologue();
    }

    /// <summary>Makes room for locals. What a function declares and does not use costs no time.</summary>
    private void EnsureLocals(int locals)
    {
        foreach (int local in _inRegisters.AsSpan(0, _savedCount))
        {
            _homes[local] = Register.None;
        }

        if (_homes.Length < locals)
        {
            _homes = new Register[Math.Max(locals, 2 * _homes.Length)];
            Array.Fill(_homes, Register.None);
            _pending = new int[_homes.Length];
            _places = new int[_homes.Length];
        }
    }

    /// <summary>Gives registers to the locals that are used most.</summary>
    private void AssignRegisters()
    {
        ReadOnlySpan<Register> registers = Convention.Locals;
        Span<int> best = _inRegisters;
        ReadOnlySpan<uint> weights = _uses.Weights;
        _savedCount = 0;
        foreach (int local in _uses.Used)
        {
            uint weight = weights[local];
            if (weight < MinimumWeight || _uses.Assignment.IsZero(local) || (_savedCount == best.Length && weights[best[^1]] >= weight))
            {
                continue;
            }

            int at = Math.Min(_savedCount, best.Length - 1);
            for (; at > 0 && weights[best[at - 1]] < weight; at--)
            {
                best[at] = best[at - 1];
            }

            best[at] = local;
            _savedCount = Math.Min(_savedCount + 1, best.Length);
        }

        for (int i = 0; i < _savedCount; i++)
        {
            _homes[best[i]] = registers[i];
        }
    }

    /// <summary>Gives places in the frame to the locals that need one: what a function declares and does not use takes no room.</summary>
    private void AssignPlaces()
    {
        _placeCount = 0;
        foreach (int local in _uses.Assignment.Exposed)
        {
            if (NeedsPlace(local))
            {
                _places[local] = _placeCount++;
            }
        }

        _clearedCount = _placeCount;
        foreach (int local in _uses.Used)
        {
            if (NeedsPlace(local) && !_uses.Assignment.IsExposed(local))
            {
                _places[local] = _placeCount++;
            }
        }
    }

    private bool NeedsPlace(int local) => local >= _parameters && _homes[local] == Register.None && !_uses.Assignment.IsZero(local);

    private Address AddressOfLocal(int local) => local < _parameters
        ? Address.Incoming(8 * local)
        : new Address(Register.Rsp, _localsAt + (8 * _places[local]));

    private void Prologue()
    {
        for (int i = 0; i < _savedCount; i++)
        {
            _asm.Push(Convention.Locals[i]);
        }

        // A size that stands for the final one, so that the long form is written.
        _asm.Sub(Width.W64, Register.Rsp, int.MaxValue);
        _frameSizeAt = _asm.Position - sizeof(int);
        if (_countsInMemory || _operandsAt + (8L * (_end - _start)) > MaxUncheckedFrame)
        {
            _asm.Cmp(Width.W64, Register.Rsp, Convention.ContextField(ContextOffset.HostStackLimit));
            TrapIf(Condition.Below, TrapCode.HostStackOverflow);
        }

        CountFrame();
        for (int local = 0; local < _parameters; local++)
        {
            if (_homes[local] != Register.None)
            {
                _asm.Reserve();
                _asm.Move(Widths.Of(_localTypes[local]), _homes[local], AddressOfLocal(local));
            }
        }

        ClearLocals();
    }

    /// <summary>Adds the function's cost to the height of the limited stack, and traps past the limit.</summary>
    private void CountFrame()
    {
        if (_stackCost == 0)
        {
            return;
        }

        uint limit = _metering!.MaxStackHeight;
        Address height = Convention.ContextField(ContextOffset.StackHeight);
        if (_stackCost > limit)
        {
            _asm.JumpOutside(_layout.Trap(TrapCode.StackLimit));
        }
        else if (!_countsInMemory)
        {
            // Nobody looks at the height before this function returns.
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

    /// <summary>Clears the locals that may be read before they are set. All others are left as they are: nothing reads them.</summary>
    private void ClearLocals()
    {
        foreach (int local in _uses.Assignment.Exposed)
        {
            if (_homes[local] != Register.None)
            {
                _asm.Xor(Width.W32, _homes[local], _homes[local]);
            }
        }

        _asm.Reserve();
        Address start = new(Register.Rsp, _localsAt);
        if (_clearedCount == 1)
        {
            _asm.Store(Width.W64, in start, 0);
        }
        else if (_clearedCount > 1)
        {
            ClearRange(start, 8 * _clearedCount);
        }
    }

    /// <summary>Clears a range of the frame by vectors.</summary>
    private void ClearRange(Address start, int bytes)
    {
        const Xmm Zero = Xmm.Xmm0;
        const int Iteration = Vector << UnrolledShift;
        _asm.Xor(Zero, Zero);
        if (bytes > MaxVectorsOneByOne * Vector)
        {
            Register cursor = Register.Rax;
            Register count = Register.Rcx;
            _asm.Lea(Width.W64, cursor, in start);
            _asm.Constant(count, (ulong)(bytes / Iteration));
            int loop = _asm.Position;
            for (int at = 0; at < Iteration; at += Vector)
            {
                _asm.MoveVector(Vector, new Address(cursor, at), Zero);
            }

            _asm.Add(Width.W64, cursor, Iteration);
            _asm.Sub(Width.W32, count, 1);
            _asm.JumpBackIf(Condition.NotEqual, loop);
            start = new Address(cursor, 0);
            bytes %= Iteration;
        }

        int cleared = 0;
        for (; bytes - cleared >= Vector; cleared += Vector)
        {
            _asm.MoveVector(Vector, new Address(start.Base, start.Displacement + cleared), Zero);
        }

        if (cleared < bytes)
        {
            _asm.Store(Width.W64, new Address(start.Base, start.Displacement + cleared), 0);
        }
    }

    private void Finish()
    {
        _asm.Reserve();
        int frame = _operandsAt + (8 * _deepest);

        // The return address and the saved registers lie above the frame; together they must come to a multiple of 16 for whoever is called.
        int above = 8 * (_savedCount + 1);
        if (_countsInMemory)
        {
            frame = ((frame + above + 15) & -16) - above;
        }

        if (frame == 0)
        {
            // A nop of the subtraction's 7 bytes: with an operand that has a displacement of 4.
            _asm.Patch(_frameSizeAt - 3, 0x00801f0f);
            _asm.Patch(_frameSizeAt, 0);
        }
        else
        {
            _asm.Patch(_frameSizeAt, frame);
        }

        _asm.CompleteLate(frame + above);
        if (_stackCost != 0 && _countsInMemory)
        {
            _asm.Sub(Width.W32, Convention.ContextField(ContextOffset.StackHeight), (int)_stackCost);
        }

        if (frame != 0)
        {
            _asm.Add(Width.W64, Register.Rsp, frame);
        }

        for (int i = _savedCount - 1; i >= 0; i--)
        {
            _asm.Pop(Convention.Locals[i]);
        }

        _asm.Return();
    }
}
