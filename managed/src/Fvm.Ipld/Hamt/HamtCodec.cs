namespace Fvm.Ipld;

/// <summary>
/// Encodes and decodes nodes: an array of the bitmap (a byte string) and the pointers. The checks are the reference's
/// (ipld/hamt/src/node.rs, load); rejected are pointers that do not match the bitmap or are too many, empty nodes other than the root,
/// entries above the minimum data depth, buckets that are empty, overfull or unsorted, and links with other codecs.
/// </summary>
internal static partial class HamtCodec
{
    private const byte ChunkedBytes = 0x5f;
    internal const byte BytesOfNone = 0x40;
    private const byte BytesOfLength8 = 0x58;
    internal const byte ArrayOfNone = 0x80;
    internal const byte ArrayOfTwo = 0x82;
    private const byte LinkTag = 0xd8;

    // The largest argument in an item's first byte.
    internal const int MostInHead = 23;
    private const int MostEntriesInBlock = MostInHead;
    private const byte MapOfOne = 0xa1;
    private const byte TextOfOne = 0x61;

    // The name of a V0 pointer in its shortest form: the heads of map and text, and the digit.
    private const int VariantLength = 3;

    /// <param name="cid">The node's CID.</param>
    /// <param name="block">The node's block.</param>
    /// <param name="options">The parameters of the HAMT.</param>
    /// <param name="depth">The node's depth.</param>
    /// <param name="scratch">A buffer for the canonical form of values; its content is overwritten.</param>
    /// <param name="other">A node with pointers that cannot stay in the block; null if there is a layout.</param>
    /// <returns>The layout of a node all of whose pointers can stay in the block.</returns>
    public static HamtLayout? Decode(in Cid cid, byte[] block, HamtOptions options, int depth, CborWriter scratch, out HamtNode? other)
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
        HamtValueMeasure? known = options.Version == HamtVersion.V0 || depth < options.MinDataDepth ? null : options.CanonicalLength;
        HamtLayout.Builder layout = new(block, options, in bitmap);
        object?[]? others = null;
        (int measured, int at) = known is not null && layout.IsPossible ? layout.AddUsual(known, reader.Offset, count) : (0, reader.Offset);
        for (int rank = measured; rank < count; rank++)
        {
            int start = at;

            // Nearly all pointers: links of inner nodes, and buckets of values in the usual form.
            int length = options.Version == HamtVersion.V0 ? 0
                : CborLink.StartsWith(block.AsSpan(at), out byte codec) && codec == Multicodec.DagCbor ? CborLink.Length
                : known is not null ? known.LengthOfBucket(block.AsSpan(at), options.BucketSize)
                : 0;
            HamtPointer? pointer = null;
            if (length == 0)
            {
                reader.SkipKnown(at - reader.Offset);
                pointer = DecodePointer(ref reader, block, options, depth, scratch);
                length = reader.Offset - at;
            }

            at += length;
            if (layout.IsPossible)
            {
                layout.Add(rank, start, at);
            }
            else
            {
                pointer ??= DecodeInBlock(block, start, at, options);
            }

            if (pointer is not null)
            {
                others ??= HamtNode.NewPointers(options, in bitmap);
                others[bitmap.IndexOf(rank)] = pointer;
            }
        }

        reader.SkipKnown(at - reader.Offset);
        reader.EnsureEnd();
        HamtLayout? inBlock = layout.IsPossible ? layout.ToLayout(in cid) : null;
        if (inBlock is not null && others is null)
        {
            other = null;
            return inBlock;
        }

        other = new HamtNode(inBlock, in bitmap, others ?? HamtNode.NewPointers(options, in bitmap));
        return null;
    }

    public static void Encode(CborWriter writer, HamtNode node, HamtVersion version)
    {
        Span<byte> bits = stackalloc byte[HamtBitmap.MaxBytes];
        writer.WriteArrayHeader(2);
        writer.WriteBytes(bits[..node.Bitmap.Encode(bits)]);
        writer.WriteArrayHeader(node.Count);
        for (int index = node.Bitmap.NextFrom(0); index < HamtBitmap.MaxBits;)
        {
            if (!node.TryGetDecoded(index, out HamtPointer? pointer))
            {
                writer.WriteRaw(node.EncodedRun(ref index));
                continue;
            }

            index = node.Bitmap.NextFrom(index + 1);
            HamtEntry[]? bucket = pointer.Bucket;
            if (version == HamtVersion.V0)
            {
                writer.WriteMapHeader(1);
                writer.WriteTextUtf8(bucket is null ? "0"u8 : "1"u8);
            }

            if (bucket is null)
            {
                writer.WriteCid(pointer.Link);
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

    // Reads a pointer; null if it may stay in the block.
    private static HamtPointer? DecodePointer(ref CborReader reader, byte[] block, HamtOptions options, int depth, CborWriter scratch)
    {
        int start = reader.Offset;
        bool isLink;
        bool mayStay = true;
        if (options.Version == HamtVersion.V0)
        {
            isLink = DecodeVariant(ref reader, block) == "0";
            mayStay = reader.Offset - start == VariantLength && block[start] == MapOfOne && block[start + 1] == TextOfOne;
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

        if (mayStay && (isLink ? reader.TrySkipLink(Multicodec.DagCbor) : TrySkipBucket(ref reader, block, options, depth, scratch)))
        {
            return null;
        }

        if (!isLink)
        {
            return HamtPointer.ToBucket(DecodeBucket(ref reader, block, options, depth, scratch));
        }

        Cid link = reader.ReadCid();
        if (link.Codec != Multicodec.DagCbor)
        {
            throw new HamtException($"a link to {link}, which is no DAG-CBOR");
        }

        return HamtPointer.ToLink(in link);
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

    /// <summary>
    /// Skips a bucket that <see cref="DecodeBucket"/> would accept and <see cref="Encode"/> write back as it is; consumes nothing if that cannot be
    /// known without decoding, or if it is not so.
    /// </summary>
    private static bool TrySkipBucket(ref CborReader reader, byte[] block, HamtOptions options, int depth, CborWriter scratch)
    {
        int at = reader.Offset;
        int count = at < block.Length ? block[at] - ArrayOfNone : 0;
        if (depth < options.MinDataDepth || count < 1 || count > options.BucketSize || count > MostEntriesInBlock || block.Length - at <= count)
        {
            return false;
        }

        at++;
        ReadOnlySpan<byte> previous = default;
        for (int index = 0; index < count; index++)
        {
            if (!TryReadEntryHead(block.AsSpan(at), out ReadOnlySpan<byte> key, out int length)
                || (index > 0 && previous.SequenceCompareTo(key) >= 0))
            {
                return false;
            }

            at += length;
            length = options.LengthIfCanonical(block.AsSpan(at));
            if (length == 0 && !TryMeasureValue(in reader, at, block, options, scratch, out length))
            {
                return false;
            }

            at += length;
            previous = key;
        }

        reader.SkipKnown(at - reader.Offset);
        return true;
    }

    // The start of an entry in the form in which it is written: the head of an array of two, and the key.
    private static bool TryReadEntryHead(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> key, out int length)
    {
        key = default;
        length = 0;
        if (bytes.Length < 3 || bytes[0] != ArrayOfTwo)
        {
            return false;
        }

        int head = bytes[1] == BytesOfLength8 && bytes[2] > MostInHead ? 3 : 2;
        int keyLength = head == 3 ? bytes[2] : bytes[1] - BytesOfNone;
        if ((head == 2 && keyLength is < 0 or > MostInHead) || bytes.Length - head < keyLength)
        {
            return false;
        }

        key = bytes.Slice(head, keyLength);
        length = head + keyLength;
        return true;
    }

    /// <summary>Decodes a value to see whether it is written back as it is, and how long it is.</summary>
    private static bool TryMeasureValue(
        in CborReader reader, int at, byte[] block, HamtOptions options, CborWriter scratch, out int length)
    {
        CborReader ahead = reader;
        ahead.SkipKnown(at - ahead.Offset);
        if (options.Values is not HamtValueReader values)
        {
            ahead.Skip();
            length = ahead.Offset - at;
            return true;
        }

        scratch.Reset();
        values(ref ahead, scratch);
        length = ahead.Offset - at;
        return block.AsSpan(at, length).SequenceEqual(scratch.WrittenSpan);
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

        int length = options.LengthIfCanonical(block.AsSpan(start));
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
