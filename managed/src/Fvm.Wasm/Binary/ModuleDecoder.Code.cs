using System.Collections.Immutable;

namespace Fvm.Wasm;

internal sealed partial class ModuleDecoder
{
    private void ReadCode(ref ByteReader reader)
    {
        uint count = reader.ReadU32();
        if (count != DefinedFunctions)
        {
            throw reader.Error("function and code section have inconsistent lengths");
        }

        ImmutableArray<FunctionBody>.Builder bodies = ImmutableArray.CreateBuilder<FunctionBody>(Math.Min((int)count, reader.Remaining));
        for (int i = 0; i < (int)count; i++)
        {
            uint size = reader.ReadU32();
            if (size > (uint)reader.Remaining)
            {
                throw reader.Error("function body goes past the end of the section");
            }

            int end = reader.Position + (int)size;
            ByteReader body = new(_bytes.Span[..end], reader.Position, reader.Section);
            bodies.Add(ReadBody(ref body, _functionTypes[_importedFunctions + i], end));
            reader.Position = end;
        }

        _bodies = bodies.MoveToImmutable();
    }

    private FunctionBody ReadBody(ref ByteReader body, int typeIndex, int end)
    {
        uint groups = body.ReadU32();
        ImmutableArray<LocalGroup> locals = [];
        int total = 0;
        if (groups > 0)
        {
            int parameters = _types[typeIndex].Parameters.Length;

            // A group takes at least two bytes, so a body's size bounds what is allocated.
            ImmutableArray<LocalGroup>.Builder builder =
                ImmutableArray.CreateBuilder<LocalGroup>((int)Math.Min(groups, (uint)body.Remaining / 2));
            for (uint i = 0; i < groups; i++)
            {
                uint count = body.ReadU32();
                ValueKind kind = body.ReadValueKind();
                if (count > _limits.Locals || total + (int)count + parameters > _limits.Locals)
                {
                    throw body.Error("too many locals");
                }

                total += (int)count;
                builder.Add(new LocalGroup(count, kind));
            }

            locals = builder.ToImmutable();
        }

        return new FunctionBody(typeIndex, locals, total, body.Position, end);
    }
}
