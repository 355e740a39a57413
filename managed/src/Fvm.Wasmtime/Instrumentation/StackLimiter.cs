using Fvm.Wasm;

namespace Fvm.Wasmtime;

/// <summary>
/// The first pass of the reference's instrumentation: a global holds the height of the Wasm stack. A call of a defined function raises it by
/// the height of the callee's frame, traps if it is then above the limit, and lowers it after the return.
/// </summary>
/// <param name="module">The module.</param>
/// <param name="heights">The height of each function of the index space; 0 for imports, which do not count.</param>
/// <param name="global">Index of the global.</param>
/// <param name="limit">The limit.</param>
internal sealed class StackLimiter(WasmModule module, uint[] heights, uint global, uint limit)
{
    /// <summary>Surrounds the calls of a body.</summary>
    public List<BodyInstruction> Surround(List<BodyInstruction> instructions)
    {
        List<BodyInstruction> result = new(instructions.Count + 16);
        foreach (BodyInstruction instruction in instructions)
        {
            if (instruction.Opcode == Opcode.Call && heights[instruction.Index] != 0)
            {
                AddCall(result, instruction.Index);
            }
            else
            {
                result.Add(instruction);
            }
        }

        return result;
    }

    /// <summary>The body of a function's thunk, through which exports, the start function and tables call it.</summary>
    public List<BodyInstruction> Thunk(int function)
    {
        List<BodyInstruction> body = [];
        for (int i = 0; i < module.TypeOf(function).Parameters.Length; i++)
        {
            body.Add(BodyInstruction.Add(Opcode.LocalGet, (uint)i));
        }

        AddCall(body, (uint)function);
        body.Add(BodyInstruction.Add(Opcode.End));
        return body;
    }

    private void AddCall(List<BodyInstruction> body, uint function)
    {
        int height = (int)heights[function];
        body.Add(BodyInstruction.Add(Opcode.GlobalGet, global));
        body.Add(BodyInstruction.AddConstant(Opcode.I32Const, height));
        body.Add(BodyInstruction.Add(Opcode.I32Add));
        body.Add(BodyInstruction.Add(Opcode.GlobalSet, global));
        body.Add(BodyInstruction.Add(Opcode.GlobalGet, global));
        body.Add(BodyInstruction.AddConstant(Opcode.I32Const, (int)limit));
        body.Add(BodyInstruction.Add(Opcode.I32GtU));
        body.Add(BodyInstruction.Add(Opcode.If));
        body.Add(BodyInstruction.Add(Opcode.Unreachable));
        body.Add(BodyInstruction.Add(Opcode.End));
        body.Add(BodyInstruction.Add(Opcode.Call, function));
        body.Add(BodyInstruction.Add(Opcode.GlobalGet, global));
        body.Add(BodyInstruction.AddConstant(Opcode.I32Const, height));
        body.Add(BodyInstruction.Add(Opcode.I32Sub));
        body.Add(BodyInstruction.Add(Opcode.GlobalSet, global));
    }
}
