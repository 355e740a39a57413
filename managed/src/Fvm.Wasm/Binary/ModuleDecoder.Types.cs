using System.Collections.Immutable;

namespace Fvm.Wasm;

internal sealed partial class ModuleDecoder
{
    private const byte FunctionForm = 0x60;

    private void ReadTypes(ref ByteReader reader)
    {
        int count = reader.ReadCount(_limits.Types, "types");
        ImmutableArray<FunctionType>.Builder types = ImmutableArray.CreateBuilder<FunctionType>(Math.Min(count, reader.Remaining));
        for (int i = 0; i < count; i++)
        {
            if (reader.ReadByte() != FunctionForm)
            {
                reader.Position--;
                throw reader.Error("unknown form of type");
            }

            ImmutableArray<ValueKind> parameters = ReadKinds(ref reader, _limits.Parameters, "parameters");
            ImmutableArray<ValueKind> results = ReadKinds(ref reader, _limits.Results, "results");
            if (results.Length > 1)
            {
                throw reader.Error("functions with several results need the multi-value proposal");
            }

            types.Add(new FunctionType(parameters, results));
        }

        _types = types.ToImmutable();
    }

    private static ImmutableArray<ValueKind> ReadKinds(ref ByteReader reader, int limit, string what)
    {
        int count = reader.ReadCount(limit, what);
        if (count == 0)
        {
            return [];
        }

        ImmutableArray<ValueKind>.Builder kinds = ImmutableArray.CreateBuilder<ValueKind>(count);
        for (int i = 0; i < count; i++)
        {
            kinds.Add(reader.ReadValueKind());
        }

        return kinds.MoveToImmutable();
    }
}
