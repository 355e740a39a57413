using System.Collections.Immutable;
using Fvm.Wasm;

namespace Fvm.Wasmtime;

/// <summary>Writes the bodies of an instrumented module, with their charges.</summary>
/// <param name="module">The module.</param>
/// <param name="rules">Metering rules; null for none.</param>
/// <param name="gasFunction">Index of the function that charges gas.</param>
/// <param name="move">The new index of a function.</param>
/// <param name="mayGrowMemory">Index of the veto on <c>memory.grow</c>.</param>
/// <param name="mayGrowTable">Index of the veto on <c>table.grow</c>.</param>
internal sealed class FunctionWriter(
    WasmModule module, MeteringRules? rules, int gasFunction, Func<int, int> move, int mayGrowMemory, int mayGrowTable)
{
    private static readonly IReadOnlyDictionary<int, ulong> NoCharges = new Dictionary<int, ulong>();
    private static readonly IReadOnlyDictionary<int, uint> NoUnits = new Dictionary<int, uint>();

    private readonly GasMeter? _meter = rules is null ? null : new GasMeter(module, rules);

    /// <summary>Writes a body.</summary>
    /// <returns>Whether it has one more local than the original: for charges by operand.</returns>
    /// <exception cref="InvalidModuleException">The reference's instrumentation refuses the body.</exception>
    public bool Write(WasmWriter section, FunctionType type, ImmutableArray<LocalGroup> locals, List<BodyInstruction> instructions)
    {
        _meter?.Measure(instructions);
        IReadOnlyDictionary<int, ulong> charges = _meter?.Charges ?? NoCharges;
        IReadOnlyDictionary<int, uint> units = _meter?.Units ?? NoUnits;
        WasmWriter body = new();
        uint local = (uint)type.Parameters.Length;
        body.Count(locals.Length + (units.Count == 0 ? 0 : 1));
        foreach (LocalGroup group in locals)
        {
            body.U32(group.Count).Byte((int)group.Type);
            local += group.Count;
        }

        if (units.Count != 0)
        {
            body.Count(1).Byte((int)ValueKind.I32);
        }

        for (int position = 0; position < instructions.Count; position++)
        {
            if (charges.TryGetValue(position, out ulong cost))
            {
                Op(body, Opcode.I64Const).Signed((long)cost);
                Op(body, Opcode.Call).Count(gasFunction);
            }

            if (units.TryGetValue(position, out uint unit))
            {
                Op(body, Opcode.LocalTee).U32(local);
                Op(body, Opcode.LocalGet).U32(local);
                Op(body, Opcode.I64ExtendI32U);
                Op(body, Opcode.I64Const).Signed(unit);
                Op(body, Opcode.I64Mul);
                Op(body, Opcode.Call).Count(gasFunction);
            }

            Write(body, instructions[position]);
        }

        section.Sized(body);
        return units.Count != 0;
    }

    /// <summary>Writes the function that charges gas: it traps once the counter is negative.</summary>
    /// <param name="section">The code section.</param>
    /// <param name="counter">Index of the counter.</param>
    public static void WriteGas(WasmWriter section, uint counter)
    {
        WasmWriter body = new WasmWriter().Count(0);
        Op(body, Opcode.GlobalGet).U32(counter);
        Op(body, Opcode.LocalGet).U32(0);
        Op(body, Opcode.I64Sub);
        Op(body, Opcode.GlobalSet).U32(counter);
        Op(body, Opcode.GlobalGet).U32(counter);
        Op(body, Opcode.I64Const).Signed(0);
        Op(body, Opcode.I64LtS);
        Op(body, Opcode.If).Byte((int)ValueKind.Empty);
        Op(body, Opcode.Unreachable);
        Op(body, Opcode.End);
        Op(body, Opcode.End);
        section.Sized(body);
    }

    private static WasmWriter Op(WasmWriter body, Opcode opcode) => body.Byte((int)opcode);

    private void Write(WasmWriter body, in BodyInstruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.Call:
            case Opcode.RefFunc:
                Op(body, instruction.Opcode).Count(move((int)instruction.Index));
                return;
            case Opcode.MemoryGrow:
                Op(body, Opcode.Call).Count(mayGrowMemory);
                break;
            case Opcode.TableGrow:
                Op(body, Opcode.Call).Count(mayGrowTable);
                break;
        }

        if (instruction.Start != BodyInstruction.Added)
        {
            body.Raw(module.Bytes.Span[instruction.Start..instruction.End]);
            return;
        }

        Op(body, instruction.Opcode);
        _ = Opcodes.Of(instruction.Opcode).Immediates switch
        {
            ImmediateKind.Index => body.U32(instruction.Index),
            ImmediateKind.I32 or ImmediateKind.I64 => body.Signed(instruction.Constant),
            ImmediateKind.Block => body.Byte((int)ValueKind.Empty),
            _ => body,
        };
    }
}
