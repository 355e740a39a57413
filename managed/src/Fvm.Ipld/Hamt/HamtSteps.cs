namespace Fvm.Ipld;

/// <summary>
/// Follows keys from block to block, for callers that fetch the blocks themselves. Checks no more of a node than the way to the key: a
/// <see cref="Hamt"/> may refuse it.
/// </summary>
public static class HamtSteps
{
    /// <summary>Finds the place of a key in a node.</summary>
    /// <param name="block">The node's block.</param>
    /// <param name="options">The HAMT's parameters; the pointers must be those of V3.</param>
    /// <param name="key">The key's bytes.</param>
    /// <param name="depth">The node's depth, 0 for the root.</param>
    /// <param name="link">The node below, after <see cref="HamtStep.Link"/>.</param>
    /// <param name="value">The value in CBOR, after <see cref="HamtStep.Value"/>.</param>
    public static HamtStep Find(
        ReadOnlySpan<byte> block, HamtOptions options, ReadOnlySpan<byte> key, int depth, out Cid link, out ReadOnlySpan<byte> value)
    {
        link = default;
        value = default;
        if (options.Version != HamtVersion.V3 || depth >= options.MaxDepth)
        {
            return HamtStep.Malformed;
        }

        try
        {
            CborReader reader = new(block);
            reader.ReadArrayHeader(2);
            ReadOnlySpan<byte> bits = reader.ReadBytes();
            if (bits.Length > HamtBitmap.MaxBytes)
            {
                return HamtStep.Malformed;
            }

            HamtBitmap bitmap = HamtBitmap.Decode(bits);
            int index = new HamtHash(key).IndexAt(depth, options.BitWidth);
            if (!bitmap.Has(index))
            {
                return HamtStep.Absent;
            }

            int rank = bitmap.RankOf(index);
            if (reader.ReadArrayHeader() <= rank)
            {
                return HamtStep.Malformed;
            }

            SkipPointers(ref reader, rank);
            if (reader.PeekType() == CborType.Tag)
            {
                link = reader.ReadCid();
                return HamtStep.Link;
            }

            (int start, int end) = Find(ref reader, key);
            value = block[start..end];
            return start < end ? HamtStep.Value : HamtStep.Absent;
        }
        catch (CborException)
        {
            return HamtStep.Malformed;
        }
    }

    private static void SkipPointers(ref CborReader reader, int count)
    {
        for (; count > 0; count--)
        {
            if (!reader.TrySkipLink(Multicodec.DagCbor))
            {
                reader.Skip();
            }
        }
    }

    // Where the value is, in a bucket: pairs of keys and values.
    private static (int Start, int End) Find(ref CborReader reader, ReadOnlySpan<byte> key)
    {
        for (int left = reader.ReadArrayHeader(); left > 0; left--)
        {
            reader.ReadArrayHeader(2);
            ReadOnlySpan<byte> found = reader.ReadBytes();
            int start = reader.Offset;
            reader.Skip();
            if (found.SequenceEqual(key))
            {
                return (start, reader.Offset);
            }
        }

        return default;
    }
}
