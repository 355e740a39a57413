namespace Fvm.Wasm;

/// <summary>Price of each instruction under given rules, and its effect on the operand stack by the stack limiter's count.</summary>
internal sealed class InstructionPrices
{
    private const uint PageSize = 65_536;

    /// <summary>Bytes per table element in the reference's prices.</summary>
    private const uint TableElementSize = 8;

    private readonly Row[] _rows = new Row[Opcodes.Count];

    public InstructionPrices(MeteringRules rules)
    {
        Rules = rules;
        foreach (OpcodeInfo info in Opcodes.All)
        {
            (ulong cost, ulong unit) = PriceOf(info.Metering);
            _rows[Opcodes.IndexOf(info.Opcode)] = new Row(cost, unit, (byte)info.Pops.Length, (byte)info.Pushes.Length, ShapeOf(info));
        }

        // The stack limiter's instructions around a call: four constants or globals, an addition, a comparison and an `if` before it; four
        // constants or globals and a subtraction after it. The trap inside the `if` costs nothing.
        CallBookkeeping = (8 * rules.InstructionDefault) + (3 * rules.MathDefault) + rules.JumpConditional;
    }

    /// <summary>Treatment of an instruction by the analysis.</summary>
    internal enum Shape : byte
    {
        /// <summary>Pops and then pushes the operands of its row.</summary>
        Plain,

        /// <summary>Branches, blocks, calls and other instructions with individual rules.</summary>
        Special,

        /// <summary>Refused by the stack limiter.</summary>
        Refused,
    }

    public MeteringRules Rules { get; }

    /// <summary>Milligas of the stack limiter's instructions around a call of a defined function.</summary>
    public ulong CallBookkeeping { get; }

    /// <summary>Milligas of a thunk: its arguments, the call and the bookkeeping.</summary>
    public ulong Thunk(int parameters) =>
        ((ulong)parameters * Rules.InstructionDefault) + PriceOf(MeteringClass.Call).Cost + CallBookkeeping;

    public ref readonly Row this[Opcode opcode] => ref _rows[Opcodes.IndexOf(opcode)];

    private static Shape ShapeOf(OpcodeInfo info) =>
        info.Family == OpcodeFamily.Reference ? Shape.Refused : (info.Flags & OpcodeFlags.MeteredApart) != 0 ? Shape.Special : Shape.Plain;

    private static ulong Times(ulong price, uint units)
    {
        UInt128 product = (UInt128)price * units;
        return product > ulong.MaxValue ? ulong.MaxValue : (ulong)product;
    }

    private (ulong Cost, ulong Unit) PriceOf(MeteringClass metering) => metering switch
    {
        MeteringClass.Free => (0, 0),
        MeteringClass.Default => (Rules.InstructionDefault, 0),
        MeteringClass.Math => (Rules.MathDefault, 0),
        MeteringClass.Jump => (Rules.JumpUnconditional, 0),
        MeteringClass.ConditionalJump => (Rules.JumpConditional, 0),
        MeteringClass.IndirectJump => (Rules.JumpIndirect + Rules.MemoryAccess, 0),
        MeteringClass.Call => (Rules.JumpUnconditional + Rules.Call, 0),
        MeteringClass.IndirectCall => (Rules.JumpIndirect + Rules.MemoryAccess + Rules.Call, 0),
        MeteringClass.Load => (Rules.InstructionDefault + Rules.MemoryAccess, 0),
        MeteringClass.Store => (Rules.InstructionDefault + Rules.MemoryFillBase, 0),
        MeteringClass.MemoryGrow => (Rules.InstructionDefault + Rules.MemoryFillBase, Times(Rules.MemoryFillPerByte, PageSize)),
        MeteringClass.MemoryFill => (Rules.InstructionDefault + Rules.MemoryFillBase, Rules.MemoryFillPerByte),
        MeteringClass.MemoryCopy => (Rules.InstructionDefault + Rules.MemoryAccess, Rules.MemoryCopyPerByte),
        MeteringClass.TableCopy => (Rules.InstructionDefault + Rules.MemoryAccess, Times(Rules.MemoryCopyPerByte, TableElementSize)),
        MeteringClass.TableFill => (Rules.InstructionDefault + Rules.MemoryFillBase, Times(Rules.MemoryFillPerByte, TableElementSize)),
        _ => throw new ArgumentOutOfRangeException(nameof(metering)),
    };

    /// <param name="Cost">Milligas of the instruction.</param>
    /// <param name="Unit">Milligas per unit of its topmost operand; 0 for most.</param>
    /// <param name="Pops">Operands that a plain instruction pops.</param>
    /// <param name="Pushes">Operands that a plain instruction pushes.</param>
    /// <param name="Shape">Its treatment.</param>
    internal readonly record struct Row(ulong Cost, ulong Unit, byte Pops, byte Pushes, Shape Shape);
}
