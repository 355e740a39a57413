using Fvm.Wasm.Binary;
using Fvm.Wasm.Module;

namespace Fvm.Wasm.Validation;

internal sealed partial class FunctionValidator
{
    private void CheckNumeric(ref InstructionReader instruction)
    {
        Signature signature = Signature.Of(instruction.Opcode);
        Pop(ref instruction, signature.Last);
        if (signature.First != ValueKind.Empty)
        {
            Pop(ref instruction, signature.First);
        }

        Push(signature.Result);
    }
}
