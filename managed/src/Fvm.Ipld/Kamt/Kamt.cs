namespace Fvm.Ipld;

/// <summary>
/// A map from keys of one length to numbers: a trie of blocks over the bits of the keys, in which links skip levels without a branch. Blocks
/// are loaded on demand and kept; changes stay in memory until <see cref="Flush"/>. The form is canonical: equal entries have equal roots,
/// whatever the order of changes, and they are the reference's (ipld/kamt). Not thread-safe.
/// </summary>
/// <remarks>
/// All members throw <see cref="KamtException"/> for a missing or malformed node, with an inner <see cref="CborException"/> if its CBOR is
/// malformed, and <see cref="BlockstoreException"/> if the store fails. After a failed modification the KAMT must be discarded.
/// </remarks>
public sealed partial class Kamt
{
    /// <summary>The length of keys and the maximum length of values, in bytes.</summary>
    public const int KeyLength = 32;

    private const int KeyBits = KeyLength * 8;

    private readonly IBlockstore _store;
    private readonly KamtOptions _options;
    private readonly KamtNode _root;

    /// <summary>An empty map.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public Kamt(IBlockstore store, KamtOptions options)
    {
        options.Validate();
        _store = store;
        _options = options;
        _root = new KamtNode();
    }

    private Kamt(IBlockstore store, KamtOptions options, in Cid root)
    {
        options.Validate();
        _store = store;
        _options = options;
        _root = LoadNode(in root, KeyBits);
    }

    /// <summary>Loads the KAMT with a root; reads only the root block.</summary>
    public static Kamt Load(IBlockstore store, in Cid root, KamtOptions options) => new(store, options, in root);

    /// <summary>Finds the value of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">A number in big-endian bytes without leading zeros; not to be modified.</param>
    /// <exception cref="ArgumentException">The key's length is different.</exception>
    public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value)
    {
        byte[] own = Own(key);
        KamtPath path = KamtPath.OfKey(own);
        KamtNode node = _root;
        value = default;
        while (node.Pointers.TryGetValue(path.First(_options.BitWidth), out KamtPointer? pointer))
        {
            path = path.Skip(_options.BitWidth);
            if (pointer.Bucket is List<KamtEntry> bucket)
            {
                int at = Find(bucket, own);
                value = at >= 0 ? bucket[at].Value : default;
                return at >= 0;
            }

            if (pointer.Skipped.CommonWith(path, _options.BitWidth) != pointer.Skipped.Length)
            {
                return false;
            }

            path = path.Skip(pointer.Skipped.Length);
            node = NodeOf(pointer, path.Length);
        }

        return false;
    }

    /// <summary>Adds a key or replaces its value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">A number in big-endian bytes, at most <see cref="KeyLength"/>; leading zeros are dropped.</param>
    /// <returns>Whether anything changed.</returns>
    /// <exception cref="ArgumentException">The key's length is different, or the value is longer.</exception>
    public bool Set(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        byte[] number = value.Length <= KeyLength
            ? value.TrimStart((byte)0).ToArray()
            : throw new ArgumentException($"a value has at most {KeyLength} bytes", nameof(value));
        byte[] own = Own(key);
        return Insert(_root, KamtPath.OfKey(own), new KamtEntry(own, number));
    }

    /// <summary>Removes a key.</summary>
    /// <returns>Whether it existed.</returns>
    /// <exception cref="ArgumentException">The key's length is different.</exception>
    public bool Delete(ReadOnlySpan<byte> key)
    {
        byte[] own = Own(key);
        return Remove(_root, KamtPath.OfKey(own), own);
    }

    /// <summary>Writes the changed nodes, children first, and returns the root.</summary>
    public Cid Flush() => Write(_root);

    /// <summary>All entries in the order of their keys; nodes are loaded on the way. They must not be changed meanwhile.</summary>
    public IEnumerable<KeyValuePair<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>> Entries()
    {
        Stack<(KamtPointer Pointer, KamtPath Path)> left = new();
        PushAll(left, _root, KamtPath.Empty);
        while (left.TryPop(out (KamtPointer Pointer, KamtPath Path) next))
        {
            if (next.Pointer.Bucket is not List<KamtEntry> bucket)
            {
                KamtPath path = next.Path.Join(next.Pointer.Skipped);
                PushAll(left, NodeOf(next.Pointer, KeyBits - path.Length), path);
                continue;
            }

            foreach (KamtEntry entry in bucket)
            {
                RequirePlace(entry, next.Path);
                yield return new(entry.Key, entry.Value);
            }
        }
    }

    // Otherwise blocks that link to one block many times would take for ever.
    private static void RequirePlace(in KamtEntry entry, KamtPath path)
    {
        if (!KamtPath.OfKey(entry.Key).BeginsWith(path))
        {
            throw new KamtException($"the KAMT has the key 0x{Convert.ToHexStringLower(entry.Key)} in a wrong place");
        }
    }

    private void PushAll(Stack<(KamtPointer Pointer, KamtPath Path)> left, KamtNode node, KamtPath path)
    {
        int width = Math.Min(_options.BitWidth, KeyBits - path.Length);
        foreach ((int index, KamtPointer pointer) in node.Pointers.Reverse())
        {
            left.Push((pointer, path.Join(index, width, KamtPath.Empty)));
        }
    }

    private static byte[] Own(ReadOnlySpan<byte> key) =>
        key.Length == KeyLength ? key.ToArray() : throw new ArgumentException($"a key has {KeyLength} bytes", nameof(key));

    private static int Find(List<KamtEntry> bucket, byte[] key) => bucket.FindIndex(entry => entry.Key.AsSpan().SequenceEqual(key));

    // Recurses once per level, at most 256 times.
    private bool Insert(KamtNode node, KamtPath path, in KamtEntry entry)
    {
        int width = _options.BitWidth;
        int index = path.First(width);
        path = path.Skip(width);
        if (!node.Pointers.TryGetValue(index, out KamtPointer? pointer))
        {
            node.Pointers.Add(index, KamtPointer.ToBucket([entry]));
            return true;
        }

        if (pointer.Bucket is List<KamtEntry> bucket)
        {
            return InsertInBucket(node, index, bucket, path, entry);
        }

        int matched = pointer.Skipped.CommonWith(path, width);
        if (matched == pointer.Skipped.Length)
        {
            path = path.Skip(matched);
            bool changed = Insert(NodeOf(pointer, path.Length), path, entry);
            if (changed)
            {
                pointer.Link = default;
            }

            return changed;
        }

        // The link skips levels in which there is now a branch: a node at the branch links to the old target and has the new entry.
        KamtNode midway = new();
        KamtPath tail = pointer.Skipped.Skip(matched);
        midway.Pointers.Add(tail.First(width), pointer.By(tail.Skip(width)));
        midway.Pointers.Add(path.Skip(matched).First(width), KamtPointer.ToBucket([entry]));
        node.Pointers[index] = KamtPointer.ToDirty(midway, pointer.Skipped.Take(matched));
        return true;
    }

    private bool InsertInBucket(KamtNode node, int index, List<KamtEntry> bucket, KamtPath path, in KamtEntry entry)
    {
        int at = Find(bucket, entry.Key);
        if (at >= 0)
        {
            bool differs = !bucket[at].Value.AsSpan().SequenceEqual(entry.Value);
            bucket[at] = entry;
            return differs;
        }

        if (bucket.Count < _options.BucketSize)
        {
            bucket.Add(entry);
            bucket.Sort(static (left, right) => left.Key.AsSpan().SequenceCompareTo(right.Key));
            return true;
        }

        int consumed = KeyBits - path.Length;
        int common = path.Length;
        foreach (KamtEntry old in bucket)
        {
            common = Math.Min(common, path.CommonWith(KamtPath.OfKey(old.Key).Skip(consumed), _options.BitWidth));
        }

        KamtNode below = new();
        Insert(below, path.Skip(common), entry);
        foreach (KamtEntry old in bucket)
        {
            Insert(below, KamtPath.OfKey(old.Key).Skip(consumed + common), old);
        }

        node.Pointers[index] = KamtPointer.ToDirty(below, path.Take(common));
        return true;
    }

    private bool Remove(KamtNode node, KamtPath path, byte[] key)
    {
        int index = path.First(_options.BitWidth);
        path = path.Skip(_options.BitWidth);
        if (!node.Pointers.TryGetValue(index, out KamtPointer? pointer))
        {
            return false;
        }

        if (pointer.Bucket is List<KamtEntry> bucket)
        {
            int at = Find(bucket, key);
            if (at < 0)
            {
                return false;
            }

            bucket.RemoveAt(at);
            if (bucket.Count == 0)
            {
                node.Pointers.Remove(index);
            }

            return true;
        }

        if (pointer.Skipped.CommonWith(path, _options.BitWidth) != pointer.Skipped.Length)
        {
            return false;
        }

        path = path.Skip(pointer.Skipped.Length);
        KamtNode below = NodeOf(pointer, path.Length);
        if (!Remove(below, path, key))
        {
            return false;
        }

        pointer.Link = default;
        node.Pointers[index] = Collapse(pointer, below);
        return true;
    }

    /// <summary>Restores the canonical form after a removal: no node has a single pointer, or entries that fit a bucket.</summary>
    private KamtPointer Collapse(KamtPointer pointer, KamtNode below)
    {
        if (below.Pointers.Count == 0)
        {
            throw new KamtException("a node of the KAMT lost its last pointer, which only a malformed one allows");
        }

        if (below.Pointers.Count == 1)
        {
            (int index, KamtPointer only) = below.Pointers.First();
            return only.Bucket is null ? only.By(pointer.Skipped.Join(index, _options.BitWidth, only.Skipped)) : only;
        }

        List<KamtEntry> entries = [];
        foreach (KamtPointer each in below.Pointers.Values)
        {
            if (each.Bucket is null || entries.Count + each.Bucket.Count > _options.BucketSize)
            {
                return pointer;
            }

            entries.AddRange(each.Bucket);
        }

        return KamtPointer.ToBucket(entries);
    }

    private Cid Write(KamtNode node)
    {
        foreach (KamtPointer pointer in node.Pointers.Values)
        {
            if (pointer.IsDirty)
            {
                pointer.Link = Write(pointer.Node!);
            }
        }

        byte[] block = KamtCodec.Encode(node);
        Cid cid = Cid.Blake2b256(Multicodec.DagCbor, block);
        _store.Put(in cid, block);
        return cid;
    }

    private KamtNode NodeOf(KamtPointer pointer, int bitsLeft)
    {
        if (pointer.Node is null)
        {
            Cid link = pointer.Link;
            pointer.Node = LoadNode(in link, bitsLeft);
        }

        return pointer.Node;
    }

    private KamtNode LoadNode(in Cid cid, int bitsLeft)
    {
        byte[] block = _store.Get(in cid) ?? throw new KamtException($"KAMT node {cid} is missing");
        try
        {
            KamtNode node = KamtCodec.Decode(block, _options, KeyLength, bitsLeft);
            bool isEmptyInside = node.Pointers.Count == 0 && bitsLeft != KeyBits;
            return isEmptyInside ? throw new KamtException("no pointers") : node;
        }
        catch (FormatException error)
        {
            throw new KamtException($"KAMT node {cid} is malformed: {error.Message}", error);
        }
    }
}
