using Fvm.Wasm;

namespace Fvm.Wasmtime;

/// <summary>
/// The second pass of the reference's instrumentation (fvm-wasm-instrument, gas_metering/mod.rs): finds the metered blocks of a body, whose
/// instructions are charged together at the first, and the instructions that are charged by their last operand.
/// </summary>
internal sealed class GasMeter(WasmModule module, MeteringRules rules)
{
    private readonly InstructionCosts _costs = new(rules);
    private readonly List<OpenBlock> _open = [];
    private readonly SortedDictionary<int, ulong> _charges = [];
    private readonly SortedDictionary<int, uint> _units = [];

    /// <summary>Milligas by the position of the instruction before which they are charged.</summary>
    public IReadOnlyDictionary<int, ulong> Charges => _charges;

    /// <summary>Milligas per unit of the last operand, by the position of the instruction.</summary>
    public IReadOnlyDictionary<int, uint> Units => _units;

    /// <summary>Finds the charges of a body.</summary>
    /// <exception cref="InvalidModuleException">The reference refuses the body.</exception>
    public void Measure(List<BodyInstruction> instructions)
    {
        _charges.Clear();
        _units.Clear();
        _open.Clear();
        Open(start: 0, isLoop: false);
        long? constant = null;
        for (int position = 0; position < instructions.Count; position++)
        {
            BodyInstruction instruction = instructions[position];
            Add(CostOf(instruction, position, constant), instruction);
            constant = instruction.Opcode == Opcode.I32Const ? instruction.Constant : null;
            Follow(instruction, position);
        }
    }

    private void Follow(in BodyInstruction instruction, int position)
    {
        switch (instruction.Opcode)
        {
            case Opcode.Block:
                // Runs whenever the code before it does, until something branches.
                Open(_open[^1].Start, isLoop: false);
                break;
            case Opcode.If:
                Open(position + 1, isLoop: false);
                break;
            case Opcode.Loop:
                Open(position + 1, isLoop: true);
                break;
            case Opcode.Else:
                Finish(position);
                break;
            case Opcode.End:
                Close(position);
                break;
            case Opcode.Br:
            case Opcode.BrIf:
                Finish(position);
                Leave(_open.Count - 1 - (int)instruction.Index);
                break;
            case Opcode.BrTable:
                Finish(position);
                List<uint> labels = StackHeights.LabelsOf(module, instruction);
                if (!rules.CountsDefaultTarget)
                {
                    labels.RemoveAt(labels.Count - 1);
                }

                labels.ForEach(label => Leave(_open.Count - 1 - (int)label));
                break;
            case Opcode.Return:
                Finish(position);
                Leave(0);
                break;
        }
    }

    private ulong CostOf(in BodyInstruction instruction, int position, long? constant)
    {
        (ulong cost, uint unit) = _costs.Of(instruction);
        if (unit == 0)
        {
            return cost;
        }

        if (constant is null)
        {
            _units.Add(position, unit);
            return cost;
        }

        // A constant just before the instruction is priced ahead, as part of the block.
        return constant >= 0
            ? cost + ((ulong)constant * unit)
            : throw new InvalidModuleException("a priced operand is a negative constant", "code", instruction.Start);
    }

    private void Add(ulong cost, in BodyInstruction instruction)
    {
        OpenBlock top = _open[^1];
        if (top.Cost + cost < cost)
        {
            throw new InvalidModuleException("the cost of a metered block overflows", "code", instruction.Start);
        }

        _open[^1] = top with { Cost = top.Cost + cost };
    }

    private void Open(int start, bool isLoop) => _open.Add(new OpenBlock(start, 0, isLoop, _open.Count));

    // A branch forward to a block: code after that block does not always run after code before the branch.
    private void Leave(int target)
    {
        OpenBlock top = _open[^1];
        if (!_open[target].IsLoop && target < top.Furthest)
        {
            _open[^1] = top with { Furthest = target };
        }
    }

    private void Close(int position)
    {
        Finish(position);
        OpenBlock closed = _open[^1];
        _open.RemoveAt(_open.Count - 1);
        if (_open.Count == 0)
        {
            return;
        }

        OpenBlock top = _open[^1];
        _open[^1] = top with { Furthest = Math.Min(top.Furthest, closed.Furthest) };
        if (closed.Furthest < _open.Count)
        {
            Finish(position);
        }
    }

    // Ends the metered block of the innermost block; or, if the block around it is still in the same one, adds the cost to that.
    private void Finish(int position)
    {
        OpenBlock top = _open[^1];
        _open[^1] = top with { Start = position + 1, Cost = 0 };
        if (_open.Count > 1 && _open[^2].Start == top.Start)
        {
            _open[^2] = _open[^2] with { Cost = unchecked(_open[^2].Cost + top.Cost) };
        }
        else if (top.Cost != 0)
        {
            _charges.Add(top.Start, top.Cost);
        }
    }

    /// <param name="Start">Position of the first instruction of the current metered block.</param>
    /// <param name="Cost">Its cost so far.</param>
    /// <param name="IsLoop">Whether branches to the block go backward.</param>
    /// <param name="Furthest">The outermost block that a branch from within goes to; at most the block itself.</param>
    private readonly record struct OpenBlock(int Start, ulong Cost, bool IsLoop, int Furthest);
}
