namespace Fvm.Wasm;

/// <summary>
/// Compiles one function at a time, in one pass over its instructions, after a walk that finds the most used locals. Time and memory are linear
/// in the size of the body: each value of the operand stack is moved at most once, and searches are bounded by
/// <see cref="OperandStack.Window"/>. Not thread-safe.
/// <para>Code generation is lazy: a value stays in its location until it is used, so pushing a constant or local emits no code. At each block's
/// start the operand stack is spilled to the frame, so that all paths agree at control-flow merges; a block's result is passed in
/// <see cref="CallingConvention.Result"/>.</para>
/// </summary>
internal sealed partial class FunctionCompiler : IFunctionCompiler
{
    private readonly WasmModule _module;
    private readonly ModuleMetering? _metering;
    private readonly SegmentLayout _layout;
    private readonly InstanceLayout _instances;
    private readonly int[] _typeNumbers;
    private readonly int _clearedAtOnce;
    private readonly bool _hasAvx512;
    private readonly bool _stoppable;
    private readonly bool _isGuarded;
    private readonly Emitter _asm = new();
    private readonly LocalUses _uses = new();
    private readonly FrameLayout _frame = new();
    private readonly RegisterFile _registers = new();
    private readonly OperandStack _stack;
    private readonly ulong _minimumMemory;
    private bool _reachable;
    private int _skippedBlocks;
    private int _start;
    private int _end;

    /// <param name="module">A validated module.</param>
    /// <param name="metering">The module's metering; null for no gas charges and no stack limit.</param>
    /// <param name="layout">The positions of stubs and tables.</param>
    /// <param name="instances">The layout of instances.</param>
    /// <param name="typeNumbers">Per type of the module, a number shared by equal types.</param>
    /// <param name="options">What the code depends on.</param>
    public FunctionCompiler(
        WasmModule module, ModuleMetering? metering, SegmentLayout layout, InstanceLayout instances, int[] typeNumbers, CodeOptions options)
    {
        _module = module;
        _metering = metering;
        _layout = layout;
        _instances = instances;
        _typeNumbers = typeNumbers;
        _clearedAtOnce = Math.Min(options.VectorSize, WideVector);
        _hasAvx512 = options.VectorSize > WideVector;
        _stoppable = options.Stoppable;
        _isGuarded = options.IsGuarded;
        _stack = new OperandStack(_asm, _frame, _registers);
        _memoryLeft = new MemoryLeft(_registers);
        _minimumMemory = module.Memories.IsEmpty ? 0 : (ulong)module.Memories[0].Minimum << 16;
    }

    /// <inheritdoc/>
    public long WorkingMemory => _asm.Capacity;

    public void Dispose() => _asm.Dispose();

    /// <inheritdoc/>
    public IMachineCode Compile(int function, bool counted, List<InstructionPlace>? places = null)
    {
        FunctionBody body = _module.BodyOf(function);
        FunctionMetering? metering = _metering?.Of(function);
        ReadOnlySpan<BlockCharge> blocks = metering is null ? default : metering.Blocks;
        ReadOnlySpan<LinearCharge> linear = metering is null ? default : metering.Linear;
        int nextBlock = blocks.IsEmpty ? int.MaxValue : blocks[0].Offset;
        int nextLinear = linear.IsEmpty ? int.MaxValue : linear[0].Offset;
        int block = 0;
        int linearIndex = 0;

        _start = body.CodeStart;
        _end = body.CodeEnd;
        Begin(function, body, counted ? metering?.StackCost ?? 0 : 0);
        InstructionReader reader = new(_module.Bytes.Span, body);
        while (reader.MoveNext())
        {
            if (!_reachable)
            {
                SkipUnreachable(in reader);
                continue;
            }

            _asm.Reserve();
            places?.Add(new InstructionPlace(_asm.Position, reader.Offset));
            if (_stack.TopIsFlags && !reader.Traits.Has(OpcodeFlags.TakesFlags))
            {
                _stack.MaterializeFlags();
            }

            if (reader.Offset >= nextBlock)
            {
                while (blocks[block].Offset < reader.Offset && block < blocks.Length - 1)
                {
                    block++;
                }

                if (blocks[block].Offset == reader.Offset)
                {
                    Charge(blocks[block].Cost);
                }

                while (block < blocks.Length && blocks[block].Offset <= reader.Offset)
                {
                    block++;
                }

                nextBlock = block < blocks.Length ? blocks[block].Offset : int.MaxValue;
            }

            if (reader.Offset >= nextLinear)
            {
                for (; linearIndex < linear.Length && linear[linearIndex].Offset <= reader.Offset; linearIndex++)
                {
                    if (linear[linearIndex].Offset == reader.Offset)
                    {
                        ChargeLinear(linear[linearIndex].UnitCost);
                    }
                }

                nextLinear = linearIndex < linear.Length ? linear[linearIndex].Offset : int.MaxValue;
            }

            Translate(ref reader);
        }

        Finish();
        return _asm;
    }

    /// <summary>Subtracts the cost of a metered block.</summary>
    private void Charge(ulong cost)
    {
        if (cost <= int.MaxValue)
        {
            _asm.Sub(Width.W64, CallingConvention.Gas, (int)cost);
        }
        else
        {
            Register amount = _stack.Allocate();
            _asm.Constant(amount, cost);
            _asm.Sub(Width.W64, CallingConvention.Gas, amount);
            _registers.Free(amount);
        }

        TrapIf(Condition.Sign, TrapCode.OutOfGas);
    }

    /// <summary>Subtracts a cost that depends on the topmost operand.</summary>
    private void ChargeLinear(uint unitCost)
    {
        Operand operand = _stack.Pop();
        Register units = _stack.ToRegister(ref operand);
        Register amount = _stack.Allocate();
        _asm.Multiply(Width.W64, amount, units, (int)unitCost);
        _asm.Sub(Width.W64, CallingConvention.Gas, amount);
        _registers.Free(amount);
        TrapIf(Condition.Sign, TrapCode.OutOfGas);
        _stack.Push(operand);
    }

    private void TrapIf(Condition condition, TrapCode code) => _asm.JumpToSegmentIf(condition, _layout.Trap(code));

    private void Translate(ref InstructionReader reader)
    {
        switch (reader.Traits.Family)
        {
            case OpcodeFamily.Control:
                Control(ref reader);
                break;
            case OpcodeFamily.Parametric when reader.Opcode == Opcode.Drop:
                Drop();
                break;
            case OpcodeFamily.Parametric when reader.Opcode == Opcode.Select:
                Select();
                break;
            case OpcodeFamily.Local or OpcodeFamily.Global:
                Variable(in reader);
                break;
            case OpcodeFamily.Constant:
                _stack.PushConstant(reader.Traits.Result, reader.Constant);
                break;
            case OpcodeFamily.Load:
                Load(ref reader);
                break;
            case OpcodeFamily.Store:
                Store(reader.Traits.Bytes, reader.MemoryOffset);
                break;
            case OpcodeFamily.Memory or OpcodeFamily.Table when reader.Traits.Has(OpcodeFlags.NeedsRuntime):
                CallHelper(in reader);
                break;
            case OpcodeFamily.Memory or OpcodeFamily.Table:
                MemoryOrTable(in reader);
                break;
            case OpcodeFamily.IntegerTest:
                EqualsZero();
                break;
            case OpcodeFamily.IntegerComparison:
                Compare(in reader);
                break;
            case OpcodeFamily.FloatComparison:
                CompareFloats(reader.Opcode - (reader.Traits.IsWide ? Opcode.F64Eq : Opcode.F32Eq), Widths.Of(reader.Traits.IsWide));
                break;
            case OpcodeFamily.IntegerUnary:
                IntegerUnary(ref reader);
                break;
            case OpcodeFamily.IntegerBinary:
                IntegerBinary(ref reader);
                break;
            case OpcodeFamily.FloatUnary:
                FloatUnary(in reader);
                break;
            case OpcodeFamily.FloatBinary:
                FloatBinary(in reader);
                break;
            case OpcodeFamily.Truncation:
                Truncate(reader.Traits.Result, reader.Traits.Has(OpcodeFlags.Signed), reader.Traits.Has(OpcodeFlags.Saturates));
                break;
            case OpcodeFamily.Conversion:
                Convert(reader.Traits.Result, reader.Traits.Has(OpcodeFlags.Signed));
                break;
            case OpcodeFamily.Reinterpretation:
                Retype(reader.Traits.Result);
                break;
            default:
                throw NoCode(reader.Opcode);
        }
    }

    private static InvalidOperationException NoCode(Opcode opcode) => new($"no code for {opcode}");
}
