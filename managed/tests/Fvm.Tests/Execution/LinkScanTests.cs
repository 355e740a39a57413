using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Tests;

public sealed class LinkScanTests
{
    private const ulong Plenty = 1UL << 50;

    private static readonly PriceList Prices = NetworkTable.Find(NetworkVersion.Nv28)!.Prices;

    [Test]
    public void A_known_block_costs_what_its_scan_costs_whatever_gas_is_left([Range(0, 19)] int seed)
    {
        Random random = new(seed);
        byte[] block = Item(random, depth: 4);
        GasTracker first = new(Gas.OfMilli(Plenty), Gas.Zero, null);
        Assert.That(LinkScan.Run(Multicodec.DagCbor, block, Prices, first, out _, out LinkCount scanned).IsOk, Is.True);
        ulong all = first.Used.Milli;
        ulong[] edges = [0, 1, all - 1, all, all + 1, 34_999, 35_000, 435_000];
        IEnumerable<ulong> others = Enumerable.Range(0, 300).Select(_ => (ulong)random.NextInt64((long)all + 1_000));
        foreach (ulong left in edges.Concat(others))
        {
            ExecutionTrace[] traces = [new(1 << 16), new(1 << 16)];
            GasTracker[] meters = [.. traces.Select(trace => new GasTracker(Gas.OfMilli(left), Gas.Zero, trace))];
            Outcome run = LinkScan.Run(Multicodec.DagCbor, block, Prices, meters[0], out _, out LinkCount again);
            Outcome known = LinkScan.Charge(scanned, Prices, meters[1]);
            Assert.That(known.Kind, Is.EqualTo(run.Kind), $"{left} of {all}");
            Assert.That(meters[1].Used, Is.EqualTo(meters[0].Used), $"{left} of {all}");
            Assert.That(traces[1], Is.EqualTo(traces[0]), $"{left} of {all}");
            Assert.That(run.IsOk ? again : scanned, Is.EqualTo(scanned));
        }
    }

    [Test]
    public void A_block_without_fields_is_charged_alike([Values(Multicodec.Raw, Multicodec.Cbor)] ulong codec, [Values(0UL, 1UL)] ulong left)
    {
        ExecutionTrace[] traces = [new(1 << 16), new(1 << 16)];
        Assert.That(LinkScan.Run(codec, [0xff], Prices, new(Gas.OfMilli(left), Gas.Zero, traces[0]), out _, out LinkCount scanned).IsOk);
        Assert.That(LinkScan.Charge(scanned, Prices, new(Gas.OfMilli(left), Gas.Zero, traces[1])).IsOk);
        Assert.That(traces[1], Is.EqualTo(traces[0]).And.Count.EqualTo(1));
    }

    // An item with links of all kinds: to blocks, to commitments, to inline data, and to inline blocks that link to further ones.
    private static byte[] Item(Random random, int depth) => random.Next(depth > 0 ? 8 : 6) switch
    {
        0 => [(byte)random.Next(24)],
        1 => [0x62, (byte)'a', (byte)'b'],
        2 => Link(Cid.CreateV1(Multicodec.Raw, MultihashCode.Blake2b256, Digest(random))),
        3 => Link(Cid.CreateV1(Multicodec.FilCommitmentSealed, MultihashCode.Sha2_256, Digest(random))),
        4 => Link(Cid.CreateV1(Multicodec.Raw, MultihashCode.Identity, Digest(random))),
        5 => Link(Cid.CreateV1(
            Multicodec.DagCbor, MultihashCode.Identity, Link(Cid.CreateV1(Multicodec.DagCbor, MultihashCode.Blake2b256, Digest(random))))),
        6 => [0x98, 20, .. Enumerable.Range(0, 20).SelectMany(_ => Item(random, depth - 1))],
        _ => [0xa5, .. Enumerable.Range(0, 10).SelectMany(_ => Item(random, depth - 1))],
    };

    private static byte[] Digest(Random random)
    {
        byte[] digest = new byte[32];
        random.NextBytes(digest);
        return digest;
    }

    private static byte[] Link(in Cid cid)
    {
        byte[] bytes = cid.ToBytes();
        return [0xd8, 0x2a, 0x58, (byte)(bytes.Length + 1), 0, .. bytes];
    }
}
