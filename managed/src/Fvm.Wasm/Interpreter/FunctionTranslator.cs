namespace Fvm.Wasm;

/// <summary>
/// Translates one function at a time to internal code, in one pass and in time linear in its size. Operands get fixed slots (parameters,
/// locals, then one per height of the stack), which removes most stack traffic: a read of a local or constant writes no code until its
/// use, and a result goes directly to the local that receives it.
/// </summary>
internal sealed partial class FunctionTranslator
{
    /// <summary>Maximum depth of operands left in locals: bounds the search when a local is overwritten.</summary>
    private const int LazyWindow = 64;

    private const int CompactionThreshold = 64;

    private readonly WasmModule _module;
    private readonly ModuleMetering? _metering;
    private readonly int[] _typeIds;
    private readonly CodeBuffer _code = new();
    private SlotOperand[] _stack = new SlotOperand[64];
    private int _count;
    private int _lazyFloor;
    private int[] _slots = [];
    private int[] _reads = [];
    private int _localSlots;
    private int _maxSlot;
    private bool _hasResult;
    private bool _unreachable;
    private int _deadBlocks;

    public FunctionTranslator(WasmModule module, ModuleMetering? metering, int[] typeIds)
    {
        _module = module;
        _metering = metering;
        _typeIds = typeIds;
    }

    /// <summary>The code of the function translated last.</summary>
    public ReadOnlySpan<Instruction> Code => _code.Words;

    /// <summary>Frame size, in slots, of the function translated last, or -1 if it exceeds the range of slot numbers.</summary>
    public int FrameSlots => _maxSlot > ushort.MaxValue ? -1 : _maxSlot + 1;

    /// <summary>Number of slots to clear on entry, after the parameters.</summary>
    public int ClearedSlots { get; private set; }

    /// <summary>Translates a defined function of the index space.</summary>
    public void Translate(int function)
    {
        FunctionBody body = _module.BodyOf(function);
        FunctionType type = _module.Types[body.TypeIndex];
        _code.Clear();
        _count = 0;
        _lazyFloor = 0;
        _unreachable = false;
        _deadBlocks = 0;
        _hasResult = type.Result != ValueKind.Empty;
        AssignLocals(body, type.Parameters.Length);
        _labelCount = 0;
        PushLabel(Opcode.Block, _hasResult);

        FunctionMetering? metering = _metering?.Of(function);
        ReadOnlySpan<BlockCharge> charges = metering is null ? default : metering.Blocks;
        ReadOnlySpan<LinearCharge> linear = metering is null ? default : metering.Linear;
        InstructionReader instruction = new(_module.Bytes.Span, body);
        while (instruction.MoveNext())
        {
            if (_unreachable)
            {
                SkipUnreachable(ref instruction);
                continue;
            }

            while (!charges.IsEmpty && charges[0].Offset <= instruction.Offset)
            {
                if (charges[0].Offset == instruction.Offset)
                {
                    WriteCharge(charges[0].Cost);
                }

                charges = charges[1..];
            }

            while (!linear.IsEmpty && linear[0].Offset <= instruction.Offset)
            {
                if (linear[0].Offset == instruction.Offset)
                {
                    _code.EffectWide(IrOp.ChargeLinear, SlotOf(_count - 1), (int)linear[0].UnitCost);
                }

                linear = linear[1..];
            }

            Translate(ref instruction);
        }
    }

    private void WriteCharge(ulong cost)
    {
        if (cost <= uint.MaxValue)
        {
            _code.EffectWide(IrOp.Charge, 0, (int)(uint)cost);
        }
        else
        {
            _code.Effect(IrOp.ChargeLong);
            _code.Word(cost);
        }
    }

    /// <summary>
    /// Assigns slots to locals. With many declared locals, only those named in the code get one: clearing the others at each call would let
    /// a tiny function take time without paying gas.
    /// </summary>
    private void AssignLocals(FunctionBody body, int parameters)
    {
        int locals = parameters + body.LocalCount;
        if (_slots.Length < locals)
        {
            _slots = new int[Math.Max(locals, _slots.Length * 2)];
        }

        if (body.LocalCount <= CompactionThreshold)
        {
            for (int i = 0; i < locals; i++)
            {
                _slots[i] = i;
            }

            _localSlots = locals;
        }
        else
        {
            _localSlots = CompactLocals(body, parameters, locals);
        }

        ClearedSlots = _localSlots - parameters;
        if (_reads.Length < _localSlots)
        {
            _reads = new int[Math.Max(_localSlots, _reads.Length * 2)];
        }

        _reads.AsSpan(0, _localSlots).Clear();

        // A call needs a slot for its result even without arguments; so does the function's own result.
        _maxSlot = _localSlots + 1;
    }

    private int CompactLocals(FunctionBody body, int parameters, int locals)
    {
        Span<int> slots = _slots.AsSpan(0, locals);
        slots.Fill(-1);
        int next = 0;
        for (; next < parameters; next++)
        {
            slots[next] = next;
        }

        InstructionReader instruction = new(_module.Bytes.Span, body);
        while (instruction.MoveNext())
        {
            if (instruction.Opcode is Opcode.LocalGet or Opcode.LocalSet or Opcode.LocalTee && slots[(int)instruction.Index] < 0)
            {
                slots[(int)instruction.Index] = next++;
            }
        }

        return next;
    }

    private void Translate(ref InstructionReader instruction)
    {
        Opcode opcode = instruction.Opcode;
        switch (instruction.Traits.Family)
        {
            case OpcodeFamily.Local:
                TranslateLocal(in instruction);
                break;
            case OpcodeFamily.Constant:
                Push(new SlotOperand(SlotOperandKind.Constant, 0, instruction.Constant));
                break;
            case OpcodeFamily.Load:
                TranslateLoad(opcode, instruction.MemoryOffset);
                break;
            case OpcodeFamily.Store:
                TranslateStore(opcode, instruction.MemoryOffset);
                break;
            case OpcodeFamily.IntegerComparison or OpcodeFamily.FloatComparison or OpcodeFamily.IntegerBinary or OpcodeFamily.FloatBinary:
                TranslateBinary(in instruction);
                break;
            case OpcodeFamily.IntegerUnary or OpcodeFamily.FloatUnary or OpcodeFamily.Truncation or OpcodeFamily.Conversion:
                TranslateUnary(instruction.Traits.Has(OpcodeFlags.Saturates)
                    ? IrOp.I32TruncSatF32S + (ushort)(opcode - Opcode.I32TruncSatF32S)
                    : (IrOp)opcode);
                break;
            case OpcodeFamily.IntegerTest:
                TranslateIsZero(opcode);
                break;
            case OpcodeFamily.Reinterpretation:
                // A slot holds the zero-extended bits of any type.
                break;
            case OpcodeFamily.Global when opcode == Opcode.GlobalGet:
                _code.ResultWide(IrOp.GlobalGet, PushTemporary(), (int)instruction.Index);
                break;
            case OpcodeFamily.Global when opcode == Opcode.GlobalSet:
                _code.EffectWide(IrOp.GlobalSet, PopSlot(), (int)instruction.Index);
                break;
            case OpcodeFamily.Parametric when opcode == Opcode.Drop:
                Pop();
                break;
            case OpcodeFamily.Parametric when opcode == Opcode.Select:
                TranslateSelect();
                break;
            case OpcodeFamily.Control:
                TranslateControl(ref instruction);
                break;
            case OpcodeFamily.Memory or OpcodeFamily.Table:
                TranslateBulk(ref instruction);
                break;
            default:
                throw NoCode(opcode);
        }
    }

    private static InvalidOperationException NoCode(Opcode opcode) => new($"no code for {opcode}");

    private void TranslateLocal(in InstructionReader instruction)
    {
        int slot = _slots[(int)instruction.Index];
        if (instruction.Opcode != Opcode.LocalGet)
        {
            SetLocal(slot);
        }

        if (instruction.Opcode != Opcode.LocalSet)
        {
            PushLocal(slot);
        }
    }
}
