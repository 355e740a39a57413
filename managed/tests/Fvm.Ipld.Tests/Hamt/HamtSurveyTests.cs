using NUnit.Framework;

namespace Fvm.Ipld.Tests;

using Hamt = Fvm.Ipld.Hamt;

/// <summary>HAMTs with missing or malformed parts.</summary>
public sealed class HamtSurveyTests
{
    private const int Keys = 500;

    private readonly MemoryBlockstore _store = new();
    private Cid _root;

    [SetUp]
    public void Fill()
    {
        Hamt map = new(_store, HamtOptions.State);
        for (int key = 0; key < Keys; key++)
        {
            map.Set(BitConverter.GetBytes(key), new byte[] { 0x01 });
        }

        _root = map.Flush();
    }

    [Test]
    public void A_whole_map_has_all_its_entries_and_no_fault()
    {
        (HamtSurvey survey, int entries) = Survey(_store);

        Assert.That(entries, Is.EqualTo(Keys));
        Assert.That((survey.Missing.Count, survey.Malformed.Count), Is.EqualTo((0, 0)));
        Assert.That(survey.Nodes, Is.EqualTo(_store.Count));
    }

    [Test]
    public void Nodes_that_are_missing_are_named_and_the_others_read()
    {
        Cid[] dropped = [.. _store.Snapshot().Select(static block => block.Key).Where(cid => cid != _root).Order().Take(5)];
        MemoryBlockstore part = new();
        part.PutMany(_store.Snapshot().Where(block => !dropped.Contains(block.Key)));

        (HamtSurvey survey, int entries) = Survey(part);

        // Missing nodes below a missing node are undetectable.
        Assert.That(survey.Missing, Is.Not.Empty.And.Unique.And.SubsetOf(dropped));
        Assert.That(survey.Nodes + survey.Missing.Count, Is.LessThanOrEqualTo(_store.Count));
        Assert.That(entries, Is.InRange(1, Keys - 1));
    }

    [Test]
    public void A_node_that_is_malformed_is_named_with_the_reason()
    {
        Cid broken = _store.Snapshot().Select(static block => block.Key).Where(cid => cid != _root).Order().First();
        _store.Put(in broken, [0x80]);

        (HamtSurvey survey, int entries) = Survey(_store);

        Assert.That(survey.Malformed.Select(static node => node.Node), Is.EqualTo(new[] { broken }));
        Assert.That(survey.Malformed[0].Reason, Does.Contain("malformed"));
        Assert.That(entries, Is.InRange(1, Keys - 1));
    }

    [Test]
    [CancelAfter(10_000)]
    public void Few_nodes_that_link_to_each_other_in_all_places_are_read_once_each()
    {
        // 32 links to a single node, 40 levels deep: 32^40 paths.
        byte[] bits = [0xff, 0xff, 0xff, 0xff];
        Cid below = Cid.Blake2b256(Multicodec.DagCbor, [0x00]);
        for (int level = 0; level < 40; level++)
        {
            Fvm.Ipld.CborWriter writer = new();
            writer.WriteArrayHeader(2);
            writer.WriteBytes(bits);
            writer.WriteArrayHeader(32);
            for (int link = 0; link < 32; link++)
            {
                writer.WriteCid(in below);
            }

            byte[] block = writer.ToArray();
            below = Cid.Blake2b256(Multicodec.DagCbor, block);
            _store.Put(in below, block);
        }

        _root = below;
        (HamtSurvey survey, int entries) = Survey(_store);

        Assert.That((survey.Nodes, entries), Is.EqualTo((40, 0)));
        Assert.That(survey.Malformed, Is.Not.Empty);
    }

    private (HamtSurvey Survey, int Entries) Survey(MemoryBlockstore store)
    {
        int entries = 0;
        HamtSurvey survey = Hamt.Survey(store, in _root, HamtOptions.State, _ => entries++);
        return (survey, entries);
    }
}
