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
        _options = options;
        _root = new HamtNode(_options);
    }

    private Hamt(IBlockstore store, HamtOptions options, in Cid root)
    {
        options.Validate();
        _store = store;
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
        HamtHash hash = new(key);
        HamtNode node = _root;
        value = default;
        for (int depth = 0; ; depth++)
        {
            int rank = node.RankAt(hash.IndexAt(depth, _options.BitWidth));
            if (rank < 0)
            {
                return false;
            }

            if (!node.TryGetDecoded(rank, out _) && !node.IsLink(rank))
            {
                return node.TryFindInBlock(rank, key, out value);
            }

            HamtPointer pointer = node[rank];
            if (pointer.Bucket is HamtEntry[] bucket)
            {
                int found = Find(bucket, key);
                value = found >= 0 ? bucket[found].Value : default;
                return found >= 0;
            }

            node = NodeOf(pointer, depth + 1);
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

    private HamtNode LoadNode(in Cid cid, int depth) => GetNode(in cid, depth) is byte[] block
        ? DecodeNode(in cid, block, depth)
        : throw new HamtException($"HAMT node {cid} at depth {depth} is missing") { Missing = cid };

    // Null for a missing node.
    private byte[]? GetNode(in Cid cid, int depth) => cid.Codec is Multicodec.DagCbor or Multicodec.Cbor
        ? _store.Get(in cid)
        : throw new HamtException($"HAMT node {cid} at depth {depth} has codec 0x{cid.Codec:x}, which is no CBOR");

    private HamtNode DecodeNode(in Cid cid, byte[] block, int depth)
    {
        try
        {
            return HamtCodec.Decode(block, _options, depth, _writer);
        }
        catch (FormatException error)
        {
            throw new HamtException($"HAMT node {cid} at depth {depth} is malformed: {error.Message}", error);
        }
    }
}
