using System.Text.Json;
using NUnit.Framework;

namespace Fvm.Ipld.Tests;

using Amt = Fvm.Ipld.Amt;
using Hamt = Fvm.Ipld.Hamt;

/// <summary>Real state: read, re-encoded, rebuilt.</summary>
public sealed class RecordedStateTests
{
    private static readonly string[] Sets = ["builtin", "carried", "cron", "evm", "multisig", "paych", "sends", "syscalls"];

    [TestCaseSource(nameof(Sets))]
    public void State_trees_are_read_and_their_nodes_written_as_they_were(string set)
    {
        int nodes = 0;
        foreach (JsonElement vector in RecordedVectors.Read("nv28", set))
        {
            CarBlockstore car = RecordedVectors.Car(vector);
            Cid stateRoot = RecordedVectors.Root(vector);
            CborReader reader = new(car.Get(in stateRoot)!, CborRules.Canonical);
            reader.ReadArrayHeader(3);
            Assert.That(reader.ReadUInt(), Is.EqualTo(5));
            Cid actors = reader.ReadCid();
            reader.ReadCid();
            reader.EnsureEnd();

            nodes += RewriteNodes(car, in actors);
        }

        Assert.That(nodes, Is.Positive);
    }

    [Test]
    public void Bundles_are_read_with_every_digest_checked()
    {
        string[] files = Directory.GetFiles(Repository.Shared("bundles"), "*.car*");
        Assert.That(files, Is.Not.Empty);
        foreach (string file in files)
        {
            CarBlockstore bundle = CarBlockstore.LoadFile(file);
            CborReader manifest = new(bundle.Get(bundle.Roots[0]), CborRules.Canonical);
            manifest.ReadArrayHeader(2);
            Assert.That(manifest.ReadUInt(), Is.EqualTo(1), file);
            CborReader names = new(bundle.Get(manifest.ReadCid()), CborRules.Canonical);
            for (int left = names.ReadArrayHeader(); left > 0; left--)
            {
                names.ReadArrayHeader(2);
                Assert.That(names.ReadText(), Is.Not.Empty);
                Assert.That(bundle.Has(names.ReadCid()), Is.True, file);
            }
        }
    }

    [TestCaseSource(nameof(Sets))]
    public void Whole_maps_and_lists_have_the_same_root_when_built_anew(string set)
    {
        int maps = 0;
        int lists = 0;
        foreach (JsonElement vector in RecordedVectors.Read("nv28", set))
        {
            CarBlockstore car = RecordedVectors.Car(vector);
            foreach (Cid cid in car.Blocks.Keys)
            {
                maps += RebuildMap(car, cid) ? 1 : 0;
                lists += RebuildList(car, cid) ? 1 : 0;
            }
        }

        TestContext.Out.WriteLine($"{maps} maps, {lists} lists");
        Assert.That(maps, Is.Positive);
        Assert.That(lists, set == "cron" ? Is.Positive : Is.Not.Negative);
    }

    [TestCase("evm")]
    [TestCase("syscalls")]
    public void Event_roots_are_those_of_the_reference(string set)
    {
        int roots = 0;
        foreach (JsonElement vector in RecordedVectors.Read("nv28", set))
        {
            JsonElement after = vector.GetProperty("postconditions");
            JsonElement.ArrayEnumerator receipts = after.GetProperty("receipts").EnumerateArray();
            foreach ((JsonElement receipt, JsonElement result) in receipts.Zip(after.GetProperty("apply_rets").EnumerateArray()))
            {
                if (receipt.GetProperty("events_root").ValueKind == JsonValueKind.Null)
                {
                    continue;
                }

                IEnumerable<ReadOnlyMemory<byte>> events = result.GetProperty("events").EnumerateArray().Select(EncodeEvent);
                Cid root = Amt.Build(new MemoryBlockstore(), 5, events);
                Assert.That(root, Is.EqualTo(RecordedVectors.Link(receipt.GetProperty("events_root"))), RecordedVectors.Id(vector));
                roots++;
            }
        }

        Assert.That(roots, Is.Positive);
    }

    private static ReadOnlyMemory<byte> EncodeEvent(JsonElement stamped) => Encode.With(writer =>
    {
        JsonElement entries = stamped.GetProperty("entries");
        writer.WriteArrayHeader(2);
        writer.WriteUInt(stamped.GetProperty("emitter").GetUInt64());
        writer.WriteArrayHeader(entries.GetArrayLength());
        foreach (JsonElement entry in entries.EnumerateArray())
        {
            writer.WriteArrayHeader(4);
            writer.WriteUInt(entry[0].GetUInt64());
            writer.WriteText(entry[1].GetString());
            writer.WriteUInt(entry[2].GetUInt64());
            writer.WriteBytes(entry[3].GetBytesFromBase64());
        }
    });

    /// <summary>Decodes and re-encodes every recorded node of a map.</summary>
    private static int RewriteNodes(CarBlockstore car, in Cid root)
    {
        int nodes = 0;
        Stack<(Cid Cid, int Depth)> pending = new([(root, 0)]);
        while (pending.TryPop(out (Cid Cid, int Depth) next))
        {
            if (car.Get(next.Cid) is not byte[] block)
            {
                continue;
            }

            HamtLayout? layout = HamtCodec.Decode(in next.Cid, block, HamtOptions.State, next.Depth, new CborWriter(), out HamtNode? other);
            HamtNode node = layout is null ? other! : new HamtNode(layout);
            CborWriter writer = new();
            HamtCodec.Encode(writer, node, HamtVersion.V3);
            Assert.That(writer.ToArray(), Is.EqualTo(block), next.Cid.ToString());
            nodes++;
            for (int index = 0; index < HamtBitmap.MaxBits; index++)
            {
                if (node.Find(index) is { Bucket: null } pointer)
                {
                    pending.Push((pointer.Link, next.Depth + 1));
                }
            }
        }

        return nodes;
    }

    /// <summary>Rebuilds a map if the block is its root and all of it was recorded.</summary>
    private static bool RebuildMap(CarBlockstore car, Cid root)
    {
        try
        {
            List<HamtEntry> entries = Hamt.Load(car, in root, HamtOptions.State).Entries().ToList();
            Hamt fresh = new(new MemoryBlockstore(), HamtOptions.State);
            foreach (HamtEntry entry in Enumerable.Reverse(entries))
            {
                fresh.Set(entry.Key.Span, entry.Value);
            }

            // An empty map is also an empty list of another type; a map without hashed keys proves nothing.
            Assert.That(fresh.Flush(), Is.EqualTo(root));
            return entries.Count > 0;
        }
        catch (HamtException)
        {
            return false;
        }
    }

    private static bool RebuildList(CarBlockstore car, Cid root)
    {
        try
        {
            Amt list = Amt.Load(car, in root);
            List<AmtEntry> entries = list.Entries().ToList();
            if ((ulong)entries.Count != list.Count || entries.Count == 0)
            {
                return false;
            }

            Amt fresh = new(new MemoryBlockstore(), list.BitWidth);
            foreach (AmtEntry entry in Enumerable.Reverse(entries))
            {
                fresh.Set(entry.Index, entry.Value);
            }

            Assert.That(fresh.Flush(), Is.EqualTo(root));
            return true;
        }
        catch (AmtException)
        {
            return false;
        }
    }
}
