using Fvm.Wasm;

namespace Fvm.Wasmtime;

/// <summary>
/// The reference's prices of instructions (ref-fvm, gas/price_list.rs, rules of WasmGasPrices; FIP-0032, FIP-0057), found by what an
/// instruction does and not by the metering column of <see cref="Opcodes"/>, so that one checks the other.
/// </summary>
internal sealed class InstructionCosts(MeteringRules rules)
{
    private const ulong PageSize = 65_536;
    private const ulong ElementSize = 8;

    /// <summary>Milligas of an instruction, and per unit of its last operand.</summary>
    /// <exception cref="InvalidModuleException">The reference has no price for it.</exception>
    public (ulong Cost, uint Unit) Of(in BodyInstruction instruction)
    {
        OpcodeInfo row = Opcodes.Of(instruction.Opcode);
        return row.Family switch
        {
            OpcodeFamily.Control => (ControlCost(instruction.Opcode), 0),
            OpcodeFamily.Parametric => (instruction.Opcode == Opcode.Drop ? 0 : rules.InstructionDefault, 0),
            OpcodeFamily.Local or OpcodeFamily.Global or OpcodeFamily.Constant => (rules.InstructionDefault, 0),
            OpcodeFamily.Load => (Read, 0),
            OpcodeFamily.Store => (Write, 0),
            OpcodeFamily.Memory or OpcodeFamily.Table => RangeCost(instruction),

            // Casts: the same bits in another type, or some of them.
            OpcodeFamily.Reinterpretation => (rules.InstructionDefault, 0),
            OpcodeFamily.IntegerUnary when instruction.Opcode == Opcode.I32WrapI64 => (rules.InstructionDefault, 0),
            OpcodeFamily.Reference or OpcodeFamily.Unknown => throw new InvalidModuleException(
                $"{row.Name} has no price", "code", instruction.Start),
            _ => (rules.MathDefault, 0),
        };
    }

    private ulong Read => rules.InstructionDefault + rules.MemoryAccess;

    private ulong Write => rules.InstructionDefault + rules.MemoryFillBase;

    private ulong ControlCost(Opcode opcode) => opcode switch
    {
        Opcode.Br => rules.JumpUnconditional,
        Opcode.BrIf or Opcode.If => rules.JumpConditional,
        Opcode.BrTable => rules.JumpIndirect + rules.MemoryAccess,
        Opcode.Call => rules.JumpUnconditional + rules.Call,
        Opcode.CallIndirect => rules.JumpIndirect + rules.MemoryAccess + rules.Call,
        _ => 0,
    };

    private (ulong Cost, uint Unit) RangeCost(in BodyInstruction instruction) => instruction.Opcode switch
    {
        Opcode.MemoryGrow => (Write, Unit(rules.MemoryFillPerByte, PageSize, instruction)),
        Opcode.MemoryFill => (Write, Unit(rules.MemoryFillPerByte, 1, instruction)),
        Opcode.TableGrow or Opcode.TableFill => (Write, Unit(rules.MemoryFillPerByte, ElementSize, instruction)),
        Opcode.MemoryCopy or Opcode.MemoryInit => (Read, Unit(rules.MemoryCopyPerByte, 1, instruction)),
        Opcode.TableCopy or Opcode.TableInit => (Read, Unit(rules.MemoryCopyPerByte, ElementSize, instruction)),
        Opcode.TableGet => (Read, 0),
        Opcode.TableSet => (Write, 0),
        _ => (rules.InstructionDefault, 0),
    };

    // Below 2^31, so that a product with an operand stays below 2^63.
    private static uint Unit(ulong price, ulong size, in BodyInstruction instruction)
    {
        UInt128 unit = (UInt128)price * size;
        return unit <= int.MaxValue
            ? (uint)unit
            : throw new InvalidModuleException("the price of a unit is out of range", "code", instruction.Start);
    }
}
