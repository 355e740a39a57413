using System.Globalization;
using Fvm.Ipld;

namespace Fvm.Actors;

/// <summary>Writes random values of a shape: the opposite of <see cref="ShapeDecoder"/>, with items replaced where the source says so.</summary>
/// <param name="version">The actors' version.</param>
/// <param name="source">Chooses the values.</param>
/// <param name="writer">Receives the values.</param>
internal sealed class ShapeGenerator(int version, IValueSource source, CborWriter writer)
{
    private const int MaxDepth = 24;
    private const int U256Bytes = 32;
    private const int OneIn = 24;

    /// <summary>Writes a value.</summary>
    public void Write(Shape shape) => Write(shape, MaxDepth);

    private void Write(Shape shape, int depth)
    {
        if (source.Replacement() is byte[] other)
        {
            writer.WriteRaw(other);
            return;
        }

        switch (shape)
        {
            case PrimitiveShape primitive:
                Write(primitive.Kind);
                break;
            case OptionalShape optional when source.Below(3) > 0 && depth > 0:
                Write(optional.Item, depth - 1);
                break;
            case OptionalShape:
                writer.WriteNull();
                break;
            case ListShape list:
                int count = depth == 0 ? 0 : CountOfItems();
                writer.WriteArrayHeader(count);
                for (int index = 0; index < count; index++)
                {
                    Write(list.Item, depth - 1);
                }

                break;
            case TupleShape tuple:
                WriteTuple(tuple, depth);
                break;
            default:
                writer.WriteCid(source.Link());
                break;
        }
    }

    private int CountOfItems() => source.Below(OneIn) switch
    {
        0 => 300,
        1 => 17,
        int few => few % 4,
    };

    private void WriteTuple(TupleShape tuple, int depth)
    {
        FieldRow[] fields = [.. tuple.Fields.Where(field => field.Versions.Contains(version))];
        int count = fields.Length;
        while (count > 0 && fields[count - 1].IsOptional && source.Below(2) == 0)
        {
            count--;
        }

        // A header that states one field more or less than follow.
        writer.WriteArrayHeader(source.Below(OneIn * 8) == 0 ? Math.Max(0, count + source.Below(3) - 1) : count);
        for (int index = 0; index < count; index++)
        {
            Write(fields[index].Shape, Math.Max(0, depth - 1));
        }
    }

    private void Write(Primitive kind)
    {
        switch (kind)
        {
            case Primitive.Uint:
                writer.WriteUInt(source.Integer());
                break;
            case Primitive.Int:
                writer.WriteInt((long)source.Integer());
                break;
            case Primitive.Epoch:
                writer.WriteInt(source.Epoch());
                break;
            case Primitive.Actor:
                writer.WriteUInt(source.Actor());
                break;
            case Primitive.Bool:
                writer.WriteBool(source.Below(2) == 0);
                break;
            case Primitive.Text:
                writer.WriteText(Text());
                break;
            case Primitive.Label when source.Below(2) == 0:
                writer.WriteText(Text());
                break;
            case Primitive.Cid:
                writer.WriteCid(source.Link());
                break;
            case Primitive.Address:
                writer.WriteBytes(source.Address());
                break;
            case Primitive.Token or Primitive.Bigint:
                writer.WriteBytes(source.BigInteger());
                break;
            case Primitive.U256:
                writer.WriteBytes(source.Bytes() is { Length: <= U256Bytes } word ? word.AsSpan().TrimStart((byte)0) : []);
                break;
            case Primitive.Bitfield:
                writer.WriteBytes(source.Bitfield());
                break;
            case Primitive.Signature:
                writer.WriteBytes([(byte)source.Below(4), .. source.Bytes()]);
                break;
            case Primitive.Any when source.Below(2) == 0:
                writer.WriteUInt(source.Integer());
                break;
            case Primitive.Raw:
                writer.WriteRaw(source.Bytes());
                break;
            default:
                writer.WriteBytes(source.Bytes());
                break;
        }
    }

    private string Text() => source.Integer().ToString(CultureInfo.InvariantCulture);
}
