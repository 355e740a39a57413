// The locals that a function uses: others have no place in frames of machine code, the reference's or ours.
namespace Fvm.Wasm;

internal sealed partial class FrameModel
{
    // For each local the number of the last function that was found to use it: what a function declares and does not use costs no time.
    private int[] _usedBy = [];
    private int _function;

    /// <summary>
    /// Whether a function that <see cref="IsLarge"/> might take more than the limiter's count allows it by the locals that it uses alone.
    /// Where none of a module does, neither the model nor machine code whose frames hold only such locals gets to the 4 MiB first. Takes time
    /// linear in its instructions.
    /// </summary>
    public bool IsLargeByUse(FunctionBody body, uint stackCost) =>
        Math.Max(UsedBytes(body), LeastBytes(body, stackCost)) + BytesBesidesLocals(stackCost) > (long)PaidBytes * stackCost;

    private long UsedBytes(FunctionBody body)
    {
        FunctionType type = _module.Types[body.TypeIndex];
        int locals = type.Parameters.Length + body.LocalCount;
        if (_usedBy.Length < locals)
        {
            _usedBy = new int[locals];
            _function = 0;
        }

        _function++;
        _types.Reset(type.Parameters, body.LocalGroups);
        long bytes = ParameterBytes(type);
        InstructionReader reader = new(_module.Bytes.Span, body);
        while (reader.MoveNext())
        {
            if (reader.Opcode is not (Opcode.LocalGet or Opcode.LocalSet or Opcode.LocalTee))
            {
                continue;
            }

            int local = (int)reader.Index;
            if (local >= type.Parameters.Length && _usedBy[local] != _function)
            {
                _usedBy[local] = _function;
                bytes += BytesOf(_types[local]);
            }
        }

        return bytes;
    }
}
