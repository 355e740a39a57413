using System.Numerics;

namespace Fvm.Ipld;

/// <summary>
/// A KAMT's node in CBOR: a bitmap of the pointers, then the pointers, each a map of one item: "v", a list of key and value, or "l", a list of
/// CID, number of skipped bits, and those bits (reference: <c>ipld/kamt/src</c>). Keys and values are byte strings without leading zeros.
/// </summary>
internal static class KamtCodec
{
    private const int MaxBitmapBytes = 32;
    private const string Values = "v";
    private const string Link = "l";

    public static byte[] Encode(KamtNode node)
    {
        CborWriter writer = new();
        writer.WriteArrayHeader(2);
        BigInteger bitmap = BigInteger.Zero;
        foreach (int index in node.Pointers.Keys)
        {
            bitmap |= BigInteger.One << index;
        }

        writer.WriteBytes(bitmap.IsZero ? [] : bitmap.ToByteArray(isUnsigned: true, isBigEndian: true));
        writer.WriteArrayHeader(node.Pointers.Count);
        foreach (KamtPointer pointer in node.Pointers.Values)
        {
            Write(writer, pointer);
        }

        return writer.ToArray();
    }

    /// <exception cref="CborException">It is malformed.</exception>
    /// <exception cref="KamtException">It is not a node of these parameters.</exception>
    public static KamtNode Decode(byte[] block, KamtOptions options, int keyLength, int bitsLeft)
    {
        CborReader reader = new(block);
        reader.ReadArrayHeader(2);
        ReadOnlySpan<byte> bytes = reader.ReadBytes();
        if (bytes.Length > MaxBitmapBytes) throw new KamtException($"a bitmap of {bytes.Length} bytes");

        BigInteger bitmap = new(bytes, isUnsigned: true, isBigEndian: true);
        int count = reader.ReadArrayHeader();
        int width = Math.Min(options.BitWidth, bitsLeft);
        if (bitmap.GetBitLength() > 1 << width) throw new KamtException($"a bitmap of {bitmap.GetBitLength()} bits at bit width {width}");

        KamtNode node = new();
        for (int index = 0; index < 1 << width; index++)
        {
            if (!(bitmap >> index).IsEven)
            {
                if (node.Pointers.Count == count) throw new KamtException($"{count} pointers, and more bits");

                node.Pointers.Add(index, ReadPointer(ref reader, options, keyLength, bitsLeft - width));
            }
        }

        if (node.Pointers.Count != count) throw new KamtException($"{count} pointers, but {node.Pointers.Count} bits");

        reader.EnsureEnd();
        return node;
    }

    private static KamtPointer ReadPointer(ref CborReader reader, KamtOptions options, int keyLength, int bitsLeft)
    {
        if (reader.ReadMapHeader() != 1) throw new KamtException("a pointer that is not a map of one item");

        switch (reader.ReadText())
        {
            case Values:
                return KamtPointer.ToBucket(ReadBucket(ref reader, options, keyLength));
            case Link:
                reader.ReadArrayHeader(3);
                Cid link = reader.ReadCid();
                uint skipped = reader.ReadUInt32();
                byte[] bits = reader.ReadBytes().ToArray();
                bool fits = skipped % options.BitWidth == 0 && skipped < bitsLeft && bits.Length == ((int)skipped + 7) / 8;
                if (!fits) throw new KamtException($"a link that skips {skipped} bits in {bits.Length} bytes, {bitsLeft} bits above the end");

                return link.Codec == Multicodec.DagCbor
                    ? KamtPointer.ToLink(in link, KamtPath.OfBits(bits, (int)skipped))
                    : throw new KamtException($"a link of codec 0x{link.Codec:x}");
            default:
                throw new KamtException("a pointer that is neither values nor a link");
        }
    }

    private static List<KamtEntry> ReadBucket(ref CborReader reader, KamtOptions options, int keyLength)
    {
        int count = reader.ReadArrayHeader();
        if (count == 0 || count > options.BucketSize) throw new KamtException($"a bucket of {count} entries");

        List<KamtEntry> bucket = new(count);
        for (int at = 0; at < count; at++)
        {
            reader.ReadArrayHeader(2);
            ReadOnlySpan<byte> digits = reader.ReadBytes();
            if (digits.Length > keyLength) throw new KamtException($"a key of {digits.Length} bytes");

            byte[] key = new byte[keyLength];
            digits.CopyTo(key.AsSpan(keyLength - digits.Length));
            if (at > 0 && bucket[at - 1].Key.AsSpan().SequenceCompareTo(key) >= 0) throw new KamtException("a bucket out of order");

            bucket.Add(new KamtEntry(key, reader.ReadBytes().ToArray()));
        }

        return bucket;
    }

    private static void Write(CborWriter writer, KamtPointer pointer)
    {
        writer.WriteMapHeader(1);
        if (pointer.Bucket is List<KamtEntry> bucket)
        {
            writer.WriteText(Values);
            writer.WriteArrayHeader(bucket.Count);
            foreach (KamtEntry entry in bucket)
            {
                writer.WriteArrayHeader(2);
                writer.WriteBytes(entry.Key.AsSpan().TrimStart((byte)0));
                writer.WriteBytes(entry.Value);
            }

            return;
        }

        writer.WriteText(Link);
        writer.WriteArrayHeader(3);
        writer.WriteCid(pointer.Link);
        writer.WriteUInt((ulong)pointer.Skipped.Length);
        writer.WriteBytes(pointer.Skipped.ToBytes());
    }
}
