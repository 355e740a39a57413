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

            if (!TrySkip(block, reader.Offset, rank, out int at))
            {
                return HamtStep.Malformed;
            }

            block = block[at..];
            reader = new CborReader(block);
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

    // Skips items by their heads alone: what is in them does not matter here, and buckets are full of CIDs.
    private static bool TrySkip(ReadOnlySpan<byte> block, int from, int count, out int end)
    {
        const int ArgumentBits = 5;
        const int LongArgument = 24;
        const int LongestArgument = 27;
        ulong at = (ulong)from;
        ulong items = (ulong)count;
        for (end = 0; items > 0; items--)
        {
            // Each item has a byte at least, so that more of them cannot follow.
            if (at >= (ulong)block.Length || items > (ulong)block.Length)
            {
                return false;
            }

            byte head = block[(int)at++];
            ulong argument = (ulong)(head & ((1 << ArgumentBits) - 1));
            if (argument > LongestArgument)
            {
                return false;
            }

            if (argument >= LongArgument)
            {
                int length = 1 << (int)(argument - LongArgument);
                argument = 0;
                for (; length > 0 && at < (ulong)block.Length; length--)
                {
                    argument = (argument << 8) | block[(int)at++];
                }
            }

            if (argument > (ulong)block.Length && head >> ArgumentBits is > CborMajor.Negative and < CborMajor.Tag)
            {
                return false;
            }

            (ulong inside, ulong bytes) = (head >> ArgumentBits) switch
            {
                CborMajor.Bytes or CborMajor.Text => (0UL, argument),
                CborMajor.Array => (argument, 0UL),
                CborMajor.Map => (2 * argument, 0UL),
                CborMajor.Tag => (1UL, 0UL),
                _ => (0UL, 0UL),
            };
            items += inside;
            at += bytes;
        }

        end = (int)at;
        return at < (ulong)block.Length;
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
