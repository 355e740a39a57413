namespace Fvm.Ipld;

/// <summary>
/// A map from bytes to CBOR values: a trie of blocks over the SHA-256 of the keys. Blocks are loaded on demand and kept; changes stay in
/// memory until <see cref="Flush"/>. Blocks and write order are the reference's (ipld/hamt), hence so is the root. Not thread-safe.
/// </summary>
/// <remarks>
/// All members throw <see cref="HamtException"/> for a missing or malformed node, with an inner <see cref="CborException"/> if its CBOR is
/// malformed, and <see cref="BlockstoreException"/> if the store fails. After a failed modification the HAMT must be discarded.
/// </remarks>
public sealed partial class Hamt
{
    private readonly IBlockstore _store;
    private readonly ISharingBlockstore? _sharing;
    private readonly IPrefetchingBlockstore? _prefetching;
    private readonly HamtOptions _options;
    private readonly CborWriter _writer = new(1024);
    private HamtNode _root;

    // The last root, while there are no changes since.
    private Cid _flushed;

    /// <summary>An empty map.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public Hamt(IBlockstore store, HamtOptions options)
    {
        options.Validate();
        _store = store;
        _sharing = store as ISharingBlockstore;
        _prefetching = store as IPrefetchingBlockstore;
        _options = options;
        _root = new HamtNode(_options);
    }

    private Hamt(IBlockstore store, HamtOptions options, in Cid root)
    {
        options.Validate();
        _store = store;
        _sharing = store as ISharingBlockstore;
        _prefetching = store as IPrefetchingBlockstore;
        _options = options;
        _root = LoadNode(in root, 0);
        _flushed = root;
    }

    /// <summary>The parameters.</summary>
    public HamtOptions Options => _options;

    /// <summary>Whether there are no entries.</summary>
    public bool IsEmpty => _root.Count == 0;

    /// <summary>Loads the HAMT with the root <paramref name="root"/>; reads only the root block.</summary>
    public static Hamt Load(IBlockstore store, in Cid root, HamtOptions options) => new(store, options, in root);

    /// <summary>Finds the value of a key.</summary>
    /// <param name="key">The key's bytes.</param>
    /// <param name="value">The value, one CBOR item; it may be a slice of a block and must not be modified.</param>
    public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value)
    {
        HamtHash hash = _recent.Of(key);
        HamtNode node = _root;
        value = default;
        for (int depth = 0; ; depth++)
        {
            int index = hash.IndexAt(depth, _options.BitWidth);
            if (!node.Has(index))
            {
                return false;
            }

            if (node.TryGetDecoded(index, out HamtPointer? pointer))
            {
                if (pointer.Bucket is HamtEntry[] bucket)
                {
                    int found = Find(bucket, key);
                    value = found >= 0 ? bucket[found].Value : default;
                    return found >= 0;
                }

                node = NodeOf(pointer, depth + 1);
                continue;
            }

            if (!node.IsLink(index))
            {
                return node.TryFindInBlock(index, key, out value);
            }

            if (Follow(node, index, depth + 1) is HamtLayout below)
            {
                int next = hash.IndexAt(depth + 1, _options.BitWidth);
                if (!below.Has(next))
                {
                    return false;
                }

                if (!below.IsLink(next))
                {
                    return below.TryFind(next, key, out value);
                }
            }

            node = NodeOf(node[index], depth + 1);
        }
    }

    /// <summary>Whether the map has a key.</summary>
    public bool ContainsKey(ReadOnlySpan<byte> key) => TryGet(key, out _);

    /// <summary>Adds a key or replaces its value. Setting an equal value changes nothing.</summary>
    /// <param name="key">The key's bytes; they are copied.</param>
    /// <param name="value">The value, one CBOR item; it is kept by reference and must not be modified.</param>
    /// <exception cref="ArgumentException">The value is empty.</exception>
    public void Set(ReadOnlySpan<byte> key, ReadOnlyMemory<byte> value) => SetValue(key, value, overwrite: true);

    /// <summary>Adds a key unless it exists.</summary>
    /// <returns>Whether it was added.</returns>
    /// <exception cref="ArgumentException">The value is empty.</exception>
    public bool SetIfAbsent(ReadOnlySpan<byte> key, ReadOnlyMemory<byte> value) => SetValue(key, value, overwrite: false);

    /// <summary>Removes a key.</summary>
    /// <returns>Whether it existed.</returns>
    public bool Delete(ReadOnlySpan<byte> key) => Delete(key, out _);

    /// <summary>Removes a key and returns its value.</summary>
    /// <returns>Whether it existed.</returns>
    public bool Delete(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value)
    {
        HamtHash hash = new(key);
        bool removed = Remove(_root, in hash, 0, key, out value);
        if (removed)
        {
            _flushed = default;
        }

        return removed;
    }

    /// <summary>Removes all keys.</summary>
    public void Clear()
    {
        if (!IsEmpty)
        {
            _root = new HamtNode(_options);
            _flushed = default;
        }
    }

    private static int Find(HamtEntry[] bucket, ReadOnlySpan<byte> key)
    {
        for (int index = 0; index < bucket.Length; index++)
        {
            if (bucket[index].Key.Span.SequenceEqual(key))
            {
                return index;
            }
        }

        return -1;
    }

    /// <summary>The node below a pointer, loaded on first use.</summary>
    private HamtNode NodeOf(HamtPointer pointer, int depth)
    {
        if (pointer.Node is null)
        {
            Cid link = pointer.Link;
            pointer.Node = LoadNode(in link, depth);
        }

        return pointer.Node;
    }

    // The node below a link that is only in a block, if it has a layout; an object for it is made when it is changed or followed further.
    private HamtLayout? Follow(HamtNode node, int index, int depth)
    {
        HamtLayout? below = node.Followed(index);
        if (below is null)
        {
            Cid link = node.LinkInBlock(index);
            below = LoadLayout(in link, depth, out HamtNode? other);
            if (below is null)
            {
                node[index].Node = other;
            }
            else
            {
                node.SetFollowed(index, below);
            }
        }

        return below;
    }

    private HamtNode LoadNode(in Cid cid, int depth) =>
        LoadLayout(in cid, depth, out HamtNode? other) is HamtLayout layout ? new HamtNode(layout) : other!;

    // A node that can stay in its block; otherwise null and the other form.
    private HamtLayout? LoadLayout(in Cid cid, int depth, out HamtNode? other) => GetNode(in cid, depth, out CachedBlock? shared) is byte[] block
        ? LayoutIn(in cid, block, shared, depth, out other)
        : throw new HamtException($"HAMT node {cid} at depth {depth} is missing") { Missing = cid };

    // Null for a missing node.
    private byte[]? GetNode(in Cid cid, int depth, out CachedBlock? shared)
    {
        if (cid.Codec is not (Multicodec.DagCbor or Multicodec.Cbor))
        {
            throw new HamtException($"HAMT node {cid} at depth {depth} has codec 0x{cid.Codec:x}, which is no CBOR");
        }

        shared = null;
        return _sharing is null ? _store.Get(in cid) : _sharing.Get(in cid, out shared);
    }

    private HamtNode NodeIn(in Cid cid, byte[] block, CachedBlock? shared, int depth) =>
        LayoutIn(in cid, block, shared, depth, out HamtNode? other) is HamtLayout layout ? new HamtNode(layout) : other!;

    private HamtLayout? LayoutIn(in Cid cid, byte[] block, CachedBlock? shared, int depth, out HamtNode? other)
    {
        if (shared is HamtLayout known && known.IsFor(_options, depth))
        {
            other = null;
            return known;
        }

        if (_sharing is null || shared is not null)
        {
            // The block comes from a store or a cache that did not do this.
            BlockPrefetch.Begin(block);
        }

        try
        {
            HamtLayout? layout = HamtCodec.Decode(in cid, block, _options, depth, _writer, out other);
            if (shared is not null && layout is not null && layout.IsFor(_options, depth))
            {
                _sharing!.Share(layout);
            }

            return layout;
        }
        catch (FormatException error)
        {
            throw new HamtException($"HAMT node {cid} at depth {depth} is malformed: {error.Message}", error);
        }
    }
}
