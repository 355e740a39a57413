using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using NUnit.Framework;

namespace Fvm.Ipld.Tests;

using Amt = Fvm.Ipld.Amt;
using Hamt = Fvm.Ipld.Hamt;

/// <summary>
/// Mutated CAR files, blocks, maps and lists: each read ends in success or a descriptive exception, within bounds on time and memory.
/// FVM_MUTATIONS is their total number (default 100,000), split over the targets; the seed is the index of the mutation.
/// </summary>
public sealed class MutationTests
{
    /// <summary>Maximum allocation per read, in bytes: a bounded block, the nodes of a bounded list, and their containers.</summary>
    private const long MaxAllocation = 24 << 20;

    /// <summary>Maximum time per read; far above the usual time, for busy machines.</summary>
    private const int MaxMilliseconds = 5000;

    /// <summary>Maximum number of enumerated entries: the count in a hostile root may be astronomical.</summary>
    private const int MaxEntries = 10_000;

    private static readonly string[] Targets = ["car", "packed car", "car before packing", "block", "map", "old map", "list", "cid"];

    [TestCaseSource(nameof(Targets))]
    public void Disturbed_input_ends_in_success_or_a_clear_exception(string target)
    {
        int total = int.Parse(Environment.GetEnvironmentVariable("FVM_MUTATIONS") ?? "100000", CultureInfo.InvariantCulture);
        int count = Math.Max(1, total / Targets.Length);
        (byte[][] sources, Func<byte[], byte[], bool> read) = Target(target);
        int refused = 0;
        int seed = 0;
        for (; seed < count; seed++)
        {
            Mutator mutator = new(seed);
            byte[] source = sources[mutator.Next(sources.Length)];
            byte[] disturbed = mutator.Mutate(source);
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            long started = Stopwatch.GetTimestamp();
            try
            {
                refused += read(source, disturbed) ? 0 : 1;
            }
            catch (Exception error)
            {
                Assert.Fail($"{target}, seed {seed}, {Convert.ToHexStringLower(disturbed)}: {error}");
            }

            long bytes = GC.GetAllocatedBytesForCurrentThread() - allocated;
            double milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            if (bytes > MaxAllocation || milliseconds > MaxMilliseconds)
            {
                Assert.Fail($"{target}, seed {seed}: {bytes} bytes, {milliseconds} ms, {Convert.ToHexStringLower(disturbed)}");
            }
        }

        TestContext.Out.WriteLine($"{count} mutations, {refused} refused");
        Assert.That(refused, Is.Positive);
    }

    /// <summary>The sources of a target, and the reader of a mutation: true for success, false for a descriptive exception.</summary>
    private static (byte[][] Sources, Func<byte[], byte[], bool> Read) Target(string target)
    {
        MutationSource map = MutationSource.Map(HamtVersion.V3);
        MutationSource list = MutationSource.List();
        switch (target)
        {
            case "car" or "packed car":
                return ([WriteCar(map, target == "packed car"), WriteCar(list, target == "packed car")], static (_, file) => ReadCar(file));
            case "car before packing":
                return ([WriteCar(map, pack: false), WriteCar(list, pack: false)], static (_, file) => ReadCar(Pack(file)));
            case "block":
                return ([.. map.Blocks, .. list.Blocks, .. MutationSource.Recorded()], static (_, block) => ReadBlock(block));
            case "map":
                return (map.Blocks, (source, block) => ReadMap(map.Disturb(source, block), map.Root, HamtVersion.V3));
            case "old map":
                MutationSource old = MutationSource.Map(HamtVersion.V0);
                return (old.Blocks, (source, block) => ReadMap(old.Disturb(source, block), old.Root, HamtVersion.V0));
            case "list":
                return (list.Blocks, (source, block) => ReadList(list.Disturb(source, block), list.Root));
            default:
                return ([map.Root.ToBytes(), Cid.CreateV0(new byte[32]).ToBytes()], static (_, cid) => ReadCid(cid));
        }
    }

    private static bool ReadCar(byte[] file) => Succeeds(() =>
    {
        CarReadOptions options = new() { AllowNoRoots = true, VerifyDigests = false, MaxTotalLength = 8 << 20 };
        using CarReader reader = new(new MemoryStream(file), options);
        while (reader.TryReadNext(out _, out _))
        {
        }
    });

    private static bool ReadBlock(byte[] block)
    {
        bool canonical = Succeeds(() => SkipAll(block, CborRules.Canonical));
        bool wellFormed = Succeeds(() => SkipAll(block, CborRules.Reference));
        LinkScanner scanner = new(block);
        bool scanned = true;
        while (scanner.More && scanned)
        {
            LinkScanStep step = scanner.ReadField();
            scanned = step == LinkScanStep.Field || (step == LinkScanStep.Link && scanner.TryReadLink(out _));
        }

        // Each set of rules is at least as strict as the next.
        Assert.That(!canonical || wellFormed, Is.True);
        return scanned && wellFormed;
    }

    private static void SkipAll(byte[] block, CborRules rules)
    {
        CborReader reader = new(block, rules);
        reader.Skip();
        reader.EnsureEnd();
    }

    private static bool ReadMap(IBlockstore store, Cid root, HamtVersion version) => Succeeds(() =>
    {
        Hamt map = Hamt.Load(store, in root, new HamtOptions { Version = version });
        map.TryGet("17"u8, out _);
        _ = map.Entries().Take(MaxEntries).Count();
        map.Set("new"u8, Encode.Number(1));
        map.Delete("3"u8);
        map.Flush();
    });

    private static bool ReadList(IBlockstore store, Cid root) => Succeeds(() =>
    {
        Amt list = Amt.Load(store, in root);
        list.TryGet(17, out _);
        _ = list.Entries().Take(MaxEntries).Count();
        list.Set(1000, Encode.Number(1));
        list.Delete(3);
        list.Flush();
    });

    private static bool ReadCid(byte[] bytes)
    {
        bool read = Cid.TryRead(bytes, out Cid cid, out int length);
        Assert.That(read ? length <= bytes.Length && Cid.TryParse(cid.ToString(), out _) : cid.IsDefault, Is.True);
        string text = new(bytes.Select(static value => (char)(0x20 + (value % 0x60))).ToArray());
        Cid.TryParse(text, out _);
        return read;
    }

    private static bool Succeeds(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception error) when (error is CarException or CborException or HamtException or AmtException)
        {
            Assert.That(error.Message, Has.Length.InRange(10, 1000));
            return false;
        }
    }

    private static byte[] WriteCar(MutationSource source, bool pack)
    {
        MemoryStream stream = new();
        using (CarWriter writer = new(stream, [source.Root], pack))
        {
            foreach (byte[] block in source.Blocks)
            {
                writer.Write(Cid.Blake2b256(Multicodec.DagCbor, block), block);
            }
        }

        return stream.ToArray();
    }

    private static byte[] Pack(byte[] file)
    {
        MemoryStream stream = new();
        using (GZipStream packed = new(stream, CompressionLevel.Fastest))
        {
            packed.Write(file);
        }

        return stream.ToArray();
    }
}
