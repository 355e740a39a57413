using Fvm.Crypto;

namespace Fvm.Ipld;

public sealed partial class Amt
{
    /// <summary>
    /// The root of an AMT of the values, the first at index 0: the same as <see cref="Build"/>'s, but its blocks are not stored. They are
    /// hashed while being encoded, as assembling them takes a quarter of the time of hashing them.
    /// </summary>
    /// <param name="bitWidth">Index bits per level, 1 to 18.</param>
    /// <param name="values">The values.</param>
    /// <param name="encode">Encodes a value as one CBOR item.</param>
    public static Cid RootOf<T>(int bitWidth, ReadOnlySpan<T> values, Func<T, ReadOnlyMemory<byte>> encode)
    {
        int width = 1 << bitWidth;
        CborWriter head = new();
        if (values.Length <= width)
        {
            WriteRootHead(head, bitWidth, height: 0, values.Length);
            return CidOfLeaf(head, width, values, encode);
        }

        List<Cid> nodes = new((values.Length / width) + 1);
        for (int first = 0; first < values.Length; first += width)
        {
            head.Reset();
            nodes.Add(CidOfLeaf(head, width, values.Slice(first, Math.Min(width, values.Length - first)), encode));
        }

        int height = 1;
        for (; nodes.Count > width; height++)
        {
            List<Cid> above = new((nodes.Count / width) + 1);
            for (int first = 0; first < nodes.Count; first += width)
            {
                head.Reset();
                above.Add(CidOfBranch(head, width, nodes.GetRange(first, Math.Min(width, nodes.Count - first))));
            }

            nodes = above;
        }

        head.Reset();
        WriteRootHead(head, bitWidth, height, values.Length);
        return CidOfBranch(head, width, nodes);
    }

    private static void WriteRootHead(CborWriter writer, int bitWidth, int height, int count)
    {
        writer.WriteArrayHeader(4);
        writer.WriteUInt((ulong)bitWidth);
        writer.WriteUInt((ulong)height);
        writer.WriteUInt((ulong)count);
    }

    private static Cid CidOfLeaf<T>(CborWriter head, int width, ReadOnlySpan<T> values, Func<T, ReadOnlyMemory<byte>> encode)
    {
        AmtCodec.EncodeNodeHead(head, width, values.Length);
        head.WriteArrayHeader(0);
        head.WriteArrayHeader(values.Length);
        Blake2bHasher hasher = new(Blake2b.Size256);
        hasher.Update(head.WrittenSpan);
        foreach (T value in values)
        {
            hasher.Update(encode(value).Span);
        }

        Span<byte> digest = stackalloc byte[Blake2b.Size256];
        hasher.Finish(digest);
        return Cid.CreateV1(Multicodec.DagCbor, MultihashCode.Blake2b256, digest);
    }

    private static Cid CidOfBranch(CborWriter node, int width, List<Cid> links)
    {
        AmtCodec.EncodeNodeHead(node, width, links.Count);
        node.WriteArrayHeader(links.Count);
        foreach (Cid link in links)
        {
            node.WriteCid(link);
        }

        node.WriteArrayHeader(0);
        return Cid.Blake2b256(Multicodec.DagCbor, node.WrittenSpan);
    }
}
