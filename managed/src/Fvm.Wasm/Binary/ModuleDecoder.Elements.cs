using System.Collections.Immutable;

namespace Fvm.Wasm;

internal sealed partial class ModuleDecoder
{
    private const uint NotActive = 1;
    private const uint ExplicitTableOrDeclared = 2;
    private const uint Expressions = 4;

    private void ReadElements(ref ByteReader reader)
    {
        int count = reader.ReadCount(_limits.ElementSegments, "element segments");
        ImmutableArray<ElementSegment>.Builder segments = ImmutableArray.CreateBuilder<ElementSegment>(Math.Min(count, reader.Remaining));
        for (int i = 0; i < count; i++)
        {
            segments.Add(ReadElement(ref reader));
        }

        _elements = segments.ToImmutable();
    }

    private ElementSegment ReadElement(ref ByteReader reader)
    {
        uint flags = reader.ReadU32();
        if (flags > 7)
        {
            throw reader.Error("malformed flags of an element segment");
        }

        SegmentMode mode = SegmentMode.Active;
        ConstantExpression offset = default;
        if ((flags & NotActive) != 0)
        {
            mode = (flags & ExplicitTableOrDeclared) != 0 ? SegmentMode.Declared : SegmentMode.Passive;
        }
        else
        {
            uint table = (flags & ExplicitTableOrDeclared) != 0 ? reader.ReadU32() : 0;
            if (table >= _tables.Count)
            {
                throw reader.Error($"unknown table {table}");
            }

            offset = ReadConstant(ref reader, ValueKind.I32);
        }

        bool expressions = (flags & Expressions) != 0;
        if ((flags & (NotActive | ExplicitTableOrDeclared)) != 0 &&
            reader.ReadByte() != (expressions ? (byte)ValueKind.FuncRef : (byte)ExternalKind.Function))
        {
            reader.Position--;
            throw reader.Error("unsupported type of elements");
        }

        int count = reader.ReadCount(_limits.TableEntries, "elements");
        ImmutableArray<int>.Builder functions = ImmutableArray.CreateBuilder<int>(Math.Min(count, reader.Remaining));
        for (int i = 0; i < count; i++)
        {
            functions.Add(expressions ? ReadElementExpression(ref reader) : ReadIndex(ref reader, _functionTypes.Count, "function"));
        }

        return new ElementSegment(mode, offset, functions.ToImmutable());
    }

    private int ReadElementExpression(ref ByteReader reader)
    {
        ConstantExpression expression = ReadConstant(ref reader, ValueKind.FuncRef);
        return expression.Opcode switch
        {
            Opcode.RefFunc => (int)expression.Bits,
            Opcode.RefNull => ElementSegment.Null,
            _ => throw reader.Error("elements from imported globals are not supported"),
        };
    }
}
