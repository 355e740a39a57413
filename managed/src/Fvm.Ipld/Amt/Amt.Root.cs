using Fvm.Crypto;

namespace Fvm.Ipld;

public sealed partial class Amt
{
    // Several per lane, so that leaves of different lengths keep all lanes busy.
    private const int LeavesAtOnce = 32;

    /// <summary>
    /// The root of an AMT of the values, the first at index 0: the same as <see cref="Build"/>'s, but its blocks are not stored. Leaves are
    /// hashed in their parts, several at once: assembling one takes a quarter of the time of hashing it.
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
        AddLeaves(nodes, width, values, encode);
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

    private static void AddLeaves<T>(List<Cid> nodes, int width, ReadOnlySpan<T> values, Func<T, ReadOnlyMemory<byte>> encode)
    {
        ReadOnlyMemory<byte>[] parts = new ReadOnlyMemory<byte>[Math.Min(LeavesAtOnce, (values.Length / width) + 1) * (width + 1)];
        Span<int> ends = stackalloc int[LeavesAtOnce];
        Span<byte> digests = stackalloc byte[LeavesAtOnce * Blake2b.Size256];
        byte[] head = LeafHead(width, width);
        while (!values.IsEmpty)
        {
            int leaves = 0;
            int end = 0;
            for (; leaves < LeavesAtOnce && !values.IsEmpty; leaves++)
            {
                int count = Math.Min(width, values.Length);
                parts[end++] = count == width ? head : LeafHead(width, count);
                foreach (T value in values[..count])
                {
                    parts[end++] = encode(value);
                }

                ends[leaves] = end;
                values = values[count..];
            }

            Blake2bBatch.Hash256(parts.AsSpan(0, end), ends[..leaves], digests);
            for (int leaf = 0; leaf < leaves; leaf++)
            {
                nodes.Add(CidOf(digests.Slice(leaf * Blake2b.Size256, Blake2b.Size256)));
            }
        }
    }

    private static byte[] LeafHead(int width, int count)
    {
        CborWriter head = new();
        WriteLeafHead(head, width, count);
        return head.ToArray();
    }

    private static void WriteLeafHead(CborWriter writer, int width, int count)
    {
        AmtCodec.EncodeNodeHead(writer, width, count);
        writer.WriteArrayHeader(0);
        writer.WriteArrayHeader(count);
    }

    private static Cid CidOfLeaf<T>(CborWriter head, int width, ReadOnlySpan<T> values, Func<T, ReadOnlyMemory<byte>> encode)
    {
        WriteLeafHead(head, width, values.Length);
        Blake2bHasher hasher = new(Blake2b.Size256);
        hasher.Update(head.WrittenSpan);
        foreach (T value in values)
        {
            hasher.Update(encode(value).Span);
        }

        Span<byte> digest = stackalloc byte[Blake2b.Size256];
        hasher.Finish(digest);
        return CidOf(digest);
    }

    private static Cid CidOf(ReadOnlySpan<byte> digest) => Cid.CreateV1(Multicodec.DagCbor, MultihashCode.Blake2b256, digest);

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
