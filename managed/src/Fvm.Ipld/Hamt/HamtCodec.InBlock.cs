namespace Fvm.Ipld;

/// <content>Pointers that stay in the block of their node.</content>
internal static partial class HamtCodec
{
    /// <summary>Whether a pointer of a block, one that was skipped when the node was read, is a link.</summary>
    public static bool IsLinkInBlock(byte[] block, int start, HamtOptions options) => block[ContentAt(start, options)] == LinkTag;

    /// <summary>The CID of a link of a block, one that was skipped when the node was read.</summary>
    public static Cid LinkInBlock(byte[] block, int start, HamtOptions options) => CborLink.CidOf(block.AsSpan(ContentAt(start, options)));

    /// <summary>Decodes a pointer of a block, one that was skipped when the node was read.</summary>
    public static HamtPointer DecodeInBlock(byte[] block, int start, int end, HamtOptions options)
    {
        int at = ContentAt(start, options);
        if (block[at] == LinkTag)
        {
            return HamtPointer.ToLink(LinkInBlock(block, start, options));
        }

        HamtEntry[] bucket = new HamtEntry[block[at++] - ArrayOfNone];
        for (int index = 0; index < bucket.Length; index++)
        {
            (bucket[index], at) = EntryInBlock(block, at, index == bucket.Length - 1 ? end : 0, options);
        }

        return HamtPointer.ToBucket(bucket);
    }

    /// <summary>Finds a key in a bucket of a block, one that was skipped when the node was read.</summary>
    public static bool TryFindInBlock(
        byte[] block, int start, int end, HamtOptions options, ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value)
    {
        int at = ContentAt(start, options);
        for (int left = block[at++] - ArrayOfNone; left > 0; left--)
        {
            (HamtEntry entry, at) = EntryInBlock(block, at, left == 1 ? end : 0, options);
            if (entry.Key.Span.SequenceEqual(key))
            {
                value = entry.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    private static int ContentAt(int start, HamtOptions options) => start + (options.Version == HamtVersion.V0 ? VariantLength : 0);

    // The entry at an offset, and the offset behind it. The end of a bucket's last entry is known; 0 for the others.
    private static (HamtEntry Entry, int Next) EntryInBlock(byte[] block, int at, int end, HamtOptions options)
    {
        _ = TryReadEntryHead(block.AsSpan(at), out ReadOnlySpan<byte> key, out int head);
        int valueAt = at + head;
        int length = end > 0 ? end - valueAt : options.LengthIfCanonical(block.AsSpan(valueAt));
        if (length == 0)
        {
            CborReader reader = new(block.AsSpan(valueAt));
            reader.Skip();
            length = reader.Offset;
        }

        return (new HamtEntry(block.AsMemory(valueAt - key.Length, key.Length), block.AsMemory(valueAt, length)), valueAt + length);
    }
}
