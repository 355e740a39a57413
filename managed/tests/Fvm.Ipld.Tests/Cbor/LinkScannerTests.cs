using NUnit.Framework;

namespace Fvm.Ipld.Tests;

/// <summary>The lax scan for links.</summary>
public sealed class LinkScannerTests
{
    private const string Link = "d82a 46 00 01550001 61";

    [TestCase("00", 1, 0)]
    [TestCase("83 00 " + Link + " 01", 4, 1)]
    [TestCase("a2 " + Link + " 01 00 " + Link, 5, 2, Description = "keys may be anything")]
    [TestCase("82 c1 00 f7", 4, 0, Description = "other tags and simple values")]
    [TestCase("82 1800 1b0000000000000001", 3, 0, Description = "longer forms")]
    [TestCase("62 c328", 1, 0, Description = "texts are not looked at")]
    [TestCase("d9002a 46 00 01550001 61", 1, 1, Description = "a longer tag")]
    [TestCase("fb3ff0000000000000", 1, 0)]
    [TestCase("f97e00", 1, 0, Description = "a float of 16 bits")]
    public void Fields_and_links_are_counted(string hex, int fields, int links)
    {
        (int foundFields, List<Cid> found, string problem, int left) = Scan(Encode.Hex(hex), forgiveTails: false);

        Assert.That(problem, Is.Empty);
        Assert.That((foundFields, found.Count, left), Is.EqualTo((fields, links, 0)));
    }

    [TestCase("", Description = "nothing")]
    [TestCase("82 00", Description = "cut off")]
    [TestCase("42 00", Description = "a string that is cut off")]
    [TestCase("9f 00 ff", Description = "indefinite length")]
    [TestCase("82 9bffffffffffffffff", Description = "a count that overflows")]
    [TestCase("bbffffffffffffffff", Description = "a count that overflows when it is doubled")]
    [TestCase("d82a 00", Description = "a link that is a number")]
    [TestCase("d82a 40", Description = "a link that is empty")]
    [TestCase("d82a 46 01 01550001 61", Description = "a link without a zero byte")]
    [TestCase("d82a 47 00 01550001 61 00", Description = "a link with bytes after it")]
    [TestCase("d82a 58ff 00", Description = "a link that is cut off")]
    [TestCase("d82a", Description = "a tag alone")]
    public void Malformed_blocks_are_refused(string hex) => Assert.That(Scan(Encode.Hex(hex), forgiveTails: false).Problem, Is.Not.Empty);

    [Test]
    public void Bytes_after_a_CID_can_be_forgiven() =>
        Assert.That(Scan(Encode.Hex("d82a 47 00 01550001 61 00"), forgiveTails: true).Links, Has.Count.EqualTo(1));

    [Test]
    public void Bytes_after_the_item_are_left() => Assert.That(Scan(Encode.Hex("00 01 02"), forgiveTails: false).Left, Is.EqualTo(2));

    [TestCase("46 00 01550001 61", true)]
    [TestCase("45 00 01510000", true, Description = "plain CBOR, no data")]
    [TestCase("5806 00 01550001 61", true, Description = "a longer head")]
    [TestCase("46 00 01710001 61", false, Description = "DAG-CBOR: it may hold links")]
    [TestCase("46 00 01551201 61", false, Description = "a hash")]
    [TestCase("46 01 01550001 61", false, Description = "no zero byte")]
    [TestCase("46 00 02550001 61", false, Description = "another version")]
    [TestCase("46 00 01550002 61", false, Description = "a digest that is cut off")]
    [TestCase("47 00 01550001 61 00", false, Description = "bytes after the digest")]
    [TestCase("44 00 015500", false, Description = "no length")]
    [TestCase("46 00 01550001", false, Description = "cut off")]
    [TestCase("66 00 01550001 61", false, Description = "a text")]
    [TestCase("58", false)]
    [TestCase("", false)]
    public void Inline_data_is_passed_over_as_by_reading_its_link(string hex, bool skips)
    {
        byte[] block = Encode.Hex("d82a" + hex);
        LinkScanner skipping = new(block);
        LinkScanner reading = new(block);
        Assert.That((skipping.ReadField(), reading.ReadField()), Is.EqualTo((LinkScanStep.Link, LinkScanStep.Link)));
        Assert.That(skipping.TrySkipInlineData(), Is.EqualTo(skips));

        bool reads = reading.TryReadLink(out _);
        Assert.That(!skips || reads, "what is passed over is a link");
        Assert.That(skipping.Remaining, Is.EqualTo(skips ? reading.Remaining : block.Length - 2));
    }

    [Test]
    public void Inline_data_has_at_most_64_bytes([Range(60, 70)] int length)
    {
        byte[] block = [0xd8, 0x2a, 0x58, (byte)(length + 5), 0, 1, 0x55, 0, (byte)length, .. new byte[length]];
        LinkScanner scanner = new(block);
        scanner.ReadField();
        Assert.That(scanner.TrySkipInlineData(), Is.EqualTo(length <= 64));
    }

    // Every byte as a head, followed by various bytes, alone and in a list; the number of fields to skip truncates runs at every position.
    [Test]
    public void Skipping_fields_is_reading_them_one_by_one([Values(0ul, 1ul, 2ul, 5ul, ulong.MaxValue)] ulong most)
    {
        Random random = new(7);
        for (int round = 0; round < 40_000; round++)
        {
            byte[] block = new byte[random.Next(1, 40)];
            random.NextBytes(block);
            block[0] = (byte)round;
            if (round % 3 == 0)
            {
                block = [0x98, (byte)random.Next(40), .. block.Select(value => random.Next(3) == 0 ? value : (byte)(value & 0xf7))];
            }

            (int Fields, List<Cid> Links, string Problem, int Left) expected = Scan(block, forgiveTails: false);
            (int Fields, List<Cid> Links, string Problem, int Left) found = Scan(block, forgiveTails: false, most);
            Assert.That((found.Fields, found.Problem, found.Left), Is.EqualTo((expected.Fields, expected.Problem, expected.Left)), Convert.ToHexString(block));
            Assert.That(found.Links, Is.EqualTo(expected.Links));
        }
    }

    [Test]
    public void A_flush_skips_links_to_blocks_that_are_not_buffered_and_no_others()
    {
        int skipped = 0;
        Random random = new(9);
        Cid[] targets = [.. new[] { Multicodec.Raw, Multicodec.DagCbor, Multicodec.Cbor, Multicodec.DagPb, Multicodec.FilCommitmentSealed }
            .SelectMany(static codec => Enumerable.Range(0, 4).Select(i => Cid.Blake2b256(codec, [(byte)i])))];
        DigestFilter buffered = new(1);
        buffered.Add(targets[1].ShortForm);
        for (int round = 0; round < 20_000; round++)
        {
            CborWriter writer = new();
            int items = random.Next(1, 30);
            writer.WriteArrayHeader(items);
            for (int item = 0; item < items; item++)
            {
                WriteItem(writer, random, targets);
            }

            byte[] block = writer.ToArray();
            if (round % 2 == 0)
            {
                block[random.Next(block.Length)] ^= (byte)(1 << random.Next(8));
            }

            (int _, List<Cid> links, string problem, int left) = Scan(block, forgiveTails: true);
            (int _, List<Cid> found, string foundProblem, int foundLeft) = Scan(block, forgiveTails: true, flushed: buffered);
            Assert.That((foundProblem, foundLeft), Is.EqualTo((problem, left)), Convert.ToHexString(block));

            // Behind a field with a longer head, a link that could be skipped may be read.
            Assert.That(found.Where(link => !IsSkipped(link)), Is.EqualTo(links.Where(link => !IsSkipped(link))), Convert.ToHexString(block));
            Assert.That(found.Except(links), Is.Empty);
            skipped += links.Count - found.Count;
        }

        Assert.That(skipped, Is.Positive);

        bool IsSkipped(Cid link) => link.IsUsual
            && link.Codec is Multicodec.Raw or Multicodec.DagCbor or Multicodec.Cbor
            && !buffered.MayHave(link.ShortForm);
    }

    private static void WriteItem(CborWriter writer, Random random, Cid[] targets)
    {
        switch (random.Next(6))
        {
            case 0:
                writer.WriteUInt((ulong)random.Next(40));
                break;
            case 1:
                writer.WriteBytes(new byte[random.Next(40)]);
                break;
            case 2:
                writer.WriteNull();
                break;
            default:
                writer.WriteCid(targets[random.Next(targets.Length)]);
                break;
        }
    }

    private static (int Fields, List<Cid> Links, string Problem, int Left) Scan(
        byte[] block, bool forgiveTails, ulong skip = 0, DigestFilter? flushed = null)
    {
        LinkScanner scanner = new(block, forgiveTails);
        int fields = 0;
        List<Cid> links = [];
        while (true)
        {
            if (flushed is DigestFilter buffered)
            {
                scanner.SkipUnbuffered(in buffered);
            }

            fields += (int)scanner.SkipFields(skip);
            if (!scanner.More)
            {
                break;
            }

            fields++;
            LinkScanStep step = scanner.ReadField();
            if (step == LinkScanStep.Malformed)
            {
                return (fields, links, scanner.Problem, scanner.Remaining);
            }

            if (step == LinkScanStep.Link)
            {
                if (!scanner.TryReadLink(out Cid link))
                {
                    return (fields, links, scanner.Problem, scanner.Remaining);
                }

                links.Add(link);
            }
        }

        return (fields, links, string.Empty, scanner.Remaining);
    }
}
