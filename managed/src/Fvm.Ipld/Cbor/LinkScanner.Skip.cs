namespace Fvm.Ipld;

/// <content>Skipping many ordinary fields at once.</content>
public ref partial struct LinkScanner
{
    // Marks a head of more than one byte, or a tag, in the table below.
    private const sbyte S = sbyte.MinValue;

    // The head of a tag with a number of one byte, which link tags have.
    private const byte LinkTagHead = 0xd8;

    // The change in the number of outstanding fields, by one-byte head: 16 per row.
    private static ReadOnlySpan<sbyte> Changes =>
    [
        -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
        -1, -1, -1, -1, -1, -1, -1, -1,  S,  S,  S,  S,  S,  S,  S,  S,
        -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
        -1, -1, -1, -1, -1, -1, -1, -1,  S,  S,  S,  S,  S,  S,  S,  S,
        -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
        -1, -1, -1, -1, -1, -1, -1, -1,  S,  S,  S,  S,  S,  S,  S,  S,
        -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
        -1, -1, -1, -1, -1, -1, -1, -1,  S,  S,  S,  S,  S,  S,  S,  S,
        -1,  0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14,
        15, 16, 17, 18, 19, 20, 21, 22,  S,  S,  S,  S,  S,  S,  S,  S,
        -1,  1,  3,  5,  7,  9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29,
        31, 33, 35, 37, 39, 41, 43, 45,  S,  S,  S,  S,  S,  S,  S,  S,
         S,  S,  S,  S,  S,  S,  S,  S,  S,  S,  S,  S,  S,  S,  S,  S,
         S,  S,  S,  S,  S,  S,  S,  S,  S,  S,  S,  S,  S,  S,  S,  S,
        -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
        -1, -1, -1, -1, -1, -1, -1, -1,  S,  S,  S,  S,  S,  S,  S,  S,
    ];

    /// <summary>
    /// Skips well-formed fields up to the next tag, malformed field, or the end of the item. Equivalent to that many calls of
    /// <see cref="ReadField"/>, but faster.
    /// </summary>
    /// <param name="most">Maximum number of fields.</param>
    /// <returns>The number of fields skipped.</returns>
    public ulong SkipFields(ulong most)
    {
        ReadOnlySpan<byte> block = _block;
        int at = _at;
        ulong fields = _fields;
        ulong left = most;
        while (fields > 0 && left > 0 && at < block.Length && fields < MostPlainFields)
        {
            at += SkipShortFields(block[at..], ref fields, ref left);
            if (fields == 0 || left == 0 || at == block.Length)
            {
                break;
            }

            byte first = block[at];
            int major = first >> 5;
            ulong argument = (ulong)(first & 0x1f);
            int next = at + 1;
            if (argument >= 24)
            {
                int width = 1 << ((int)argument & 3);
                if (argument > 27 || block.Length - next < width)
                {
                    break;
                }

                argument = ArgumentOf((int)argument, block[next..]);
                next += width;
            }

            if (major is CborMajor.Bytes or CborMajor.Text)
            {
                if (argument > (ulong)(block.Length - next))
                {
                    break;
                }

                next += (int)argument;
            }
            else if (major is CborMajor.Array or CborMajor.Map)
            {
                if (argument > MostPlainFields)
                {
                    break;
                }

                fields += argument << (major - CborMajor.Array);
            }
            else if (major == CborMajor.Tag)
            {
                break;
            }

            at = next;
            fields--;
            left--;
        }

        _at = at;
        _fields = fields;
        return most - left;
    }

    /// <summary>
    /// Skips fields with heads of one byte, and links in the form of <see cref="CborLink"/> to raw, CBOR and DAG-CBOR blocks whose digests are
    /// not in a filter, up to the first that is neither. For flushes: a changed node of a state has many such links, and few others.
    /// </summary>
    internal void SkipUnbuffered(in DigestFilter buffered)
    {
        ReadOnlySpan<byte> block = _block;
        int at = _at;

        // Signed: it starts as a count of plain fields, and each head adds at most 45.
        long fields = _fields < MostPlainFields ? (long)_fields : 0;
        if (fields == 0)
        {
            return;
        }

        while (fields > 0 && (uint)at < (uint)block.Length)
        {
            int first = block[at];
            if (first == LinkTagHead)
            {
                ReadOnlySpan<byte> link = block[at..];
                if (!CborLink.StartsWith(link, out byte codec)
                    || codec is not ((byte)Multicodec.Raw or (byte)Multicodec.DagCbor or (byte)Multicodec.Cbor)
                    || buffered.MayHave(new ShortDigest(link.Slice(CborLink.Length - CborLink.DigestLength, CborLink.DigestLength))))
                {
                    break;
                }

                at += CborLink.Length;
                fields--;
                continue;
            }

            int change = Changes[first];
            int next = at + 1 + (IsString(first) ? first & 0x1f : 0);
            if (change == S || next > block.Length)
            {
                break;
            }

            at = next;
            fields += change;
        }

        _at = at;
        _fields = (ulong)fields;
    }

    // Fields with one-byte heads, in a separate loop: in a common one the counts would not stay in registers.
    private static int SkipShortFields(ReadOnlySpan<byte> bytes, ref ulong fields, ref ulong left)
    {
        // Signed: it starts as a count of plain fields, and each head adds at most 45.
        long needed = (long)fields;
        ulong most = left;
        int at = 0;
        while ((uint)at < (uint)bytes.Length && needed > 0 && most > 0)
        {
            int first = bytes[at];
            int change = Changes[first];
            int next = at + 1;
            if (IsString(first))
            {
                next += first & 0x1f;
            }

            if (change == S || next > bytes.Length)
            {
                break;
            }

            at = next;
            needed += change;
            most--;
        }

        fields = (ulong)needed;
        left = most;
        return at;
    }

    // Byte strings and texts: 0x40 to 0x7f.
    private static bool IsString(int first) => (first & 0xc0) == CborMajor.Bytes << 5;
}
