using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;
using NUnit.Framework.Constraints;

namespace Fvm.Ipld.Tests;

/// <summary>CAR files: round trips, truncation and corruption.</summary>
public sealed class CarTests
{
    private static readonly byte[] Block = [0x83, 1, 2, 3];
    private static readonly Cid Root = Cid.Blake2b256(Multicodec.DagCbor, Block);

    [Test]
    public void The_header_of_one_root_has_the_known_bytes()
    {
        byte[] file = Write(pack: false, [Root]);

        Assert.That(file, Has.Length.EqualTo(1 + 60));
        Assert.That(Convert.ToHexStringLower(file), Does.StartWith("3c" + "a2" + "65" + "726f6f7473" + "81" + "d82a5827" + "00"));
        Assert.That(Convert.ToHexStringLower(file), Does.EndWith("67" + "76657273696f6e" + "01"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void What_is_written_is_read(bool pack) => Prop.ForAll<byte[][]>(blocks =>
    {
        KeyValuePair<Cid, byte[]>[] entries = blocks
            .Select(static block => KeyValuePair.Create(Cid.Blake2b256(Multicodec.Raw, block), block))
            .ToArray();
        byte[] file = Write(pack, [Root, Root], entries);
        using CarReader reader = new(new DripStream(file), new CarReadOptions());
        return reader.Roots.SequenceEqual([Root, Root])
            && reader.ReadBlocks().Zip(entries).All(static pair => Same(pair.First, pair.Second))
            && !reader.TryReadNext(out _, out _);
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Large_blocks_are_read_whole()
    {
        byte[] large = new byte[3 << 20];
        new Random(1).NextBytes(large);
        Cid cid = Cid.Blake2b256(Multicodec.Raw, large);
        CarBlockstore store = CarBlockstore.Load(Write(pack: true, [cid], KeyValuePair.Create(cid, large)));

        Assert.That(store.Get(in cid), Is.EqualTo(large));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_file_that_is_cut_off_anywhere_but_between_blocks_is_refused(bool pack)
    {
        byte[] file = Write(pack, [Root], KeyValuePair.Create(Root, Block), KeyValuePair.Create(Root, Block));
        int frame = 1 + 38 + Block.Length;
        for (int length = 0; length < file.Length; length++)
        {
            byte[] part = file[..length];
            bool between = !pack && (length == file.Length - frame || length == file.Length - (2 * frame));

            IResolveConstraint expected = between ? Throws.Nothing : Throws.TypeOf<CarException>();
            Assert.That(() => CarBlockstore.Load(part), expected, $"{length} of {file.Length}");
        }
    }

    [TestCase("", "the file is empty")]
    [TestCase("80", "the file is cut off within a length")]
    [TestCase("8000", "no minimal varint")]
    [TestCase("ffffffffffffffffffff", "no minimal varint")]
    [TestCase("05 a0", "cut off within the header")]
    [TestCase("ffffffffffffffff7f", "longer than the bound")]
    [TestCase("8080808010", "longer than the bound")]
    [TestCase("01 a0", "\"roots\" is missing")]
    [TestCase("0a a1 67 76657273696f6e 01", "\"roots\" is missing")]
    [TestCase("08 a1 65 726f6f7473 80", "\"version\" is missing")]
    [TestCase("11 a2 65 726f6f7473 80 67 76657273696f6e 02", "the version is 2")]
    [TestCase("11 a2 65 726f6f7473 80 67 76657273696f6e 03", "the version is 3")]
    [TestCase("0a a1 67 76657273696f6e 02", "cut off within the header of a CARv2 file")]
    [TestCase("00", "a length of zero")]
    [TestCase("0061736d01000000", "WebAssembly")]
    [TestCase("7b2261223a317d", "looks like JSON")]
    [TestCase("11 a2 65 726f6f7473 80 67 76657273696f6e 01", "there is no root")]
    [TestCase("0f a2 65 726f6f7473 80 65 726f6f7473 80", "there twice")]
    [TestCase("01 ff", "the header is malformed")]
    [TestCase("02 a0 00", "expected the end")]
    public void Broken_headers_are_named(string hex, string message) =>
        Assert.That(() => CarBlockstore.Load(Encode.Hex(hex)), Throws.TypeOf<CarException>().With.Message.Contains(message));

    [Test]
    public void Files_without_roots_are_read_on_request()
    {
        byte[] file = Encode.Hex("11 a2 65 726f6f7473 80 67 76657273696f6e 01");

        Assert.That(CarBlockstore.Load(file, new CarReadOptions { AllowNoRoots = true }).Roots, Is.Empty);
    }

    [TestCase("00", "a length of zero")]
    [TestCase("01 00", "does not start with a CID")]
    [TestCase("03 015500", "does not start with a CID")]
    [TestCase("04 01550001", "does not start with a CID")]
    [TestCase("05 01550001", "cut off within a CID")]
    [TestCase("7f 01550000 00", "cut off within a block")]
    [TestCase("05 01550000 61", "has another digest")]
    [TestCase("05 01554000 61", "a hash that is not known")]
    [TestCase("ffffffff7f 01", "longer than the bound")]
    [TestCase("ffffff7f 01550000", "cut off within a block")]
    public void Broken_blocks_are_named_with_their_place(string hex, string message)
    {
        byte[] header = Write(pack: false, [Root]);
        byte[] file = [.. header, .. Encode.Hex(hex)];

        CarException? error = Assert.Throws<CarException>(() => CarBlockstore.Load(file));
        Assert.That(error!.Message, Does.Contain(message));
        Assert.That(error.Offset, Is.InRange(header.Length, file.Length));
    }

    [Test]
    public void Digests_are_checked_unless_told_otherwise()
    {
        byte[] file = Write(pack: false, [Root], KeyValuePair.Create(Root, Block));
        file[^1] ^= 1;

        Assert.That(() => CarBlockstore.Load(file), Throws.TypeOf<CarException>().With.Message.Contains(Root.ToString()));
        CarBlockstore taken = CarBlockstore.Load(file, new CarReadOptions { VerifyDigests = false });
        Assert.That(taken.Get(in Root), Is.EqualTo(new byte[] { 0x83, 1, 2, 2 }));
    }

    [Test]
    public void Blocks_beyond_the_bound_are_refused_before_they_are_read()
    {
        byte[] file = Write(pack: false, [Root], KeyValuePair.Create(Root, Block));

        Assert.That(() => CarBlockstore.Load(file, new CarReadOptions { MaxBlockLength = 4 }), Throws.Nothing);
        Assert.That(() => CarBlockstore.Load(file, new CarReadOptions { MaxBlockLength = 3 }), Throws.TypeOf<CarException>());
        Assert.That(() => CarBlockstore.Load(file, new CarReadOptions { MaxHeaderLength = 59 }), Throws.TypeOf<CarException>());
    }

    [Test]
    public void A_small_file_that_unpacks_to_a_large_one_stops_at_the_bound()
    {
        byte[] zeros = new byte[1 << 20];
        Cid cid = Cid.Blake2b256(Multicodec.Raw, zeros);
        byte[] file = Write(pack: true, [cid], Enumerable.Repeat(KeyValuePair.Create(cid, zeros), 64).ToArray());

        Assert.That(file, Has.Length.LessThan(1 << 20));
        Assert.That(() => CarBlockstore.Load(file, new CarReadOptions { MaxTotalLength = 16 << 20 }), Throws.TypeOf<CarException>());
    }

    [Test]
    public void A_corrupt_gzip_stream_is_a_corrupt_file()
    {
        byte[] file = Write(pack: true, [Root], KeyValuePair.Create(Root, Block));
        for (int position = 2; position < file.Length; position++)
        {
            byte[] corrupt = [.. file];
            corrupt[position] ^= 0x10;
            try
            {
                CarBlockstore.Load(corrupt);
            }
            catch (CarException)
            {
                // Expected in most places; some bits of the gzip header are insignificant.
            }
        }

        Assert.That(() => CarBlockstore.Load([0x1f, 0x8b, 1, 2, 3]), Throws.TypeOf<CarException>());
    }

    [Test]
    public void A_file_can_be_loaded_into_a_store()
    {
        KeyValuePair<Cid, byte[]>[] blocks = Enumerable.Range(0, 2500)
            .Select(static index => BitConverter.GetBytes(index))
            .Select(static block => KeyValuePair.Create(Cid.Blake2b256(Multicodec.Raw, block), block))
            .ToArray();
        MemoryBlockstore store = new();
        IReadOnlyList<Cid> roots = CarBlockstore.LoadInto(new MemoryStream(Write(pack: true, [Root], blocks)), store);

        Assert.That(roots, Is.EqualTo(new[] { Root }));
        Assert.That(store.Count, Is.EqualTo(2500));
        Assert.That(blocks.All(block => store.Has(block.Key)), Is.True);
    }

    [Test]
    public void A_CAR_file_as_store_is_only_read()
    {
        CarBlockstore store = CarBlockstore.Load(Write(pack: false, [Root], KeyValuePair.Create(Root, Block)));

        Assert.That((store.Count, store.Has(in Root)), Is.EqualTo((1, true)));
        Assert.That(() => store.Put(in Root, Block), Throws.TypeOf<BlockstoreException>());
        Assert.That(() => store.PutMany([]), Throws.TypeOf<BlockstoreException>());
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Streams_are_closed_unless_told_otherwise(bool leaveOpen)
    {
        MemoryStream stream = new(Write(pack: true, [Root]));
        new CarReader(stream, leaveOpen: leaveOpen).Dispose();

        Assert.That(stream.CanRead, Is.EqualTo(leaveOpen));
    }

    private static bool Same(KeyValuePair<Cid, byte[]> left, KeyValuePair<Cid, byte[]> right) =>
        left.Key == right.Key && left.Value.AsSpan().SequenceEqual(right.Value);

    private static byte[] Write(bool pack, Cid[] roots, params KeyValuePair<Cid, byte[]>[] blocks)
    {
        MemoryStream stream = new();
        using (CarWriter writer = new(stream, roots, pack, leaveOpen: true))
        {
            writer.WriteMany(blocks);
        }

        return stream.ToArray();
    }

    /// <summary>A stream that returns a few bytes per read.</summary>
    private sealed class DripStream(byte[] bytes) : MemoryStream(bytes)
    {
        private int _calls;

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 1 + (_calls++ % 7))]);
    }
}
