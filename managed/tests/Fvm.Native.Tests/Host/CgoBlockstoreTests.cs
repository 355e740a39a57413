using Fvm.Hosting;
using Fvm.Ipld;

namespace Fvm.Native.Tests;

public sealed class CgoBlockstoreTests
{
    private static readonly Cid Key = Cid.Blake2b256(Multicodec.DagCbor, [1]);

    private FakeHost _host = null!;
    private HostCalls _calls = null!;
    private CgoBlockstore _store = null!;

    [SetUp]
    public void Make()
    {
        _host = new FakeHost();
        _calls = new HostCalls();
        _store = new CgoBlockstore(_host.Functions, _host.Handle, _calls);
    }

    [Test]
    public void A_block_is_copied_and_asked_for_by_its_CID_bytes()
    {
        _host.Block = [5, 6, 7];

        Assert.That(_store.Get(in Key), Is.EqualTo(new byte[] { 5, 6, 7 }));
        Assert.That(_host.LastCid, Is.EqualTo(Key.ToBytes()));
        Assert.That(_calls.Total, Is.EqualTo(1));
    }

    [Test]
    public void An_empty_block_is_a_block()
    {
        _host.Block = [];

        Assert.That(_store.Get(in Key), Is.Empty);
    }

    [TestCase(0, false)]
    [TestCase(1, true)]
    [TestCase(HostAnswers.NotFound, false)]
    public void Has_is_what_the_host_says(int answer, bool has)
    {
        _host.Answer = answer;

        Assert.That(_store.Has(in Key), Is.EqualTo(has));
    }

    [Test]
    public void Not_found_is_null()
    {
        _host.Answer = HostAnswers.NotFound;

        Assert.That(_store.Get(in Key), Is.Null);
    }

    [TestCase(-3)]
    [TestCase(-4)]
    [TestCase(-5)]
    [TestCase(int.MinValue)]
    public void A_failure_is_the_hosts_and_no_breach(int answer)
    {
        _host.Answer = answer;

        Assert.That(() => _store.Get(in Key), Throws.TypeOf<BlockstoreException>());
        Assert.That(() => _store.Has(in Key), Throws.TypeOf<BlockstoreException>());
        Assert.That(() => _store.Put(in Key, [1]), Throws.TypeOf<BlockstoreException>());
        Assert.That(_calls.ThrowIfBroken, Throws.Nothing);
    }

    [TestCase(1)]
    [TestCase(int.MaxValue)]
    [TestCase(HostAnswers.InvalidHandle)]
    public void An_answer_without_a_meaning_is_a_breach_told_once(int answer)
    {
        _host.Answer = answer;

        Assert.That(() => _store.Get(in Key), Throws.TypeOf<BlockstoreException>());
        Assert.That(_calls.ThrowIfBroken, Throws.TypeOf<CallFailedException>());
        Assert.That(_calls.ThrowIfBroken, Throws.Nothing);
    }

    [Test]
    public void A_block_without_a_pointer_or_of_negative_size_is_a_breach()
    {
        Assert.That(() => _store.Get(in Key), Throws.TypeOf<BlockstoreException>());
        Assert.That(_calls.ThrowIfBroken, Throws.TypeOf<CallFailedException>());
        _host.Block = [1];
        _host.ClaimedSize = -1;

        Assert.That(() => _store.Get(in Key), Throws.TypeOf<BlockstoreException>());
        Assert.That(_calls.ThrowIfBroken, Throws.TypeOf<CallFailedException>());
    }

    [Test]
    public void Not_found_from_a_put_is_a_breach()
    {
        _host.Answer = HostAnswers.NotFound;

        Assert.That(() => _store.Put(in Key, [1]), Throws.TypeOf<BlockstoreException>());
        Assert.That(_calls.ThrowIfBroken, Throws.TypeOf<CallFailedException>());
    }

    [Test]
    public void An_empty_block_is_put_with_a_pointer()
    {
        _store.Put(in Key, []);

        Assert.That(_host.Block, Is.Empty);
    }

    [Test]
    public void Many_blocks_are_put_in_one_call_CID_and_data_one_after_another()
    {
        Cid second = Cid.Blake2b256(Multicodec.Raw, [2]);
        _store.PutMany([new(Key, [9, 9]), new(second, [])]);

        Assert.That(_host.Batches, Has.Count.EqualTo(1));
        Assert.That(_host.Batches[0], Is.EqualTo(new[] { Key.ByteLength + 2, second.ByteLength }));
        Assert.That(_host.LastBatch, Is.EqualTo(Key.ToBytes().Concat(new byte[] { 9, 9 }).Concat(second.ToBytes())));
    }

    [Test]
    public void No_blocks_are_no_call()
    {
        _store.PutMany([]);

        Assert.That(_host.Calls, Is.Zero);
    }

    [Test]
    public void A_call_carries_at_most_65536_blocks()
    {
        _store.PutMany(Enumerable.Repeat(new KeyValuePair<Cid, byte[]>(Key, [1]), (2 * BlockBatch.MaxBlocks) + 1));

        Assert.That(_host.Batches.Select(batch => batch.Length), Is.EqualTo(new[] { 65536, 65536, 1 }));
    }

    [Test]
    public void A_call_carries_at_most_64_MiB_as_the_reference_counts_them()
    {
        byte[] large = new byte[1 << 20];
        _store.PutMany(Enumerable.Repeat(new KeyValuePair<Cid, byte[]>(Key, large), 130));

        // 100 bytes are reserved for the next CID, so the 64th MiB does not fit.
        Assert.That(_host.Batches.Select(batch => batch.Length), Is.EqualTo(new[] { 63, 63, 4 }));
        Assert.That(_host.Batches.Max(batch => batch.Sum(length => (long)length)), Is.LessThanOrEqualTo(BlockBatch.MaxBytes));
    }

    [Test]
    public void A_failed_call_of_many_ends_the_rest()
    {
        _host.Answer = -3;

        Assert.That(
            () => _store.PutMany(Enumerable.Repeat(new KeyValuePair<Cid, byte[]>(Key, [1]), BlockBatch.MaxBlocks + 1)),
            Throws.TypeOf<BlockstoreException>());
        Assert.That(_host.Calls, Is.EqualTo(1));
    }
}
