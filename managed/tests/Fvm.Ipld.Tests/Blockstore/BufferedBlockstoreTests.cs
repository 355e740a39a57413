using NUnit.Framework;

namespace Fvm.Ipld.Tests;

/// <summary>The write buffer: blocks moved and errors raised by a flush.</summary>
public sealed class BufferedBlockstoreTests
{
    private MemoryBlockstore _base = null!;
    private BufferedBlockstore _buffer = null!;

    [SetUp]
    public void Prepare()
    {
        _base = new MemoryBlockstore();
        _buffer = new BufferedBlockstore(_base);
    }

    [Test]
    public void A_flush_moves_what_the_root_reaches_and_leaves_the_rest()
    {
        Cid leaf = Put(Encode.Number(1));
        Cid middle = Put(Links(leaf));
        Cid root = Put(Links(middle, leaf));
        Cid other = Put(Encode.Number(2));
        Assert.That((_buffer.Count, _buffer.BlocksWritten, _base.Has(in root)), Is.EqualTo((4, 4L, false)));

        _buffer.Flush(in root);

        Assert.That(_base.Has(in root) && _base.Has(in middle) && _base.Has(in leaf), Is.True);
        Assert.That((_base.Has(in other), _buffer.Has(in other), _buffer.Count), Is.EqualTo((false, true, 1)));
        Assert.That(_buffer.Get(in leaf), Is.EqualTo(Encode.Number(1)));

        _buffer.FlushAll();
        Assert.That((_base.Has(in other), _buffer.Count), Is.EqualTo((true, 0)));
    }

    [Test]
    public void Missing_blocks_are_taken_to_be_in_the_base()
    {
        Cid below = Cid.Blake2b256(Multicodec.DagCbor, Encode.Number(7));
        Cid root = Put(Links(below));
        _buffer.Flush(in root);

        Assert.That((_base.Count, _buffer.Get(in below)), Is.EqualTo((1, (byte[]?)null)));
    }

    [Test]
    public void Commitments_are_passed_over_whatever_their_hash()
    {
        Cid root = Put(Links(
            Cid.CreateV1(Multicodec.FilCommitmentSealed, MultihashCode.PoseidonBls12_381A2Fc1, new byte[32]),
            Cid.CreateV1(Multicodec.FilCommitmentUnsealed, MultihashCode.Sha2_256Trunc254Padded, new byte[32])));
        _buffer.Flush(in root);

        Assert.That(_base.Count, Is.EqualTo(1));
    }

    [Test]
    public void Inline_blocks_are_followed_but_not_stored()
    {
        Cid leaf = Put(Encode.Number(1));
        Cid inline = Cid.CreateV1(Multicodec.DagCbor, MultihashCode.Identity, Links(leaf));
        Cid root = Put(Links(inline, Cid.CreateV1(Multicodec.Raw, MultihashCode.Identity, [0xff])));
        _buffer.Flush(in root);

        Assert.That((_base.Count, _base.Has(in leaf)), Is.EqualTo((2, true)));
    }

    [TestCase(Multicodec.Raw)]
    [TestCase(Multicodec.Cbor)]
    public void Only_DAG_CBOR_is_scanned_for_links(ulong codec)
    {
        Cid leaf = Put(Encode.Number(1));
        byte[] block = Links(leaf);
        Cid opaque = Cid.Blake2b256(codec, block);
        _buffer.Put(in opaque, block);
        Cid root = Put(Links(opaque));
        _buffer.Flush(in root);

        Assert.That((_base.Has(in opaque), _base.Has(in leaf)), Is.EqualTo((true, false)));
    }

    private static readonly Cid[] Forbidden =
    [
        Cid.CreateV0(new byte[32]),
        Cid.CreateV1(Multicodec.DagPb, MultihashCode.Blake2b256, new byte[32]),
        Cid.CreateV1(Multicodec.DagCbor, MultihashCode.Sha2_256, new byte[32]),
        Cid.CreateV1(Multicodec.DagCbor, MultihashCode.Blake2b256, new byte[31]),
    ];

    [TestCaseSource(nameof(Forbidden))]
    public void Other_codecs_and_hashes_are_errors_that_change_nothing(Cid link)
    {
        Cid leaf = Put(Encode.Number(1));
        Cid root = Put(Links(link, leaf));

        Assert.That(() => _buffer.Flush(in root), Throws.TypeOf<BlockstoreException>());
        Assert.That((_buffer.Count, _base.Count), Is.EqualTo((2, 0)));
    }

    [Test]
    public void A_block_that_is_no_CBOR_is_an_error()
    {
        Cid root = Put([0x82, 0x00]);

        Assert.That(() => _buffer.Flush(in root), Throws.TypeOf<BlockstoreException>().With.Message.Contains(root.ToString()));
    }

    [Test]
    public void A_long_chain_is_flushed_without_recursion()
    {
        Cid next = Put(Encode.Number(1));
        for (int length = 0; length < 100_000; length++)
        {
            next = Put(Links(next));
        }

        _buffer.Flush(in next);
        Assert.That((_base.Count, _buffer.Count), Is.EqualTo((100_001, 0)));
    }

    [Test]
    public void Reads_fall_through_to_the_base()
    {
        Cid below = Cid.Blake2b256(Multicodec.Raw, [1]);
        _base.Put(in below, [1]);

        Assert.That(_buffer.Has(in below), Is.True);
        Assert.That(_buffer.Get(in below), Is.EqualTo(new byte[] { 1 }));
        Assert.That(_buffer.Blocks, Is.Empty);
    }

    private static byte[] Links(params Cid[] links) => Encode.With(writer =>
    {
        writer.WriteArrayHeader(links.Length);
        foreach (Cid link in links)
        {
            writer.WriteCid(in link);
        }
    });

    private Cid Put(byte[] block)
    {
        Cid cid = Cid.Blake2b256(Multicodec.DagCbor, block);
        _buffer.Put(in cid, block);
        return cid;
    }
}
