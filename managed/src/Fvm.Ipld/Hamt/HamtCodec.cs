namespace Fvm.Ipld;

/// <summary>
/// Encodes and decodes nodes: an array of the bitmap (a byte string) and the pointers. The checks are the reference's
/// (ipld/hamt/src/node.rs, load); rejected are pointers that do not match the bitmap or are too many, empty nodes other than the root,
/// entries above the minimum data depth, buckets that are empty, overfull or unsorted, and links with other codecs.
/// </summary>
internal static class HamtCodec
{
    private const byte ChunkedBytes = 0x5f;
    private const byte MapOfOne = 0xa1;

    /// <param name="block">The node's block.</param>
    /// <param name="options">The parameters of the HAMT.</param>
    /// <param name="depth">The node's depth.</param>
    /// <param name="scratch">A buffer for the canonical form of values; its content is overwritten.</param>
    public static HamtNode Decode(byte[] block, HamtOptions options, int depth, CborWriter scratch)
    {
        CborReader reader = new(block);
        reader.ReadArrayHeader(2);
        ReadOnlySpan<byte> bits = reader.ReadBytes();
        if (bits.Length > HamtBitmap.MaxBytes)
        {
            throw new HamtException($"a bitmap of {bits.Length} bytes is longer than {HamtBitmap.MaxBytes}");
        }

        HamtBitmap bitmap = HamtBitmap.Decode(bits);
        int count = reader.ReadArrayHeader();
        if (count > 1 << options.BitWidth)
        {
            throw new HamtException($"{count} pointers are more than {options.BitWidth} bits can tell apart");
        }

        if (count != bitmap.Count)
        {
            throw new HamtException($"there are {count} pointers, but {bitmap.Count} bits in the bitmap");
        }

        if (count == 0 && depth > 0)
        {
            throw new HamtException("a node without pointers below the root");
        }

        // In the kinded form (V3) the reference reads a pointer before it knows its type.
        reader.Rules = options.Version == HamtVersion.V0 ? CborRules.Reference : CborRules.Untyped;
        HamtNode node = new(block, bitmap, count);
        for (int index = 0; index < count; index++)
        {
            DecodePointer(ref reader, block, options, depth, scratch, node);
        }

        reader.EnsureEnd();
        return node;
    }

    public static void Encode(CborWriter writer, HamtNode node, HamtVersion version)
    {
        Span<byte> bits = stackalloc byte[HamtBitmap.MaxBytes];
        writer.WriteArrayHeader(2);
        writer.WriteBytes(bits[..node.Bitmap.Encode(bits)]);
        writer.WriteArrayHeader(node.Count);
        for (int rank = 0; rank < node.Count; rank++)
        {
            bool isDecoded = node.TryGetDecoded(rank, out HamtPointer? pointer);
            HamtEntry[]? bucket = pointer?.Bucket;
            if (version == HamtVersion.V0)
            {
                writer.WriteMapHeader(1);
                writer.WriteTextUtf8(bucket is null ? "0"u8 : "1"u8);
            }

            if (!isDecoded)
            {
                writer.WriteRaw(node.EncodedLink(rank));
                continue;
            }

            if (bucket is null)
            {
                writer.WriteCid(pointer!.Link);
                continue;
            }

            writer.WriteArrayHeader(bucket.Length);
            foreach (HamtEntry entry in bucket)
            {
                writer.WriteArrayHeader(2);
                writer.WriteBytes(entry.Key.Span);
                writer.WriteRaw(entry.Value.Span);
            }
        }
    }

    private static void DecodePointer(
        ref CborReader reader, byte[] block, HamtOptions options, int depth, CborWriter scratch, HamtNode node)
    {
        bool isLink;
        if (options.Version == HamtVersion.V0)
        {
            isLink = DecodeVariant(ref reader, block) == "0";
        }
        else
        {
            CborType type = reader.PeekType();
            isLink = type == CborType.Tag;
            if (type is not (CborType.Tag or CborType.Array))
            {
                throw new CborException(reader.Offset, $"expected a link or a bucket as pointer of a HAMT, found {type}");
            }
        }

        if (!isLink)
        {
            node.Add(HamtPointer.ToBucket(DecodeBucket(ref reader, block, options, depth, scratch)));
            return;
        }

        int start = reader.Offset;
        if (reader.TrySkipLink(Multicodec.DagCbor))
        {
            node.AddLinkAt(start);
            return;
        }

        Cid link = reader.ReadCid();
        if (link.Codec != Multicodec.DagCbor)
        {
            throw new HamtException($"a link to {link}, which is no DAG-CBOR");
        }

        node.Add(HamtPointer.ToLink(in link));
    }

    /// <summary>Reads the tag of a V0 pointer; the reference accepts a map of one pair, or tag and value in sequence.</summary>
    private static string DecodeVariant(ref CborReader reader, byte[] block)
    {
        int start = reader.Offset;
        CborType type = reader.PeekType();
        if (type == CborType.Map && block[start] == MapOfOne)
        {
            reader.ReadMapHeader();
        }
        else if (type != CborType.Text)
        {
            throw new CborException(start, $"expected a map of one pair as pointer of a HAMT, found {type}");
        }

        string name = reader.ReadText();
        if (name is not ("0" or "1"))
        {
            throw new CborException(start, "expected \"0\" or \"1\" as name of a pointer of a HAMT");
        }

        return name;
    }

    private static HamtEntry[] DecodeBucket(
        ref CborReader reader, byte[] block, HamtOptions options, int depth, CborWriter scratch)
    {
        if (depth < options.MinDataDepth)
        {
            throw new HamtException($"a bucket at depth {depth}, above the least depth {options.MinDataDepth}");
        }

        int count = reader.ReadArrayHeader();
        if (count == 0 || count > options.BucketSize)
        {
            throw new HamtException($"a bucket of {count} entries; 1 to {options.BucketSize} are allowed");
        }

        HamtEntry[] bucket = new HamtEntry[count];
        for (int index = 0; index < count; index++)
        {
            reader.ReadArrayHeader(2);
            ReadOnlyMemory<byte> key = DecodeKey(ref reader, block);
            if (index > 0 && bucket[index - 1].Key.Span.SequenceCompareTo(key.Span) >= 0)
            {
                throw new HamtException("the keys of a bucket are not sorted, or one is there twice");
            }

            bucket[index] = new HamtEntry(key, DecodeValue(ref reader, block, options, scratch));
        }

        return bucket;
    }

    /// <summary>A value in canonical form: a slice of the block if it is already canonical.</summary>
    private static ReadOnlyMemory<byte> DecodeValue(
        ref CborReader reader, byte[] block, HamtOptions options, CborWriter scratch)
    {
        int start = reader.Offset;
        if (options.Values is not HamtValueReader values)
        {
            reader.Skip();
            return block.AsMemory(start, reader.Offset - start);
        }

        int length = options.CanonicalLength?.Invoke(block.AsSpan(start)) ?? 0;
        if (length > 0)
        {
            reader.SkipKnown(length);
            return block.AsMemory(start, length);
        }

        scratch.Reset();
        values(ref reader, scratch);
        ReadOnlyMemory<byte> value = block.AsMemory(start, reader.Offset - start);
        return value.Span.SequenceEqual(scratch.WrittenSpan) ? value : scratch.ToArray();
    }

    /// <summary>A key, as a slice of the block if possible.</summary>
    private static ReadOnlyMemory<byte> DecodeKey(ref CborReader reader, byte[] block)
    {
        int start = reader.Offset;
        ReadOnlySpan<byte> key = reader.ReadBytes();
        return block[start] == ChunkedBytes ? key.ToArray() : block.AsMemory(reader.Offset - key.Length, key.Length);
    }
}
