namespace Fvm.Wasm;

internal sealed partial class ModuleDecoder
{
    private void ReadFunctions(ref ByteReader reader)
    {
        int count = reader.ReadCount(_limits.Functions - _functionTypes.Count, "functions");
        for (int i = 0; i < count; i++)
        {
            _functionTypes.Add(ReadIndex(ref reader, _types.Length, "type"));
        }
    }

    private void ReadStart(ref ByteReader reader)
    {
        _start = ReadIndex(ref reader, _functionTypes.Count, "function");
        FunctionType type = _types[_functionTypes[_start]];
        if (!type.Parameters.IsEmpty || !type.Results.IsEmpty)
        {
            throw reader.Error("invalid start function type");
        }
    }
}
