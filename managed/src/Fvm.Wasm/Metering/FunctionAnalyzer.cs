using System.Runtime.CompilerServices;

namespace Fvm.Wasm;

/// <summary>
/// Computes the result of the reference's two instrumentation passes, one function at a time. Both are followed to the letter, oddities
/// included, because the places of charges and the stack cost of a frame are consensus: <c>gas_metering/mod.rs</c> (metered blocks) and
/// <c>stack_limiter/max_height.rs</c> (heights). The stack limiter's bookkeeping around calls never starts or ends a metered block, so in
/// gas it is a surcharge on the call.
/// </summary>
internal sealed partial class FunctionAnalyzer
{
    /// <summary>Fixed stack cost per frame, in values, in addition to operands and groups of locals.</summary>
    private const uint ActivationFrameCost = 2;

    private readonly WasmModule _module;
    private readonly InstructionPrices _prices;
    private readonly InstrumentationLimits _limits;
    private readonly uint[] _parameterCounts;
    private readonly uint[] _resultCounts;
    private readonly List<LinearCharge> _linear = [];
    private ControlBlock[] _control = new ControlBlock[64];
    private int _depth;

    /// <summary>Metered blocks in the order of their first instructions; blocks of cost 0 are not charged.</summary>
    private BlockCharge[] _blocks = new BlockCharge[256];
    private int _blockCount;
    private uint _height;
    private uint _maxHeight;
    private FunctionBody _body = null!;
    private uint _arity;

    /// <summary>The operand of the last instruction, if that was an i32.const.</summary>
    private int _constant;
    private bool _afterConstant;

    public FunctionAnalyzer(WasmModule module, InstructionPrices prices, InstrumentationLimits limits)
    {
        _module = module;
        _prices = prices;
        _limits = limits;
        _parameterCounts = new uint[module.Types.Length];
        _resultCounts = new uint[module.Types.Length];
        for (int i = 0; i < module.Types.Length; i++)
        {
            _parameterCounts[i] = (uint)module.Types[i].Parameters.Length;
            _resultCounts[i] = (uint)module.Types[i].Results.Length;
        }
    }

    /// <summary>Meters the body at <paramref name="index"/>.</summary>
    /// <exception cref="InvalidModuleException">The reference's passes refuse the function.</exception>
    public FunctionMetering Analyze(int index)
    {
        InstructionReader reader = new(_module.Bytes.Span, _module.Bodies[index]);
        Begin(index);
        while (reader.MoveNext())
        {
            Step(in reader);
        }

        return Finish();
    }

    /// <summary>Begins the body at <paramref name="index"/>: each of its instructions is to be given to <see cref="Step"/>.</summary>
    public void Begin(int index)
    {
        _body = _module.Bodies[index];
        _linear.Clear();
        _depth = 0;
        _blockCount = 0;
        _height = ActivationFrameCost;
        _arity = _resultCounts[_body.TypeIndex];
        _maxHeight = 0;
        _afterConstant = false;
        Push(NewBlock(_body.CodeStart), isLoop: false, _arity, _arity, startHeight: 0);
    }

    /// <summary>Goes on by an instruction, which is valid.</summary>
    /// <exception cref="InvalidModuleException">The reference's passes refuse it.</exception>
    public void Step(in InstructionReader reader)
    {
        ref ControlBlock top = ref _control[_depth - 1];
        if (_height > _maxHeight && !top.IsPolymorphic)
        {
            _maxHeight = _height;
        }

        Opcode opcode = reader.Opcode;
        ref readonly InstructionPrices.Row row = ref _prices[opcode];
        ulong cost = row.Cost;
        if (row.Unit != 0)
        {
            cost = _afterConstant
                ? AddConstantUnits(in reader, cost, row.Unit, _constant)
                : AddLinearCharge(in reader, cost, row.Unit);
        }

        _afterConstant = false;
        if (row.Shape == InstructionPrices.Shape.Plain)
        {
            Add(ref top, cost, in reader);
            Pop(in top, row.Pops, in reader);
            _height += row.Pushes;
            return;
        }

        switch (opcode)
        {
            case Opcode.I32Const:
                _afterConstant = true;
                _constant = (int)reader.Constant;
                Add(ref top, cost, in reader);
                _height++;
                break;
            case Opcode.Select:
                // Two pops rather than one of three: the results differ on the polymorphic stack.
                Add(ref top, cost, in reader);
                Pop(in top, 2, in reader);
                Pop(in top, 1, in reader);
                _height++;
                break;
            case Opcode.Call:
                Call(ref top, cost, in reader);
                break;
            case Opcode.CallIndirect:
                Add(ref top, cost, in reader);
                Pop(in top, 1, in reader);
                Pop(in top, _parameterCounts[reader.Index], in reader);
                _height += _resultCounts[reader.Index];
                break;
            case Opcode.Unreachable:
                Add(ref top, cost, in reader);
                top.IsPolymorphic = true;
                break;
            case Opcode.Block:
                // Shares the enclosing metered block until the first branch.
                Add(ref top, cost, in reader);
                PushLabel(top.Block, isLoop: false, reader.BlockType);
                break;
            case Opcode.Loop:
                Add(ref top, cost, in reader);
                PushLabel(NewBlock(reader.NextOffset), isLoop: true, reader.BlockType);
                break;
            case Opcode.If:
                Add(ref top, cost, in reader);
                Pop(in top, 1, in reader);
                PushLabel(NewBlock(reader.NextOffset), isLoop: false, reader.BlockType);
                break;
            case Opcode.Else:
                // Height and unreachability stay as the first arm left them.
                FinishBlock(reader.NextOffset);
                break;
            case Opcode.End:
                End(reader.NextOffset);
                break;
            case Opcode.Br:
            case Opcode.BrIf:
                Branch(ref top, cost, opcode == Opcode.BrIf, in reader);
                break;
            case Opcode.BrTable:
                BranchTable(ref top, cost, in reader);
                break;
            case Opcode.Return:
                Add(ref top, cost, in reader);
                Pop(in top, _arity, in reader);
                top.IsPolymorphic = true;
                FinishBlock(reader.NextOffset);
                top.LowestTarget = 0;
                break;
            default:
                throw reader.Error($"instruction 0x{(int)opcode:x} cannot be metered");
        }
    }

    /// <summary>Ends the body after its last instruction.</summary>
    /// <exception cref="InvalidModuleException">The function has too many locals.</exception>
    public FunctionMetering Finish()
    {
        int locals = _prices.Rules.CountsEachLocal ? InstrumentationLimits.DeclaredLocals(_body) : _body.LocalGroups.Length;
        return Finish(_body, (uint)locals + _maxHeight);
    }

    private FunctionMetering Finish(FunctionBody body, uint stackCost)
    {
        int charged = 0;
        for (int i = 0; i < _blockCount; i++)
        {
            charged += _blocks[i].Cost != 0 ? 1 : 0;
        }

        BlockCharge[] blocks = charged == 0 ? [] : new BlockCharge[charged];
        charged = 0;
        for (int i = 0; i < _blockCount; i++)
        {
            if (_blocks[i].Cost != 0)
            {
                blocks[charged++] = _blocks[i];
            }
        }

        if (_linear.Count != 0)
        {
            _limits.CheckLocals(body, additional: 1);
        }

        return new FunctionMetering(blocks, [.. _linear], stackCost);
    }

    /// <summary>Ends the metered block of the innermost control block and starts one at <paramref name="next"/>.</summary>
    private void FinishBlock(int next)
    {
        ref ControlBlock top = ref _control[_depth - 1];
        int block = top.Block;
        ulong cost = top.Cost;
        top.Block = NewBlock(next);
        top.Cost = 0;
        if (_depth > 1 && _control[_depth - 2].Block == block)
        {
            // Wraps, as in the reference.
            _control[_depth - 2].Cost += cost;
            return;
        }

        _blocks[block] = _blocks[block] with { Cost = cost };
    }

    private int NewBlock(int offset)
    {
        if (_blockCount == _blocks.Length)
        {
            Array.Resize(ref _blocks, _blocks.Length * 2);
        }

        _blocks[_blockCount] = new BlockCharge(offset, 0);
        return _blockCount++;
    }

    private void PushLabel(int block, bool isLoop, ValueKind type)
    {
        uint arity = type == ValueKind.Empty ? 0u : 1u;
        Push(block, isLoop, arity, isLoop ? 0 : arity, _height);
    }

    private void Push(int block, bool isLoop, uint endArity, uint branchArity, uint startHeight)
    {
        if (_depth == _control.Length)
        {
            Array.Resize(ref _control, _control.Length * 2);
        }

        _control[_depth] = new ControlBlock
        {
            Block = block,
            LowestTarget = _depth,
            IsLoop = isLoop,
            EndArity = endArity,
            BranchArity = branchArity,
            StartHeight = startHeight,
        };
        _depth++;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(ref ControlBlock top, ulong cost, in InstructionReader reader)
    {
        ulong sum = top.Cost + cost;
        if (sum < cost)
        {
            throw reader.Error("the cost of a metered block overflows");
        }

        top.Cost = sum;
    }

    /// <summary>
    /// Pops as the reference does: nothing at the very bottom of an unreachable block, below the bottom where operands are missing, and an
    /// error only below 0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Pop(in ControlBlock top, uint count, in InstructionReader reader)
    {
        if (count == 0 || (_height == top.StartHeight && top.IsPolymorphic))
        {
            return;
        }

        if (_height == top.StartHeight || _height < count)
        {
            throw reader.Error("the stack limiter finds too few operands");
        }

        _height -= count;
    }

    private ulong AddConstantUnits(in InstructionReader reader, ulong cost, ulong unit, int constant)
    {
        CheckUnit(in reader, unit);
        if (constant < 0)
        {
            throw reader.Error("a priced operand is a negative constant");
        }

        return cost + ((ulong)(uint)constant * unit);
    }

    private ulong AddLinearCharge(in InstructionReader reader, ulong cost, ulong unit)
    {
        CheckUnit(in reader, unit);
        _linear.Add(new LinearCharge(reader.Offset, (uint)unit));
        return cost;
    }

    private static void CheckUnit(in InstructionReader reader, ulong unit)
    {
        if (unit > int.MaxValue)
        {
            throw reader.Error("the price of a unit is out of range");
        }
    }

    /// <summary>State of both passes per open block; the function itself is the first.</summary>
    private struct ControlBlock
    {
        /// <summary>The current metered block; shared with the enclosing block until the two separate.</summary>
        public int Block;

        public ulong Cost;

        /// <summary>The outermost block (not loop) targeted by a branch from within; at most the block itself.</summary>
        public int LowestTarget;

        public bool IsLoop;

        /// <summary>Whether the code is unreachable: the height is then not counted.</summary>
        public bool IsPolymorphic;

        public uint EndArity;
        public uint BranchArity;
        public uint StartHeight;
    }
}
