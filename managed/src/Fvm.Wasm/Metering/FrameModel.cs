// The reference's machine stack, function by function.
using Fvm.Wasm.Binary;
using Fvm.Wasm.Module;
using Fvm.Wasm.Validation;

namespace Fvm.Wasm.Metering;

/// <summary>
/// How many bytes of the machine's stack a function takes in the reference, which gives each instance 4 MiB of it besides the limiter's
/// count (engine: <c>max_wasm_stack</c>). A function with hundreds of locals that are needed at the same time ends there before the
/// limiter's 2,048. The frame is that of Cranelift on x86-64: 8 bytes for each integer and 16 for each floating-point number that has to
/// be kept, return address and frame pointer, and arguments past those that registers pass. Every metered block begins with a call, which
/// charges gas, so nothing but the saved registers survives in registers, and those are saved in the frame. Linear in the function's size.
/// </summary>
internal sealed class FrameModel
{
    /// <summary>What an instance may take, in bytes, less what the reference's own entry has taken by then.</summary>
    public const int Limit = (4 << 20) - EntryBytes;

    /// <summary>
    /// Bytes of an engine's own frame for each byte of the model's, at most: the model counts no function for less. An engine whose frames
    /// take up to 8 bytes for each local, operand and <see cref="SlackSlots"/> never needs more than this many times <see cref="Limit"/>.
    /// </summary>
    public const int EngineRatio = 64;

    /// <summary>Slots of an engine's frame besides locals and operands.</summary>
    public const int SlackSlots = 64;

    private const int EntryBytes = 512;
    private const int IntegerBytes = 8;
    private const int FloatBytes = 16;

    // Return address and frame pointer; the instance's pointer, and what is rounded up.
    private const int LinkBytes = 16;
    private const int FixedBytes = 24;
    private const int IntegerArguments = 4;
    private const int FloatArguments = 8;

    // What a function without many locals takes at most for each value that the limiter counts.
    private const int PaidBytes = 2048;
    private const int SlackBytes = 512;

    private readonly WasmModule _module;
    private readonly FrameValues _values = new();
    private readonly LocalTypes _types = new();
    private Local[] _locals = [];
    private int _generation;
    private readonly List<int> _loopEnds = [];
    private readonly Stack<int> _openLoops = new();
    private SetEvent[] _sets = new SetEvent[64];
    private int _setCount;
    private int[] _stack = new int[64];
    private int _height;
    private Block[] _blocks = new Block[16];
    private int _depth;
    private bool _reachable;
    private int _nextLoop;
    private int _arguments;
    private int _parameters;

    public FrameModel(WasmModule module) => _module = module;

    /// <summary>
    /// Whether a function might take more than the limiter's count allows it: 4 MiB by 2,048. If none of a module does, none of its chains of
    /// calls reaches the 4 MiB first, and no frame has to be counted.
    /// </summary>
    public static bool IsLarge(WasmModule module, FunctionBody body, uint stackCost) =>
        RawBytes(module, body) + (2L * FloatBytes * stackCost) + SlackBytes > (long)PaidBytes * stackCost;

    /// <summary>Whether a function might be large, by its locals alone.</summary>
    public static bool MayBeLarge(WasmModule module, FunctionBody body) => RawBytes(module, body) > PaidBytes;

    /// <summary>The bytes of the frame of a function that the module defines.</summary>
    public int BytesOf(FunctionBody body, uint stackCost)
    {
        FunctionType type = _module.Types[body.TypeIndex];
        long slots = (long)type.Parameters.Length + body.LocalCount + (2L * stackCost) + SlackSlots;
        int least = (int)Math.Min(slots * sizeof(ulong) / EngineRatio, Limit) + LinkBytes;
        Walk(body, type);
        (int integers, int floats) = _values.Most();
        long frame = FixedBytes + ((long)IntegerBytes * integers) + ((long)FloatBytes * floats);
        frame = ((frame + 15) & ~15L) + ((_arguments + 15) & ~15L) + LinkBytes;
        return (int)Math.Min(Math.Max(frame, least), 2L * Limit);
    }

    private static long RawBytes(WasmModule module, FunctionBody body)
    {
        long bytes = 0;
        foreach (ValueKind parameter in module.Types[body.TypeIndex].Parameters)
        {
            bytes += BytesOf(parameter);
        }

        foreach (LocalGroup group in body.LocalGroups)
        {
            bytes += group.Count * BytesOf(group.Type);
        }

        return bytes;
    }

    private static long BytesOf(ValueKind type) => IsFloat(type) ? FloatBytes : IntegerBytes;

    private static bool IsFloat(ValueKind type) => type is ValueKind.F32 or ValueKind.F64;

    private void Walk(FunctionBody body, FunctionType type)
    {
        int locals = type.Parameters.Length + body.LocalCount;
        if (_locals.Length < locals)
        {
            _locals = new Local[locals];
            _generation = 0;
        }

        _generation++;
        _parameters = type.Parameters.Length;
        _types.Reset(type.Parameters, body.LocalGroups);
        int instructions = LookAhead(body);
        _values.Reset(instructions);
        _height = 0;
        _depth = 0;
        _nextLoop = 0;
        _arguments = 0;
        _reachable = true;
        Open(BlockKind.Block, type.Result);
        int skipped = 0;
        InstructionReader reader = new(_module.Bytes.Span, body);
        while (reader.MoveNext())
        {
            _values.At++;
            if (reader.Opcode == Opcode.Loop)
            {
                _nextLoop++;
            }

            if (_reachable)
            {
                Step(in reader, type);
                continue;
            }

            // Code that nothing reaches is not translated.
            switch (reader.Opcode)
            {
                case Opcode.Block or Opcode.Loop or Opcode.If:
                    skipped++;
                    break;
                case Opcode.Else when skipped == 0:
                    Else();
                    break;
                case Opcode.End when skipped == 0:
                    End();
                    break;
                case Opcode.End:
                    skipped--;
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Finds where loops end and where locals are set.</summary>
    private int LookAhead(FunctionBody body)
    {
        _loopEnds.Clear();
        _openLoops.Clear();
        _setCount = 0;
        int at = 0;
        InstructionReader reader = new(_module.Bytes.Span, body);
        while (reader.MoveNext())
        {
            at++;
            switch (reader.Opcode)
            {
                case Opcode.Loop:
                    _openLoops.Push(_loopEnds.Count);
                    _loopEnds.Add(0);
                    break;
                case Opcode.Block or Opcode.If:
                    _openLoops.Push(-1);
                    break;
                case Opcode.End when _openLoops.TryPop(out int loop) && loop >= 0:
                    _loopEnds[loop] = at;
                    break;
                case Opcode.LocalSet or Opcode.LocalTee:
                    AddSet(ref LocalAt((int)reader.Index), at);
                    break;
                default:
                    break;
            }
        }

        return at;
    }

    private void AddSet(ref Local local, int at)
    {
        if (_setCount == _sets.Length)
        {
            Array.Resize(ref _sets, 2 * _setCount);
        }

        _sets[_setCount] = new SetEvent { At = at, Next = -1 };
        if (local.NextSet < 0)
        {
            local.NextSet = _setCount;
        }
        else
        {
            _sets[local.LastSet].Next = _setCount;
        }

        local.LastSet = _setCount++;
    }

    private ref Local LocalAt(int index)
    {
        ref Local local = ref _locals[index];
        if (local.Generation != _generation)
        {
            local = new Local { Generation = _generation, Value = -1, NextSet = -1 };
        }

        return ref local;
    }

    private void Step(in InstructionReader reader, FunctionType type)
    {
        Opcode opcode = reader.Opcode;
        switch (opcode)
        {
            case Opcode.Nop:
                return;
            case Opcode.Unreachable:
                _reachable = false;
                return;
            case Opcode.Drop:
                _height--;
                return;
            case Opcode.I32Const or Opcode.I64Const or Opcode.F32Const or Opcode.F64Const:
                Push(_values.ConstantOf((int)opcode, reader.Constant, opcode is Opcode.F32Const or Opcode.F64Const));
                return;
            case Opcode.LocalGet:
                Push(Get((int)reader.Index));
                return;
            case Opcode.LocalSet:
                Set((int)reader.Index, Pop());
                return;
            case Opcode.LocalTee:
                Set((int)reader.Index, _stack[_height - 1]);
                return;
            case Opcode.Select:
                int condition = Pop();
                int second = Pop();
                int first = Pop();
                Push(_values.Pure((int)opcode, _values.IsFloat(first), false, first, second, condition));
                return;
            case Opcode.Block:
                Open(BlockKind.Block, reader.BlockType);
                return;
            case Opcode.Loop:
                Open(BlockKind.Loop, reader.BlockType);
                _values.EnterLoop(_loopEnds[_nextLoop - 1]);
                _values.Boundary++;
                return;
            case Opcode.If:
                _values.Use(Pop());
                Open(BlockKind.If, reader.BlockType);
                _values.Boundary++;
                return;
            case Opcode.Else:
                Else();
                return;
            case Opcode.End:
                End();
                return;
            case Opcode.Br:
                BranchTo((int)reader.Index);
                _reachable = false;
                return;
            case Opcode.BrIf:
                _values.Use(Pop());
                BranchTo((int)reader.Index);
                _values.Boundary++;
                return;
            case Opcode.BrTable:
                _values.Use(Pop());
                BranchTargets targets = reader.Targets;
                while (targets.MoveNext())
                {
                    BranchTo((int)targets.Current);
                }

                _reachable = false;
                return;
            case Opcode.Return:
                if (type.Result != ValueKind.Empty)
                {
                    _values.Use(Pop());
                }

                _reachable = false;
                return;
            case Opcode.Call:
                Call(_module.TypeOf((int)reader.Index));
                return;
            case Opcode.CallIndirect:
                _values.Use(Pop());
                Call(_module.Types[(int)reader.Index]);
                return;
            case Opcode.GlobalGet:
                Load((int)opcode, -1, reader.Index, IsFloat(_module.Globals[(int)reader.Index].Type.Type));
                return;
            case Opcode.GlobalSet:
                _values.Use(Pop());
                _values.Boundary++;
                return;
            default:
                Operate(in reader, Opcodes.Of(opcode));
                return;
        }
    }

    /// <summary>Operations whose operands the table lists.</summary>
    private void Operate(in InstructionReader reader, OpcodeInfo info)
    {
        bool isFloat = info.Pushes.Length > 0 && IsFloat(OpcodeInfo.TypeOf(info.Pushes[0]));
        if (info.Metering == MeteringClass.Load)
        {
            Load((int)info.Opcode, Pop(), reader.MemoryOffset, isFloat);
            return;
        }

        if (info.Metering == MeteringClass.Math && !MayTrap(info.Opcode))
        {
            int second = info.Pops.Length > 1 ? Pop() : -1;
            Push(_values.Pure((int)info.Opcode, isFloat, IsCheap(info.Opcode), Pop(), second));
            return;
        }

        for (int i = 0; i < info.Pops.Length; i++)
        {
            _values.Use(Pop());
        }

        if (info.Metering != MeteringClass.Math)
        {
            _values.Boundary++;
        }

        if (info.Pushes.Length > 0)
        {
            Push(_values.Root(isFloat, _values.At));
        }
    }

    /// <summary>What is loaded from the same place, with nothing between that may have written, is loaded once.</summary>
    private void Load(int operation, int address, uint offset, bool isFloat)
    {
        int boundary = _values.Boundary;
        if (_values.TryFind(operation, address, boundary, offset, out int value))
        {
            Push(value);
            return;
        }

        if (address >= 0)
        {
            _values.Use(address);
        }

        value = _values.Root(isFloat, _values.At);
        _values.Name(operation, address, boundary, offset, value);
        Push(value);
    }

    private void Call(FunctionType type)
    {
        int integers = 0;
        int floats = 0;
        for (int i = 0; i < type.Parameters.Length; i++)
        {
            _ = IsFloat(type.Parameters[i]) ? floats++ : integers++;
            _values.Use(Pop());
        }

        int onStack = Math.Max(integers - IntegerArguments, 0) + Math.Max(floats - FloatArguments, 0);
        _arguments = Math.Max(_arguments, sizeof(ulong) * onStack);
        _values.Boundary++;
        if (type.Result != ValueKind.Empty)
        {
            Push(_values.Root(IsFloat(type.Result), _values.At));
        }
    }

    private int Get(int index)
    {
        ref Local local = ref LocalAt(index);
        bool isFloat = IsFloat(_types[index]);
        if (local.Value < 0)
        {
            bool isParameter = index < _parameters;
            local.Value = isParameter ? _values.Root(isFloat, 0) : isFloat ? FrameValues.FloatZero : FrameValues.Zero;
        }

        // Set on some of the paths that have met since: a value of its own from there on.
        if (_values.TryFindMerge(local.SetAt, out int merged))
        {
            _values.UseAt(local.Value, merged);
            local.Value = _values.Root(isFloat, merged);
            local.SetAt = merged;
        }

        // Set in a loop around this, further on: a value of its own in each turn.
        if (_values.TryFindLoop(local.SetAt, out int start, out int end))
        {
            SkipSets(ref local);
            if (local.NextSet >= 0 && _sets[local.NextSet].At < end)
            {
                _values.UseAt(local.Value, start);
                local.Value = _values.Root(isFloat, start);
                local.SetAt = start;
                local.CarriedTo = end;
            }
        }

        return local.Value;
    }

    private void Set(int index, int value)
    {
        ref Local local = ref LocalAt(index);
        local.Value = value;
        local.SetAt = _values.At;

        // The next turn of the loop begins with what is set last.
        SkipSets(ref local);
        if (_values.At < local.CarriedTo && (local.NextSet < 0 || _sets[local.NextSet].At >= local.CarriedTo))
        {
            _values.UseAt(value, local.CarriedTo);
        }
    }

    /// <summary>Finds the first instruction after this one that sets a local.</summary>
    private void SkipSets(ref Local local)
    {
        while (local.NextSet >= 0 && _sets[local.NextSet].At <= _values.At)
        {
            local.NextSet = _sets[local.NextSet].Next;
        }
    }

    private void Open(BlockKind kind, ValueKind result)
    {
        if (_depth == _blocks.Length)
        {
            Array.Resize(ref _blocks, 2 * _depth);
        }

        _blocks[_depth++] = new Block { Kind = kind, Result = result, Start = _values.At, Height = _height };
    }

    private void BranchTo(int label)
    {
        ref Block target = ref _blocks[_depth - 1 - label];
        target.IsTarget = true;
        if (target.Kind != BlockKind.Loop && target.Result != ValueKind.Empty)
        {
            _values.Use(_stack[_height - 1]);
        }
    }

    private void Else()
    {
        ref Block block = ref _blocks[_depth - 1];
        FinishArm(ref block);
        _values.Merge(block.Start);
        _values.Boundary++;
        block.Kind = BlockKind.Else;
        block.IsTarget |= _reachable;
        block.Start = _values.At;
        _height = block.Height;
        _reachable = true;
    }

    private void End()
    {
        Block block = _blocks[--_depth];
        if (block.Kind == BlockKind.Loop)
        {
            _values.LeaveLoop();
        }

        if (_depth == 0)
        {
            FinishArm(ref block);
            return;
        }

        // A block that nothing branches out of is no block of machine code.
        bool merges = block.Kind == BlockKind.If || (block.Kind != BlockKind.Loop && block.IsTarget);
        if (!merges && _reachable)
        {
            return;
        }

        FinishArm(ref block);
        _reachable |= merges;
        _height = block.Height;
        if (!_reachable)
        {
            return;
        }

        _values.Merge(block.Start);
        _values.Boundary++;
        if (block.Result != ValueKind.Empty)
        {
            Push(_values.Root(IsFloat(block.Result), _values.At));
        }
    }

    private void FinishArm(ref Block block)
    {
        if (_reachable && block.Result != ValueKind.Empty)
        {
            _values.Use(Pop());
        }
    }

    private void Push(int value)
    {
        if (_height == _stack.Length)
        {
            Array.Resize(ref _stack, 2 * _height);
        }

        _stack[_height++] = value;
    }

    private int Pop() => _stack[--_height];

    private static bool MayTrap(Opcode opcode) => opcode is
        Opcode.I32DivS or Opcode.I32DivU or Opcode.I32RemS or Opcode.I32RemU or
        Opcode.I64DivS or Opcode.I64DivU or Opcode.I64RemS or Opcode.I64RemU or
        Opcode.I32TruncF32S or Opcode.I32TruncF32U or Opcode.I32TruncF64S or Opcode.I32TruncF64U or
        Opcode.I64TruncF32S or Opcode.I64TruncF32U or Opcode.I64TruncF64S or Opcode.I64TruncF64U;

    private static bool IsCheap(Opcode opcode) => opcode is
        Opcode.I32Add or Opcode.I32Sub or Opcode.I32And or Opcode.I32Or or Opcode.I32Xor or
        Opcode.I64Add or Opcode.I64Sub or Opcode.I64And or Opcode.I64Or or Opcode.I64Xor;

    private enum BlockKind : byte
    {
        Block,
        Loop,
        If,
        Else,
    }

    private struct Block
    {
        public BlockKind Kind;
        public ValueKind Result;
        public bool IsTarget;
        public int Start;
        public int Height;
    }

    private struct Local
    {
        public int Generation;
        public int Value;
        public int SetAt;
        public int CarriedTo;
        public int NextSet;
        public int LastSet;
    }

    private struct SetEvent
    {
        public int At;
        public int Next;
    }
}
