using Fvm.Wasm;

namespace Fvm.Wasmtime;

/// <summary>An instruction of a body: one of the module, or one that the instrumentation adds.</summary>
/// <param name="Opcode">The instruction.</param>
/// <param name="Index">Its first index: label, local, global, function, type.</param>
/// <param name="Constant">Its constant, sign-extended from i32.</param>
/// <param name="HasResult">For blocks: whether they have a result.</param>
/// <param name="Start">Offset of its bytes in the module, or <see cref="Added"/>.</param>
/// <param name="End">Offset past its bytes.</param>
internal readonly record struct BodyInstruction(Opcode Opcode, uint Index, long Constant, bool HasResult, int Start, int End)
{
    /// <summary><see cref="Start"/> of an instruction that the module does not have.</summary>
    public const int Added = -1;

    public static BodyInstruction Add(Opcode opcode, uint index = 0) => new(opcode, index, 0, false, Added, Added);

    public static BodyInstruction AddConstant(Opcode opcode, long constant) => new(opcode, 0, constant, false, Added, Added);

    /// <summary>All instructions of a body, the final <c>end</c> included.</summary>
    public static List<BodyInstruction> Read(WasmModule module, FunctionBody body)
    {
        List<BodyInstruction> instructions = new(body.CodeLength / 2);
        InstructionReader reader = new(module.Bytes.Span, body);
        while (reader.MoveNext())
        {
            long constant = reader.Opcode switch
            {
                Opcode.I32Const => (int)reader.Constant,
                Opcode.I64Const => (long)reader.Constant,
                _ => 0,
            };
            bool result = Opcodes.Of(reader.Opcode).Immediates == ImmediateKind.Block && reader.BlockType != ValueKind.Empty;
            instructions.Add(new BodyInstruction(reader.Opcode, reader.Index, constant, result, reader.Offset, reader.NextOffset));
        }

        return instructions;
    }
}
