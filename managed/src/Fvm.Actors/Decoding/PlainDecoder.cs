using Fvm.Ipld;

namespace Fvm.Actors;

/// <summary>Decodes items of unknown type, without names except for the keys of maps.</summary>
internal static class PlainDecoder
{
    /// <summary>A block as CBOR; bytes if it is none, or too large to be shown by its items.</summary>
    public static NamedValue Decode(ReadOnlySpan<byte> block)
    {
        try
        {
            CborReader reader = new(block);
            DecodingBudget budget = new();
            NamedValue value = Read(ref reader, budget);
            reader.EnsureEnd();
            return value;
        }
        catch (CborException)
        {
            return new BytesValue(block.ToArray());
        }
    }

    /// <exception cref="CborException">It is not DAG-CBOR, or exceeds the budget.</exception>
    public static NamedValue Read(ref CborReader reader, DecodingBudget budget)
    {
        budget.Take(reader.Offset);
        switch (reader.PeekType())
        {
            case CborType.UnsignedInteger:
                return new IntegerValue(reader.ReadUInt());
            case CborType.NegativeInteger:
                return new IntegerValue(reader.ReadInt());
            case CborType.Bytes:
                return new BytesValue(reader.ReadBytes().ToArray());
            case CborType.Text:
                return TextValue.Of(reader.ReadText());
            case CborType.Tag:
                return TextValue.Of(reader.ReadCid());
            case CborType.Boolean:
                return reader.ReadBool() ? ConstantValue.True : ConstantValue.False;
            case CborType.Null:
                reader.ReadNull();
                return ConstantValue.Null;
            case CborType.Float:
                return new FloatValue(reader.ReadDouble());
            case CborType.Array:
                return ReadList(ref reader, budget);
            case CborType.Map:
                return ReadMap(ref reader, budget);
            default:
                throw new CborException(reader.Offset, "not DAG-CBOR");
        }
    }

    private static ListValue ReadList(ref CborReader reader, DecodingBudget budget)
    {
        budget.Enter(reader.Offset);
        List<NamedValue> items = [];
        for (int left = reader.ReadArrayHeader(); left > 0; left--)
        {
            items.Add(Read(ref reader, budget));
        }

        budget.Leave();
        return new ListValue(items);
    }

    private static TupleValue ReadMap(ref CborReader reader, DecodingBudget budget)
    {
        budget.Enter(reader.Offset);
        List<(string Name, NamedValue Value)> entries = [];
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            string key = reader.ReadText();
            entries.Add((key, Read(ref reader, budget)));
        }

        budget.Leave();
        return new TupleValue(entries);
    }
}
