using System.Numerics;
using Fvm.Wasm.Binary;
using Fvm.Wasm.Module;

namespace Fvm.Wasm.Metering;

/// <summary>
/// The exact size in bytes of a function body after the reference's instrumentation. It encodes every number anew and in its shortest form.
/// </summary>
internal static class InstrumentedSize
{
    /// <param name="module">The module.</param>
    /// <param name="metering">Its metering, for the stack costs of callees.</param>
    /// <param name="body">The body.</param>
    /// <param name="function">The body's own metering.</param>
    /// <param name="gasFunction">Index of the function that charges.</param>
    /// <param name="heightGlobal">Index of the stack height's global.</param>
    public static long Of(
        WasmModule module, ModuleMetering metering, FunctionBody body, FunctionMetering function, uint gasFunction, uint heightGlobal)
    {
        uint temporary = (uint)(module.Types[body.TypeIndex].Parameters.Length + InstrumentationLimits.DeclaredLocals(body));
        bool hasTemporary = !function.Linear.IsEmpty;
        long size = Declarations(body, hasTemporary);
        int gasCall = 1 + Unsigned(gasFunction);
        foreach (BlockCharge charge in function.Blocks)
        {
            size += 1 + Signed((long)charge.Cost) + gasCall;
        }

        foreach (LinearCharge charge in function.Linear)
        {
            size += (2 * (1 + Unsigned(temporary))) + 1 + 1 + Signed(charge.UnitCost) + 1 + gasCall;
        }

        InstructionReader reader = new(module.Bytes.Span, body);
        while (reader.MoveNext())
        {
            size += Instruction(in reader);
            if (reader.Opcode == Opcode.Call && !module.IsImported((int)reader.Index))
            {
                size += Bookkeeping(metering.StackCost((int)reader.Index), metering.MaxStackHeight, heightGlobal);
            }
        }

        return size;
    }

    private static long Declarations(FunctionBody body, bool hasTemporary)
    {
        long size = Unsigned((uint)body.LocalGroups.Length + (hasTemporary ? 1u : 0u)) + (hasTemporary ? 2 : 0);
        foreach (LocalGroup group in body.LocalGroups)
        {
            size += Unsigned(group.Count) + 1;
        }

        return size;
    }

    private static int Bookkeeping(uint stackCost, uint limit, uint heightGlobal)
    {
        int global = 1 + Unsigned(heightGlobal);
        int cost = 1 + Signed((int)stackCost);
        const int Operators = 3;
        const int Trap = 4;
        return (5 * global) + (2 * cost) + 1 + Signed((int)limit) + Operators + Trap;
    }

    private static int Instruction(in InstructionReader reader)
    {
        int opcode = (int)reader.Opcode >> 8 == Opcodes.Prefix ? 2 : 1;
        return opcode + reader.Opcode switch
        {
            // One global comes before all others, or so the pass has it.
            Opcode.GlobalGet or Opcode.GlobalSet => Unsigned(reader.Index + 1),
            Opcode.MemoryInit => Unsigned(reader.Index) + 1,
            Opcode.MemoryCopy => 2,
            _ => Immediates(in reader),
        };
    }

    private static int Immediates(in InstructionReader reader) => Opcodes.Of(reader.Opcode).Immediates switch
    {
        ImmediateKind.Block or ImmediateKind.MemoryIndex or ImmediateKind.HeapType => 1,
        ImmediateKind.Index => Unsigned(reader.Index),
        ImmediateKind.BranchTable => BranchTable(in reader),
        ImmediateKind.IndirectCall or ImmediateKind.TwoIndices => Unsigned(reader.Index) + Unsigned(reader.SecondIndex),
        ImmediateKind.Memory => Unsigned(reader.Alignment) + Unsigned(reader.MemoryOffset),
        ImmediateKind.I32 => Signed((int)reader.Constant),
        ImmediateKind.I64 => Signed((long)reader.Constant),
        ImmediateKind.F32 => 4,
        ImmediateKind.F64 => 8,
        _ => 0,
    };

    private static int BranchTable(in InstructionReader reader)
    {
        int size = Unsigned(reader.Index);
        foreach (uint label in reader.Targets)
        {
            size += Unsigned(label);
        }

        return size;
    }

    private static int Unsigned(uint value) => 1 + (BitOperations.Log2(value | 1) / 7);

    /// <summary>Seven bits a byte, one of them for the sign.</summary>
    private static int Signed(long value) => 1 + ((BitOperations.Log2((ulong)(value ^ (value >> 63)) | 1) + 1) / 7);
}
