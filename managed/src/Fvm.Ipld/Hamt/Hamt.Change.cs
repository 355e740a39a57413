using System.Diagnostics;

namespace Fvm.Ipld;

public sealed partial class Hamt
{
    private bool SetValue(ReadOnlySpan<byte> key, ReadOnlyMemory<byte> value, bool overwrite)
    {
        if (value.IsEmpty)
        {
            throw new ArgumentException("a value is one item of CBOR and so not empty", nameof(value));
        }

        HamtHash hash = new(key);
        bool changed = Insert(_root, in hash, 0, key, default, value, overwrite);
        if (changed)
        {
            _flushed = default;
        }

        return changed;
    }

    /// <summary>Inserts an entry below <paramref name="node"/>. Recurses once per level, at most 256 times (bits of the hash).</summary>
    /// <param name="node">The node.</param>
    /// <param name="hash">The key's hash.</param>
    /// <param name="depth">The node's depth.</param>
    /// <param name="key">The key.</param>
    /// <param name="ownKey">The key in memory that can be kept, if available.</param>
    /// <param name="value">The value.</param>
    /// <param name="overwrite">Whether an existing value is replaced.</param>
    /// <returns>Whether anything changed.</returns>
    private bool Insert(
        HamtNode node,
        in HamtHash hash,
        int depth,
        ReadOnlySpan<byte> key,
        ReadOnlyMemory<byte> ownKey,
        ReadOnlyMemory<byte> value,
        bool overwrite)
    {
        int index = hash.IndexAt(depth, _options.BitWidth);
        HamtPointer? pointer = node.Find(index);
        if (pointer is null)
        {
            HamtPointer added;
            if (depth >= _options.MinDataDepth)
            {
                added = HamtPointer.ToBucket([new HamtEntry(Own(key, ownKey), value)]);
            }
            else
            {
                HamtNode sub = new(_options);
                Insert(sub, in hash, depth + 1, key, ownKey, value, overwrite);
                added = HamtPointer.ToDirty(sub);
            }

            node.Insert(index, added);
            return true;
        }

        if (pointer.Bucket is null)
        {
            bool changed = Insert(NodeOf(pointer, depth + 1), in hash, depth + 1, key, ownKey, value, overwrite);
            if (changed)
            {
                pointer.Link = default;
            }

            return changed;
        }

        int found = Find(pointer.Bucket, key);
        if (found >= 0)
        {
            if (!overwrite || pointer.Bucket[found].Value.Span.SequenceEqual(value.Span))
            {
                return false;
            }

            pointer.Bucket[found] = new HamtEntry(pointer.Bucket[found].Key, value);
            return true;
        }

        HamtEntry entry = new(Own(key, ownKey), value);
        if (pointer.Bucket.Length < _options.BucketSize)
        {
            pointer.Bucket = WithEntry(pointer.Bucket, entry);
        }
        else
        {
            Split(pointer, in hash, depth, entry);
        }

        return true;
    }

    /// <summary>Splits a full bucket: a node takes its entries and the new one.</summary>
    private void Split(HamtPointer pointer, in HamtHash hash, int depth, in HamtEntry entry)
    {
        HamtNode sub = new(_options);
        Insert(sub, in hash, depth + 1, entry.Key.Span, entry.Key, entry.Value, overwrite: true);
        foreach (HamtEntry old in pointer.Bucket!)
        {
            HamtHash oldHash = new(old.Key.Span);
            Insert(sub, in oldHash, depth + 1, old.Key.Span, old.Key, old.Value, overwrite: true);
        }

        pointer.Bucket = null;
        pointer.Node = sub;
    }

    /// <summary>Removes an entry below <paramref name="node"/>. Recurses once per level.</summary>
    private bool Remove(HamtNode node, in HamtHash hash, int depth, ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value)
    {
        value = default;
        int index = hash.IndexAt(depth, _options.BitWidth);
        HamtPointer? pointer = node.Find(index);
        if (pointer is null)
        {
            return false;
        }

        if (pointer.Bucket is null)
        {
            if (!Remove(NodeOf(pointer, depth + 1), in hash, depth + 1, key, out value))
            {
                return false;
            }

            pointer.Link = default;
            if (Collapse(pointer, depth))
            {
                node.Remove(index);
            }

            return true;
        }

        int found = Find(pointer.Bucket, key);
        if (found < 0)
        {
            return false;
        }

        value = pointer.Bucket[found].Value;
        if (pointer.Bucket.Length == 1)
        {
            node.Remove(index);
        }
        else
        {
            pointer.Bucket = [.. pointer.Bucket.AsSpan(0, found), .. pointer.Bucket.AsSpan(found + 1)];
        }

        return true;
    }

    /// <summary>
    /// Restores the canonical form of a node that lost an entry: whatever fits a bucket becomes a bucket. Above the minimum data depth, where
    /// only links are allowed, nodes stay until they are empty.
    /// </summary>
    /// <returns>Whether the pointer is now empty.</returns>
    private bool Collapse(HamtPointer pointer, int depth)
    {
        HamtNode below = pointer.Node!;
        if (depth < _options.MinDataDepth)
        {
            return below.Count == 0;
        }

        if (below.Count == 0)
        {
            throw new HamtException("a node lost its last pointer, which only a malformed HAMT allows");
        }

        int entries = 0;
        for (int index = below.Bitmap.NextFrom(0); index < HamtBitmap.MaxBits; index = below.Bitmap.NextFrom(index + 1))
        {
            if (below.IsLink(index))
            {
                return false;
            }

            entries += below[index].Bucket!.Length;
        }

        // A single bucket moves up unchanged, even one overfull from a wider, older encoding.
        if (below.Count > 1 && entries > _options.BucketSize)
        {
            return false;
        }

        HamtEntry[] bucket = new HamtEntry[entries];
        int at = 0;
        for (int index = below.Bitmap.NextFrom(0); index < HamtBitmap.MaxBits; index = below.Bitmap.NextFrom(index + 1))
        {
            HamtEntry[] child = below[index].Bucket!;
            child.CopyTo(bucket, at);
            at += child.Length;
        }

        Array.Sort(bucket, static (left, right) => left.Key.Span.SequenceCompareTo(right.Key.Span));
        pointer.Bucket = bucket;
        pointer.Node = null;
        return false;
    }

    private static HamtEntry[] WithEntry(HamtEntry[] bucket, in HamtEntry entry)
    {
        int at = 0;
        while (at < bucket.Length && bucket[at].Key.Span.SequenceCompareTo(entry.Key.Span) < 0)
        {
            at++;
        }

        Debug.Assert(at == bucket.Length || !bucket[at].Key.Span.SequenceEqual(entry.Key.Span), "the key is new");
        return [.. bucket.AsSpan(0, at), entry, .. bucket.AsSpan(at)];
    }

    private static ReadOnlyMemory<byte> Own(ReadOnlySpan<byte> key, ReadOnlyMemory<byte> ownKey) => ownKey.IsEmpty ? key.ToArray() : ownKey;
}
