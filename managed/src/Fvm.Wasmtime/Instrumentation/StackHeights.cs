using Fvm.Wasm;

namespace Fvm.Wasmtime;

/// <summary>
/// The height of a function's frame by the rules of the reference's stack limiter (fvm-wasm-instrument, stack_limiter/max_height.rs): two
/// values, the locals, and the most operands at any reachable instruction.
/// </summary>
internal sealed class StackHeights(WasmModule module, MeteringRules rules)
{
    private const uint Activation = 2;

    private readonly List<Frame> _frames = [];
    private uint _height;

    /// <summary>The height of a defined function.</summary>
    /// <exception cref="InvalidModuleException">The reference's limiter refuses the function.</exception>
    public uint Of(FunctionBody body, List<BodyInstruction> instructions)
    {
        uint results = (uint)module.Types[body.TypeIndex].Results.Length;
        uint most = 0;
        _frames.Clear();
        _frames.Add(new Frame { Results = results, Operands = results });
        _height = Activation;
        foreach (BodyInstruction instruction in instructions)
        {
            // The final `end` leaves no frame; nothing follows it.
            if (_height > most && !_frames[^1].IsUnreachable)
            {
                most = _height;
            }

            Step(instruction, results);
        }

        return most + (rules.CountsEachLocal ? (uint)body.LocalCount : (uint)body.LocalGroups.Length);
    }

    private void Step(in BodyInstruction instruction, uint results)
    {
        switch (instruction.Opcode)
        {
            case Opcode.Block:
            case Opcode.Loop:
            case Opcode.If:
                Pop(instruction.Opcode == Opcode.If ? 1u : 0u, instruction);
                uint arity = instruction.HasResult ? 1u : 0u;
                _frames.Add(new Frame { Start = _height, Results = arity, Operands = instruction.Opcode == Opcode.Loop ? 0 : arity });
                break;
            case Opcode.Else:
                // The height and the reachability after the first arm stay.
                break;
            case Opcode.End:
                Frame closed = _frames[^1];
                _frames.RemoveAt(_frames.Count - 1);
                _height = closed.Start + closed.Results;
                break;
            case Opcode.Br:
                Pop(Target(instruction.Index), instruction);
                MarkUnreachable();
                break;
            case Opcode.BrIf:
                Pop(Target(instruction.Index), instruction);
                Pop(1, instruction);
                _height += Target(instruction.Index);
                break;
            case Opcode.BrTable:
                Pop(TargetsOf(instruction), instruction);
                MarkUnreachable();
                break;
            case Opcode.Return:
                Pop(results, instruction);
                MarkUnreachable();
                break;
            case Opcode.Unreachable:
                MarkUnreachable();
                break;
            case Opcode.Call:
                Call(module.TypeOf((int)instruction.Index), instruction);
                break;
            case Opcode.CallIndirect:
                Pop(1, instruction);
                Call(module.Types[(int)instruction.Index], instruction);
                break;
            case Opcode.Select:
                Pop(2, instruction);
                Pop(1, instruction);
                _height++;
                break;
            default:
                OpcodeInfo row = Opcodes.Of(instruction.Opcode);
                if (row.Family == OpcodeFamily.Reference)
                {
                    throw Refuse("instructions on references cannot be instrumented", instruction);
                }

                Pop((uint)row.Pops.Length, instruction);
                _height += (uint)row.Pushes.Length;
                break;
        }
    }

    private uint Target(uint label) => _frames[_frames.Count - 1 - (int)label].Operands;

    private uint TargetsOf(in BodyInstruction instruction)
    {
        List<uint> labels = LabelsOf(module, instruction);
        uint operands = Target(labels[^1]);
        foreach (uint label in labels)
        {
            if (Target(label) != operands)
            {
                throw Refuse("the targets of br_table take different numbers of operands", instruction);
            }
        }

        return operands;
    }

    /// <summary>The labels of a <c>br_table</c>, the default one last.</summary>
    internal static List<uint> LabelsOf(WasmModule module, in BodyInstruction instruction)
    {
        InstructionReader reader = new(module.Bytes.Span, instruction.Start, instruction.End, "code");
        reader.MoveNext();
        List<uint> labels = [];
        foreach (uint label in reader.Targets)
        {
            labels.Add(label);
        }

        return labels;
    }

    private void Call(FunctionType type, in BodyInstruction instruction)
    {
        Pop((uint)type.Parameters.Length, instruction);
        _height += (uint)type.Results.Length;
    }

    private void MarkUnreachable() => _frames[^1] = _frames[^1] with { IsUnreachable = true };

    // Pops all operands or, in unreachable code without any of its own, none: a frame may so fall below its start.
    private void Pop(uint count, in BodyInstruction instruction)
    {
        Frame top = _frames[^1];
        if (count == 0 || (_height == top.Start && top.IsUnreachable))
        {
            return;
        }

        if (_height == top.Start || _height < count)
        {
            throw Refuse("the stack limiter finds too few operands", instruction);
        }

        _height -= count;
    }

    private static InvalidModuleException Refuse(string reason, in BodyInstruction instruction) => new(reason, "code", instruction.Start);

    private readonly record struct Frame
    {
        /// <summary>The height at the block's start.</summary>
        public uint Start { get; init; }

        /// <summary>Values left by the block.</summary>
        public uint Results { get; init; }

        /// <summary>Values taken by a branch to the block.</summary>
        public uint Operands { get; init; }

        public bool IsUnreachable { get; init; }
    }
}
