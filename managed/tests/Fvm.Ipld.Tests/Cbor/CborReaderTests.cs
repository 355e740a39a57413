using NUnit.Framework;

namespace Fvm.Ipld.Tests;

/// <summary>The CBOR reader: accepted and rejected input under both sets of rules.</summary>
public sealed class CborReaderTests
{
    private const string Link = "d82a58270001 71a0e40220 0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20";

    [TestCase("00", 0UL)]
    [TestCase("17", 23UL)]
    [TestCase("1818", 24UL)]
    [TestCase("190100", 256UL)]
    [TestCase("1a00010000", 65536UL)]
    [TestCase("1bffffffffffffffff", ulong.MaxValue)]
    public void Canonical_numbers_are_read_under_both_rules(string hex, ulong value)
    {
        Assert.That(new CborReader(Encode.Hex(hex), CborRules.Canonical).ReadUInt(), Is.EqualTo(value));
        Assert.That(new CborReader(Encode.Hex(hex), CborRules.Reference).ReadUInt(), Is.EqualTo(value));
    }

    [TestCase("1817", 23UL)]
    [TestCase("1900ff", 255UL)]
    [TestCase("1a0000ffff", 65535UL)]
    [TestCase("1b00000000ffffffff", 0xffffffffUL)]
    public void Longer_forms_are_read_as_the_reference_does_but_are_not_canonical(string hex, ulong value)
    {
        Assert.That(new CborReader(Encode.Hex(hex)).ReadUInt(), Is.EqualTo(value));
        Assert.That(() => new CborReader(Encode.Hex(hex), CborRules.Canonical).ReadUInt(), Throws.TypeOf<CborException>());
    }

    // Items of every kind, from random bytes with a valid head: the recorded fault is the text of the exception, and reading stops at it.
    [Test]
    public void A_reader_that_notes_faults_notes_what_another_throws()
    {
        Random random = new(11);
        byte[] heads = [0x00, 0x18, 0x1b, 0x20, 0x40, 0x45, 0x5f, 0x60, 0x7f, 0x80, 0x98, 0xa1, 0xd8, 0xf4, 0xf6, 0xfb, 0xff];
        int faults = 0;
        for (int round = 0; round < 60_000; round++)
        {
            byte[] data = new byte[random.Next(0, 60)];
            random.NextBytes(data);
            byte[] start = random.Next(4) == 0 ? Encode.Hex(Link) : [heads[random.Next(heads.Length)]];
            start.AsSpan(0, Math.Min(start.Length, data.Length)).CopyTo(data);
            CborReader throwing = new(data);
            CborReader noting = CborReader.Noting(data);
            string? expected = null;
            object? value = null;
            try
            {
                value = ReadItem(ref throwing, round % 12);
            }
            catch (CborException exception)
            {
                expected = exception.Message;
                faults++;
            }

            object? found = ReadItem(ref noting, round % 12);
            Assert.That(noting.Fault, Is.EqualTo(expected), Convert.ToHexString(data));
            if (expected is null)
            {
                Assert.That(found, Is.EqualTo(value), Convert.ToHexString(data));
                Assert.That(noting.Offset, Is.EqualTo(throwing.Offset));
            }
            else
            {
                _ = ReadItem(ref noting, random.Next(12));
                Assert.That((noting.Fault, noting.Remaining), Is.EqualTo((expected, 0)));
            }
        }

        Assert.That(faults, Is.InRange(20_000, 55_000), "both good and bad items are to be tried");
    }

    [TestCase("20", -1L)]
    [TestCase("387f", -128L)]
    [TestCase("3b7fffffffffffffff", long.MinValue)]
    [TestCase("1b7fffffffffffffff", long.MaxValue)]
    public void Integers_with_sign_are_read(string hex, long value) =>
        Assert.That(new CborReader(Encode.Hex(hex), CborRules.Canonical).ReadInt(), Is.EqualTo(value));

    [TestCase("3b8000000000000000")]
    [TestCase("1b8000000000000000")]
    [TestCase("40")]
    [TestCase("")]
    public void Integers_beyond_64_bits_with_sign_are_refused(string hex) =>
        Assert.That(() => new CborReader(Encode.Hex(hex)).ReadInt(), Throws.TypeOf<CborException>());

    [Test]
    public void Narrow_integers_refuse_wide_heads_even_for_small_values()
    {
        Assert.That(new CborReader(Encode.Hex("1a00000003")).ReadUInt32(), Is.EqualTo(3));
        Assert.That(() => new CborReader(Encode.Hex("1b0000000000000003")).ReadUInt32(), Throws.TypeOf<CborException>());
        Assert.That(new CborReader(Encode.Hex("1803")).ReadUInt8(), Is.EqualTo(3));
        Assert.That(() => new CborReader(Encode.Hex("190003")).ReadUInt8(), Throws.TypeOf<CborException>());
    }

    // The reference masks off the major type, and so accepts a head with fewer of its bits (cbor4ii 0.2.14, observed with the reference
    // itself).
    [TestCase("03 010203")]
    [TestCase("43 010203")]
    [TestCase("5f 42 0102 41 03 ff")]
    [TestCase("5f 5f 41 01 ff 42 0203 ff")]
    [TestCase("5f 02 0102 01 03 ff")]
    [TestCase("58 03 010203")]
    public void Byte_strings_in_forms_that_the_reference_takes_are_read(string hex) =>
        Assert.That(new CborReader(Encode.Hex(hex)).ReadBytes().ToArray(), Is.EqualTo(new byte[] { 1, 2, 3 }));

    [TestCase("03 010203")]
    [TestCase("5f 42 0102 41 03 ff")]
    [TestCase("58 03 010203")]
    [TestCase("63 414243")]
    public void Byte_strings_have_one_canonical_form(string hex) =>
        Assert.That(() => new CborReader(Encode.Hex(hex), CborRules.Canonical).ReadBytes().ToArray(), Throws.TypeOf<CborException>());

    [TestCase("63 414243", Description = "a text")]
    [TestCase("23", Description = "a negative number")]
    [TestCase("83", Description = "an array")]
    [TestCase("44 010203", Description = "cut off")]
    [TestCase("5f 41 01", Description = "chunks without their end")]
    [TestCase("5b ffffffffffffffff 01", Description = "longer than anything")]
    public void Other_items_are_no_byte_strings(string hex)
    {
        Assert.That(() => new CborReader(Encode.Hex(hex)).ReadBytes().ToArray(), Throws.TypeOf<CborException>());
        Assert.That(() => new CborReader(Encode.Hex(hex), CborRules.Canonical).ReadBytes().ToArray(), Throws.TypeOf<CborException>());
    }

    [Test]
    public void Texts_have_to_be_UTF8()
    {
        Assert.That(new CborReader(Encode.Hex("63 e282ac")).ReadText(), Is.EqualTo("€"));
        Assert.That(() => new CborReader(Encode.Hex("62 c328")).ReadText(), Throws.TypeOf<CborException>());
    }

    [Test]
    public void Arrays_have_the_expected_length()
    {
        new CborReader(Encode.Hex("820102")).ReadArrayHeader(2);
        new CborReader(Encode.Hex("020102")).ReadArrayHeader(2);

        Assert.That(() => new CborReader(Encode.Hex("820102")).ReadArrayHeader(3), Throws.TypeOf<CborException>());
        Assert.That(() => new CborReader(Encode.Hex("020102"), CborRules.Canonical).ReadArrayHeader(2), Throws.TypeOf<CborException>());
        Assert.That(() => new CborReader(Encode.Hex("9f0102ff")).ReadArrayHeader(), Throws.TypeOf<CborException>());
        Assert.That(() => new CborReader(Encode.Hex("a20102")).ReadArrayHeader(), Throws.TypeOf<CborException>());
    }

    [TestCase("9a7fffffff 00")]
    [TestCase("9bffffffffffffffff 00")]
    [TestCase("84 000000")]
    public void Arrays_longer_than_the_bytes_left_are_refused_at_once(string hex) =>
        Assert.That(() => new CborReader(Encode.Hex(hex)).ReadArrayHeader(), Throws.TypeOf<CborException>());

    [Test]
    public void Links_are_read()
    {
        Cid cid = new CborReader(Encode.Hex(Link), CborRules.Canonical).ReadCid();

        Assert.That((cid.Codec, cid.MultihashCode, cid.Digest[31]), Is.EqualTo((Multicodec.DagCbor, MultihashCode.Blake2b256, (byte)0x20)));
    }

    [Test]
    public void Only_the_usual_form_of_a_link_is_taken_for_it([Range(0, 10)] int position)
    {
        byte[] usual = Encode.Hex(Link);
        for (int value = 0; value <= byte.MaxValue; value++)
        {
            byte[] link = [.. usual];
            link[position] = (byte)value;
            bool isUsual = position == 6 ? value < 0x80 : value == usual[position];

            Assert.That(CborLink.StartsWith(link, out byte codec), Is.EqualTo(isUsual), $"{value:x2}");
            Assert.That(!isUsual || codec == link[6], Is.True);
            Assert.That(CborLink.StartsWith(link.AsSpan(..^1), out _), Is.False, "cut off");
        }
    }

    [TestCase("d82a 47 00 01550001 61 ff", Description = "bytes after the CID")]
    [TestCase("182a 46 00 01550001 61", Description = "a number instead of the tag")]
    [TestCase("d9002a 46 00 01550001 61", Description = "a longer tag")]
    public void Links_in_forms_that_the_reference_takes_are_not_canonical(string hex)
    {
        Assert.That(new CborReader(Encode.Hex(hex)).ReadCid().Digest.ToArray(), Is.EqualTo("a"u8.ToArray()));
        Assert.That(() => new CborReader(Encode.Hex(hex), CborRules.Canonical).ReadCid(), Throws.TypeOf<CborException>());
    }

    [TestCase("d82b 45 00 01550000", Description = "tag 43")]
    [TestCase("d82a 45 01 01550000", Description = "no zero byte")]
    [TestCase("d82a 41 00", Description = "no CID")]
    [TestCase("d82a 40", Description = "empty")]
    [TestCase("d82a 65 00 01550000", Description = "a text")]
    [TestCase("d82a 05 00 01550000", Description = "a number instead of the bytes")]
    [TestCase("d82a 45 00 02550000", Description = "version 2")]
    [TestCase("45 00 01550000", Description = "no tag")]
    public void Other_items_are_no_links(string hex) =>
        Assert.That(() => new CborReader(Encode.Hex(hex)).ReadCid(), Throws.TypeOf<CborException>());

    [Test]
    public void Booleans_and_null_are_told_apart()
    {
        CborReader reader = new(Encode.Hex("f5 f4 f6 f6 00"), CborRules.Canonical);

        Assert.That(reader.ReadBool(), Is.True);
        Assert.That(reader.ReadBool(), Is.False);
        Assert.That(reader.TryReadNull(), Is.True);
        reader.ReadNull();
        Assert.That(reader.TryReadNull(), Is.False);
        Assert.That(reader.Remaining, Is.EqualTo(1));
        Assert.That(() => new CborReader(Encode.Hex("f7")).ReadBool(), Throws.TypeOf<CborException>());
        Assert.That(() => new CborReader(Encode.Hex("f7")).ReadNull(), Throws.TypeOf<CborException>());
    }

    [Test]
    public void The_end_is_checked() =>
        Assert.That(() => new CborReader(Encode.Hex("00")).EnsureEnd(), Throws.TypeOf<CborException>().With.Property("Offset").EqualTo(0));

    [Test]
    public void Errors_say_where_and_what()
    {
        CborException? error = Assert.Throws<CborException>(static () =>
        {
            CborReader reader = new([0x82, 0x01, 0x61, 0x41]);
            reader.ReadArrayHeader(2);
            reader.ReadUInt();
            reader.ReadUInt();
        });

        Assert.That(error!.Offset, Is.EqualTo(2));
        Assert.That(error.Message, Is.EqualTo("CBOR, byte 2: expected an unsigned integer, found a text (0x61)"));
    }

    [TestCase("00")]
    [TestCase("3bffffffffffffffff")]
    [TestCase("83 01 82 02 03 a1 61 61 04")]
    [TestCase("a2 61 62 01 62 61 61 02")]
    [TestCase("a2 61 61 01 61 62 02")]
    [TestCase("80")]
    [TestCase("a0")]
    [TestCase("fb3ff0000000000000")]
    [TestCase(Link)]
    public void Canonical_items_are_skipped_whole(string hex)
    {
        byte[] item = Encode.Hex(hex);
        CborReader reader = new([.. item, 0xff], CborRules.Canonical);

        Assert.That(reader.ReadRaw().ToArray(), Is.EqualTo(item));
        Assert.That(reader.Remaining, Is.EqualTo(1));
    }

    [TestCase("a2 61 62 01 61 61 02", Description = "keys that are not sorted")]
    [TestCase("a2 62 61 61 01 61 62 02", Description = "keys that are not sorted by length")]
    [TestCase("a2 61 61 01 61 61 02", Description = "a key twice")]
    [TestCase("82 1817 00", Description = "a number in a longer form")]
    [TestCase("fa3f800000", Description = "a float of 32 bits")]
    [TestCase("fb7ff8000000000000", Description = "a float that is no number")]
    public void Other_forms_are_skipped_as_the_reference_does_but_are_not_canonical(string hex)
    {
        CborReader reader = new(Encode.Hex(hex));
        reader.Skip();
        reader.EnsureEnd();

        Assert.That(() => new CborReader(Encode.Hex(hex), CborRules.Canonical).Skip(), Throws.TypeOf<CborException>());
    }

    [TestCase("")]
    [TestCase("82 00", Description = "cut off")]
    [TestCase("a1 00 00", Description = "a key that is no text")]
    [TestCase("a1 61 61", Description = "a key without a value")]
    [TestCase("9f 00 ff", Description = "an array of indefinite length")]
    [TestCase("bf ff", Description = "a map of indefinite length")]
    [TestCase("5f 41 00 ff", Description = "bytes in chunks")]
    [TestCase("7f 61 61 ff", Description = "a text in chunks")]
    [TestCase("c1 00", Description = "a tag that is no link")]
    [TestCase("f7", Description = "undefined")]
    [TestCase("f93c00", Description = "a float of 16 bits")]
    [TestCase("f818", Description = "a simple value")]
    [TestCase("fa3f80", Description = "a float that is cut off")]
    [TestCase("62 c328", Description = "a text that is no UTF-8")]
    [TestCase("1c", Description = "a head that has no meaning")]
    public void Malformed_items_are_not_skipped(string hex)
    {
        Assert.That(() => new CborReader(Encode.Hex(hex)).Skip(), Throws.TypeOf<CborException>());
        Assert.That(() => new CborReader(Encode.Hex(hex), CborRules.Canonical).Skip(), Throws.TypeOf<CborException>());
    }

    [Test]
    public void Arrays_nest_to_the_bound_and_no_further()
    {
        byte[] deep = [.. Enumerable.Repeat((byte)0x81, CborReader.MaxDepth), 0x00];
        byte[] deeper = [0x81, .. deep];

        new CborReader(deep).Skip();
        Assert.That(() => new CborReader(deeper).Skip(), Throws.TypeOf<CborException>());
        Assert.That(() => new CborReader([.. Enumerable.Repeat((byte)0x81, 1_000_000)]).Skip(), Throws.TypeOf<CborException>());
    }

    private static object? ReadItem(ref CborReader reader, int kind)
    {
        switch (kind)
        {
            case 0: return reader.ReadUInt();
            case 1: return reader.ReadUInt32();
            case 2: return reader.ReadUInt8();
            case 3: return reader.ReadInt();
            case 4: return Convert.ToHexString(reader.ReadBytes());
            case 5: return reader.ReadText();
            case 6: return reader.ReadBool();
            case 7: return reader.ReadDouble();
            case 8: return reader.ReadArrayHeader();
            case 9: return reader.ReadMapHeader();
            case 10: return reader.ReadCid();
            default:
                reader.ReadArrayHeader(2);
                reader.ReadNull();
                reader.EnsureEnd();
                return null;
        }
    }
}
