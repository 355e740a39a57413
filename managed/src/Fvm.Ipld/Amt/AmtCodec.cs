namespace Fvm.Ipld;

/// <summary>
/// Encodes and decodes roots, [bit width, height, count, node] (V0: without the bit width), and nodes, [bitmap, links, values]. Beyond the
/// reference's checks (ipld/amt/src/node.rs, expand) this also rejects what the reference only fails on later: values above height 0, links
/// at height 0, empty nodes below the root, bit widths of 0 or above <see cref="Amt.MaxBitWidth"/>.
/// </summary>
internal static class AmtCodec
{
    public static (int BitWidth, int Height, ulong Count, AmtNode Node) DecodeRoot(byte[] block, AmtVersion version)
    {
        CborReader reader = new(block);
        reader.ReadArrayHeader(version == AmtVersion.V0 ? 3 : 4);
        uint bitWidth = version == AmtVersion.V0 ? Amt.DefaultBitWidth : reader.ReadUInt32();
        uint height = reader.ReadUInt32();
        ulong count = reader.ReadUInt();
        if (bitWidth is 0 or > Amt.MaxBitWidth)
        {
            throw new AmtException($"a bit width of {bitWidth}; 1 to {Amt.MaxBitWidth} are allowed");
        }

        if (height > Amt.MaxHeight)
        {
            throw new AmtException($"a height of {height}; {Amt.MaxHeight} is the bound");
        }

        AmtNode node = DecodeNode(ref reader, block, (int)bitWidth, (int)height, isRoot: true);
        reader.EnsureEnd();
        return ((int)bitWidth, (int)height, count, node);
    }

    public static AmtNode DecodeNode(byte[] block, int bitWidth, int height)
    {
        CborReader reader = new(block);
        AmtNode node = DecodeNode(ref reader, block, bitWidth, height, isRoot: false);
        reader.EnsureEnd();
        return node;
    }

    public static void EncodeRoot(CborWriter writer, AmtVersion version, int bitWidth, int height, ulong count, AmtNode node)
    {
        writer.WriteArrayHeader(version == AmtVersion.V0 ? 3 : 4);
        if (version != AmtVersion.V0)
        {
            writer.WriteUInt((ulong)bitWidth);
        }

        writer.WriteUInt((ulong)height);
        writer.WriteUInt(count);
        EncodeNode(writer, node);
    }

    public static void EncodeNode(CborWriter writer, AmtNode node)
    {
        int width = node.Values?.Length ?? node.Links!.Length;
        byte[] bitmap = new byte[BitmapLength(width)];
        int set = 0;
        for (int index = 0; index < width; index++)
        {
            if (node.Values is null ? node.Links![index] is not null : !node.Values[index].IsEmpty)
            {
                bitmap[index >> 3] |= (byte)(1 << (index & 7));
                set++;
            }
        }

        writer.WriteArrayHeader(3);
        writer.WriteBytes(bitmap);
        writer.WriteArrayHeader(node.Links is null ? 0 : set);
        foreach (AmtLink? link in node.Links ?? [])
        {
            if (link is not null)
            {
                writer.WriteCid(link.Cid);
            }
        }

        writer.WriteArrayHeader(node.Values is null ? 0 : set);
        foreach (ReadOnlyMemory<byte> value in node.Values ?? [])
        {
            writer.WriteRaw(value.Span);
        }
    }

    /// <summary>Writes the start of a node whose first <paramref name="count"/> places are set; its links and values follow.</summary>
    public static void EncodeNodeHead(CborWriter writer, int width, int count)
    {
        Span<byte> bitmap = stackalloc byte[BitmapLength(width)];
        bitmap.Clear();
        for (int index = 0; index < count; index++)
        {
            bitmap[index >> 3] |= (byte)(1 << (index & 7));
        }

        writer.WriteArrayHeader(3);
        writer.WriteBytes(bitmap);
    }

    private static AmtNode DecodeNode(ref CborReader reader, byte[] block, int bitWidth, int height, bool isRoot)
    {
        reader.ReadArrayHeader(3);
        ReadOnlySpan<byte> bitmap = reader.ReadBytes();
        int linkCount = reader.ReadArrayHeader();
        List<Cid> links = new(Math.Min(linkCount, 1 << bitWidth));
        for (int index = 0; index < linkCount; index++)
        {
            links.Add(reader.ReadCid());
        }

        int valueCount = reader.ReadArrayHeader();
        if (links.Count > 0 && valueCount > 0)
        {
            throw new AmtException("a node has links and values");
        }

        int width = 1 << bitWidth;
        if (bitmap.Length != BitmapLength(width))
        {
            throw new AmtException($"a bitmap of {bitmap.Length} bytes; {bitWidth} bits need {BitmapLength(width)}");
        }

        int count = links.Count + valueCount;
        if (count == 0 && !isRoot)
        {
            throw new AmtException("an empty node below the root");
        }

        if (height == 0 ? links.Count > 0 : valueCount > 0)
        {
            throw new AmtException(height == 0 ? "links where the values should be" : $"values at height {height}");
        }

        AmtNode node = AmtNode.New(bitWidth, height);
        int next = 0;
        for (int index = 0; index < width; index++)
        {
            if ((bitmap[index >> 3] & (1 << (index & 7))) == 0)
            {
                continue;
            }

            if (next == count)
            {
                throw new AmtException($"the bitmap has more bits set than there are entries ({count})");
            }

            if (node.Links is not null)
            {
                node.Links[index] = new AmtLink { Cid = links[next] };
            }
            else
            {
                int start = reader.Offset;
                reader.Skip();
                node.Values![index] = block.AsMemory(start, reader.Offset - start);
            }

            next++;
        }

        if (next != count)
        {
            throw new AmtException($"the bitmap has {next} bits set, but there are {count} entries");
        }

        return node;
    }

    private static int BitmapLength(int width) => (width + 7) / 8;
}
