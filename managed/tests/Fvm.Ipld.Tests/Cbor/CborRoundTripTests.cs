using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;

namespace Fvm.Ipld.Tests;

/// <summary>Random CBOR values: round trips and mutations.</summary>
public sealed class CborRoundTripTests
{
    [Test]
    public void Every_value_comes_back() => Prop.ForAll<long, byte[], NonNull<string>>((signed, bytes, text) =>
    {
        ulong unsigned = (ulong)signed * 0x9e3779b97f4a7c15;
        bool flag = signed % 2 == 0;
        // A lone surrogate has no UTF-8 encoding.
        string clean = string.Concat(text.Get.Where(static symbol => !char.IsSurrogate(symbol)));
        Cid cid = Cid.Blake2b256(Multicodec.DagCbor, bytes);
        CborWriter writer = new(1);
        writer.WriteArrayHeader(7);
        writer.WriteUInt(unsigned);
        writer.WriteInt(signed);
        writer.WriteBytes(bytes);
        writer.WriteText(clean);
        writer.WriteBool(flag);
        writer.WriteNull();
        writer.WriteCid(in cid);

        bool same = true;
        foreach (CborRules rules in Enum.GetValues<CborRules>())
        {
            CborReader reader = new(writer.WrittenSpan, rules);
            reader.ReadArrayHeader(7);
            same &= reader.ReadUInt() == unsigned;
            same &= reader.ReadInt() == signed;
            same &= reader.ReadBytes().SequenceEqual(bytes);
            same &= reader.ReadText() == clean;
            same &= reader.ReadBool() == flag;
            same &= reader.TryReadNull();
            same &= reader.ReadCid() == cid;
            reader.EnsureEnd();
        }

        return same;
    }).QuickCheckThrowOnFailure();

    [Test]
    public void What_the_canonical_reader_takes_is_what_the_writer_makes() => Prop.ForAll(RandomItem().ToArbitrary(), item =>
    {
        CborReader reader = new(item, CborRules.Canonical);
        try
        {
            reader.Skip();
            reader.EnsureEnd();
        }
        catch (CborException)
        {
            return true;
        }

        return Rewrite(item).AsSpan().SequenceEqual(item);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    [Test]
    public void What_is_canonical_is_also_well_formed_for_the_reference() => Prop.ForAll(RandomItem().ToArbitrary(), item =>
        !Skips(item, CborRules.Canonical) || Skips(item, CborRules.Reference)).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    private static bool Skips(byte[] item, CborRules rules)
    {
        try
        {
            CborReader reader = new(item, rules);
            reader.Skip();
            reader.EnsureEnd();
            return true;
        }
        catch (CborException)
        {
            return false;
        }
    }

    /// <summary>Bytes that are often valid CBOR: small heads with arguments of all widths, padded with enough content.</summary>
    private static Gen<byte[]> RandomItem() =>
        from heads in Gen.Choose(0, 255).Select(static value => (byte)value).ArrayOf()
        from shape in Gen.Choose(0, 3)
        select shape switch
        {
            0 => heads,
            1 => [(byte)(0x40 | Math.Min(heads.Length, 23)), .. heads.AsSpan(0, Math.Min(heads.Length, 23))],
            2 => [(byte)(0x80 | Math.Min(heads.Length, 23)), .. heads.Take(23).Select(static head => (byte)(head & 0x37))],
            _ => [0xa1, 0x61, 0x61, .. heads],
        };

    /// <summary>Decodes and re-encodes an item.</summary>
    private static byte[] Rewrite(byte[] item)
    {
        CborWriter writer = new();
        CborReader reader = new(item);
        Copy(ref reader, writer);
        return writer.ToArray();
    }

    private static void Copy(ref CborReader reader, CborWriter writer)
    {
        switch (reader.PeekType())
        {
            case CborType.UnsignedInteger:
                writer.WriteUInt(reader.ReadUInt());
                break;
            case CborType.NegativeInteger when reader.Remaining >= 9:
                // The writer has no method for integers beyond 64 bits with sign; their encoding is unique at this width.
                writer.WriteRaw(reader.ReadRaw());
                break;
            case CborType.NegativeInteger:
                writer.WriteInt(reader.ReadInt());
                break;
            case CborType.Bytes:
                writer.WriteBytes(reader.ReadBytes());
                break;
            case CborType.Text:
                writer.WriteText(reader.ReadText());
                break;
            case CborType.Boolean:
                writer.WriteBool(reader.ReadBool());
                break;
            case CborType.Null:
                reader.ReadNull();
                writer.WriteNull();
                break;
            case CborType.Float:
                writer.WriteDouble(reader.ReadDouble());
                break;
            case CborType.Tag:
                writer.WriteCid(reader.ReadCid());
                break;
            case CborType.Array:
                int items = reader.ReadArrayHeader();
                writer.WriteArrayHeader(items);
                for (; items > 0; items--)
                {
                    Copy(ref reader, writer);
                }

                break;
            default:
                int pairs = reader.ReadMapHeader();
                writer.WriteMapHeader(pairs);
                for (; pairs > 0; pairs--)
                {
                    Copy(ref reader, writer);
                    Copy(ref reader, writer);
                }

                break;
        }
    }
}
