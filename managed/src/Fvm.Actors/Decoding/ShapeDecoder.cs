using Fvm.Ipld;

namespace Fvm.Actors;

/// <summary>Decodes DAG-CBOR by a shape into named values.</summary>
internal static class ShapeDecoder
{
    private const int MaxWordLength = 32;
    private const int MaxBytesTold = 16;

    /// <summary>Decodes parameters or a return value.</summary>
    /// <param name="shape">Its shape; null if there should be none.</param>
    /// <param name="version">The actors' version.</param>
    /// <param name="block">The block.</param>
    /// <returns>Null for an empty block.</returns>
    public static DecodedValue? Decode(Shape? shape, int version, IpldBlock block)
    {
        ReadOnlySpan<byte> bytes = block.Data.Span;
        if (bytes.IsEmpty)
        {
            return null;
        }

        if (shape is null)
        {
            return new DecodedValue(PlainDecoder.Decode(bytes), "the method has none");
        }

        if (block.Codec == Multicodec.Raw && shape is PrimitiveShape { Kind: Primitive.Bytes })
        {
            // Contracts take and return both forms.
            return new DecodedValue(new BytesValue(bytes.ToArray()), null);
        }

        return block.Codec is Multicodec.DagCbor or Multicodec.Cbor
            ? Decode(shape, version, bytes)
            : new DecodedValue(new BytesValue(bytes.ToArray()), $"codec 0x{block.Codec:x} is no CBOR");
    }

    /// <summary>Decodes a block that has to have a shape.</summary>
    public static DecodedValue Decode(Shape shape, int version, ReadOnlySpan<byte> block)
    {
        if (shape is PrimitiveShape { Kind: Primitive.Raw })
        {
            return new DecodedValue(new BytesValue(block.ToArray()), null);
        }

        try
        {
            CborReader reader = new(block);
            NamedValue value = Read(shape, version, ref reader, new DecodingBudget());
            reader.EnsureEnd();
            return new DecodedValue(value, null);
        }
        catch (CborException misfit)
        {
            return new DecodedValue(PlainDecoder.Decode(block), misfit.Message);
        }
    }

    private static NamedValue Read(Shape shape, int version, ref CborReader reader, DecodingBudget budget)
    {
        budget.Take(reader.Offset);
        switch (shape)
        {
            case PrimitiveShape primitive:
                return Read(primitive.Kind, ref reader, budget);
            case OptionalShape optional:
                return reader.TryReadNull() ? ConstantValue.Null : Read(optional.Item, version, ref reader, budget);
            case ListShape list:
                return ReadList(list, version, ref reader, budget);
            case TupleShape tuple:
                return ReadTuple(tuple, version, ref reader, budget);
            default:
                return new LinkValue(reader.ReadCid(), shape);
        }
    }

    private static ListValue ReadList(ListShape list, int version, ref CborReader reader, DecodingBudget budget)
    {
        budget.Enter(reader.Offset);
        List<NamedValue> items = [];
        for (int left = reader.ReadArrayHeader(); left > 0; left--)
        {
            items.Add(Read(list.Item, version, ref reader, budget));
        }

        budget.Leave();
        return new ListValue(items);
    }

    private static TupleValue ReadTuple(TupleShape tuple, int version, ref CborReader reader, DecodingBudget budget)
    {
        budget.Enter(reader.Offset);
        int start = reader.Offset;
        int count = reader.ReadArrayHeader();
        List<(string Name, NamedValue Value)> fields = [];
        foreach (FieldRow field in tuple.Fields)
        {
            if (!field.Versions.Contains(version) || (field.IsOptional && fields.Count == count))
            {
                continue;
            }

            if (fields.Count == count)
            {
                throw new CborException(start, $"a {tuple.Name} of {count} fields has no {field.Name}");
            }

            fields.Add((field.Name, Read(field.Shape, version, ref reader, budget)));
        }

        if (fields.Count != count)
        {
            throw new CborException(start, $"a {tuple.Name} has {fields.Count} fields, found {count}");
        }

        budget.Leave();
        return new TupleValue(fields);
    }

    private static NamedValue Read(Primitive kind, ref CborReader reader, DecodingBudget budget)
    {
        int start = reader.Offset;
        switch (kind)
        {
            case Primitive.Uint:
                return new IntegerValue(reader.ReadUInt());
            case Primitive.Int or Primitive.Epoch:
                return new IntegerValue(reader.ReadInt());
            case Primitive.Actor:
                return TextValue.Of(new ActorId(reader.ReadUInt()));
            case Primitive.Bool:
                return reader.ReadBool() ? ConstantValue.True : ConstantValue.False;
            case Primitive.Text:
                return TextValue.Of(reader.ReadText());
            case Primitive.Cid:
                return TextValue.Of(reader.ReadCid());
            case Primitive.Label when reader.PeekType() == CborType.Text:
                return TextValue.Of(reader.ReadText());
            case Primitive.Any or Primitive.Raw:
                return PlainDecoder.Read(ref reader, budget);
            default:
                ReadOnlySpan<byte> bytes = reader.ReadBytes();
                return OfBytes(kind, bytes)
                    ?? throw new CborException(start, $"{Convert.ToHexStringLower(bytes[..Math.Min(bytes.Length, MaxBytesTold)])} is no {kind}");
        }
    }

    // Null if the bytes are malformed.
    private static NamedValue? OfBytes(Primitive kind, ReadOnlySpan<byte> bytes) => kind switch
    {
        Primitive.Address => Address.TryFromBytes(bytes, out Address address) ? TextValue.Of(address) : null,
        Primitive.Token or Primitive.Bigint => TokenAmount.TryFromBytes(bytes, out TokenAmount amount)
            ? new AmountValue(amount, kind == Primitive.Token)
            : null,
        Primitive.Bitfield => BitfieldDecoder.Decode(bytes) is { } runs ? new BitfieldValue(runs) : null,
        Primitive.U256 => bytes.Length <= MaxWordLength ? new WordValue(bytes.ToArray()) : null,
        _ => new BytesValue(bytes.ToArray()),
    };
}
