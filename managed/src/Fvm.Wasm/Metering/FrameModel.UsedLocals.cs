namespace Fvm.Wasm;

internal sealed partial class FrameModel
{
    // Per local, the number of the last function that uses it: declared but unused locals take no time.
    private int[] _usedBy = [];
    private int _function;

    /// <summary>
    /// Whether a function that <see cref="IsLarge"/> might exceed the limiter's allowance by its used locals alone; unused locals take no
    /// room in frames of machine code, the reference's or ours. If no function of a module does, neither the model nor machine code with
    /// frames of used locals only reaches the 4 MiB before the limiter's limit. Linear in the function's instructions.
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
