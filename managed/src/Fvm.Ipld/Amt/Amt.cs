namespace Fvm.Ipld;

/// <summary>
/// A sparse array of CBOR values: a trie of blocks over the digits of the index. Blocks are loaded on demand and kept; changes stay in memory
/// until <see cref="Flush"/>. Blocks and write order are the reference's (ipld/amt), hence so is the root. Not thread-safe.
/// </summary>
/// <remarks>
/// All members throw <see cref="AmtException"/> for a missing or malformed node, with an inner <see cref="CborException"/> if its CBOR is
/// malformed, and <see cref="BlockstoreException"/> if the store fails. After a failed modification the AMT must be discarded.
/// </remarks>
public sealed partial class Amt
{
    /// <summary>The greatest index: one less than the greatest count.</summary>
    public const ulong MaxIndex = ulong.MaxValue - 1;

    /// <summary>The greatest height.</summary>
    public const int MaxHeight = 64;

    /// <summary>The greatest bit width; a node allocates 2^width slots, whether set or not.</summary>
    public const int MaxBitWidth = 18;

    /// <summary>The bit width of V0 and of most AMTs.</summary>
    public const int DefaultBitWidth = 3;

    private readonly IBlockstore _store;
    private readonly CborWriter _writer = new(1024);
    private AmtNode _root;

    // The last root, while there are no changes since.
    private Cid _flushed;

    /// <summary>An empty AMT.</summary>
    /// <param name="store">Receives its blocks.</param>
    /// <param name="bitWidth">Index bits per level, 1 to 18; always 3 in V0.</param>
    /// <param name="version">The root's encoding.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bit width is out of range, or not 3 in V0.</exception>
    public Amt(IBlockstore store, int bitWidth = DefaultBitWidth, AmtVersion version = AmtVersion.V3)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bitWidth, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bitWidth, MaxBitWidth);
        if (version == AmtVersion.V0)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(bitWidth, DefaultBitWidth);
        }

        _store = store;
        BitWidth = bitWidth;
        Version = version;
        _root = AmtNode.NewLeaf(bitWidth);
    }

    private Amt(IBlockstore store, in Cid root, AmtVersion version)
    {
        _store = store;
        Version = version;
        byte[] block = GetBlock(in root, "root");
        try
        {
            (BitWidth, Height, Count, _root) = AmtCodec.DecodeRoot(block, version);
        }
        catch (FormatException error)
        {
            throw new AmtException($"AMT root {root} is malformed: {error.Message}", error);
        }

        _flushed = root;
    }

    /// <summary>Index bits per level.</summary>
    public int BitWidth { get; }

    /// <summary>The root's encoding.</summary>
    public AmtVersion Version { get; }

    /// <summary>The number of levels above the leaves.</summary>
    public int Height { get; private set; }

    /// <summary>The number of values; for a loaded AMT, according to its root.</summary>
    public ulong Count { get; private set; }

    /// <summary>Loads the AMT with the root <paramref name="root"/>; reads only the root block.</summary>
    public static Amt Load(IBlockstore store, in Cid root, AmtVersion version = AmtVersion.V3) => new(store, in root, version);

    /// <summary>Writes an AMT of the values, the first at index 0, and returns its root.</summary>
    public static Cid Build(IBlockstore store, int bitWidth, IEnumerable<ReadOnlyMemory<byte>> values)
    {
        Amt list = new(store, bitWidth);
        list.BatchSet(values);
        return list.Flush();
    }

    /// <summary>Finds the value at an index.</summary>
    /// <param name="index">The index.</param>
    /// <param name="value">The value, one CBOR item; it may be a slice of a block and must not be modified.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is beyond <see cref="MaxIndex"/>.</exception>
    public bool TryGet(ulong index, out ReadOnlyMemory<byte> value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, MaxIndex);
        value = default;
        if (!Covers(index))
        {
            return false;
        }

        AmtNode node = _root;
        for (int height = Height; height > 0; height--)
        {
            AmtLink? link = node.Links![DigitAt(index, height)];
            if (link is null)
            {
                return false;
            }

            node = NodeOf(link, height - 1);
        }

        value = node.Values![DigitAt(index, 0)];
        return !value.IsEmpty;
    }

    /// <summary>Sets the value at an index.</summary>
    /// <param name="index">The index.</param>
    /// <param name="value">The value, one CBOR item; it is kept by reference and must not be modified.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is beyond <see cref="MaxIndex"/>.</exception>
    /// <exception cref="ArgumentException">The value is empty.</exception>
    public void Set(ulong index, ReadOnlyMemory<byte> value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, MaxIndex);
        if (value.IsEmpty)
        {
            throw new ArgumentException("a value is one item of CBOR and so not empty", nameof(value));
        }

        while (!Covers(index))
        {
            Grow();
        }

        AmtNode node = _root;
        for (int height = Height; height > 0; height--)
        {
            ref AmtLink? link = ref node.Links![DigitAt(index, height)];
            link ??= new AmtLink { Node = AmtNode.New(BitWidth, height - 1) };
            node = NodeOf(link, height - 1);
            link.Cid = default;
        }

        ref ReadOnlyMemory<byte> place = ref node.Values![DigitAt(index, 0)];
        Count += place.IsEmpty ? 1UL : 0UL;
        place = value;
        _flushed = default;
    }

    /// <summary>Sets values at consecutive indices from 0.</summary>
    public void BatchSet(IEnumerable<ReadOnlyMemory<byte>> values)
    {
        ulong index = 0;
        foreach (ReadOnlyMemory<byte> value in values)
        {
            Set(index++, value);
        }
    }

    /// <summary>Removes the value at an index.</summary>
    /// <returns>Whether there was a value.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The index is beyond <see cref="MaxIndex"/>.</exception>
    public bool Delete(ulong index) => Delete(index, out _);

    /// <summary>Removes the value at an index and returns it.</summary>
    /// <returns>Whether there was a value.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The index is beyond <see cref="MaxIndex"/>.</exception>
    public bool Delete(ulong index, out ReadOnlyMemory<byte> value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, MaxIndex);
        value = default;
        if (!Covers(index) || !Remove(_root, Height, index, out value))
        {
            return false;
        }

        _flushed = default;
        Count = Count > 0 ? Count - 1 : throw new AmtException("the root counts fewer values than there are");
        Shrink();
        return true;
    }

    /// <summary>Writes the changed nodes, children first, and returns the root. Writes nothing if unchanged.</summary>
    public Cid Flush()
    {
        if (_flushed.IsDefault)
        {
            FlushBelow(_root);
            _writer.Reset();
            AmtCodec.EncodeRoot(_writer, Version, BitWidth, Height, Count, _root);
            _flushed = PutWritten();
        }

        return _flushed;
    }

    /// <summary>Whether an index fits the current height.</summary>
    private bool Covers(ulong index)
    {
        int bits = BitWidth * (Height + 1);
        return bits >= 64 || index >> bits == 0;
    }

    /// <summary>The digit of an index at a height.</summary>
    private int DigitAt(ulong index, int height)
    {
        int shift = BitWidth * height;
        return shift >= 64 ? 0 : (int)(index >> shift) & ((1 << BitWidth) - 1);
    }

    /// <summary>Adds a level above the root; an empty root is dropped.</summary>
    private void Grow()
    {
        AmtNode above = AmtNode.NewBranch(BitWidth);
        if (!_root.IsEmpty)
        {
            above.Links![0] = new AmtLink { Node = _root };
        }

        _root = above;
        Height++;
    }

    /// <summary>Removes top levels with nothing but a first link.</summary>
    private void Shrink()
    {
        if (_root.IsEmpty)
        {
            _root = AmtNode.NewLeaf(BitWidth);
            Height = 0;
            return;
        }

        while (Height > 0 && _root.HasOnlyFirstLink)
        {
            _root = NodeOf(_root.Links![0]!, Height - 1);
            Height--;
        }
    }

    /// <summary>Removes a value below a node, and the nodes that become empty. Recurses once per level.</summary>
    private bool Remove(AmtNode node, int height, ulong index, out ReadOnlyMemory<byte> value)
    {
        int digit = DigitAt(index, height);
        if (node.Values is not null)
        {
            value = node.Values[digit];
            node.Values[digit] = default;
            return !value.IsEmpty;
        }

        value = default;
        AmtLink? link = node.Links![digit];
        if (link is null || !Remove(NodeOf(link, height - 1), height - 1, index, out value))
        {
            return false;
        }

        link.Cid = default;
        if (link.Node!.IsEmpty)
        {
            node.Links[digit] = null;
        }

        return true;
    }

    /// <summary>Writes the dirty nodes below a node. Recurses once per level.</summary>
    private void FlushBelow(AmtNode node)
    {
        foreach (AmtLink? link in node.Links ?? [])
        {
            if (link is { IsDirty: true })
            {
                FlushBelow(link.Node!);
                _writer.Reset();
                AmtCodec.EncodeNode(_writer, link.Node!);
                link.Cid = PutWritten();
            }
        }
    }

    private Cid PutWritten()
    {
        Cid cid = Cid.Blake2b256(Multicodec.DagCbor, _writer.WrittenSpan);
        _store.Put(in cid, _writer.ToArray());
        return cid;
    }

    /// <summary>The node behind a link, loaded on first use.</summary>
    private AmtNode NodeOf(AmtLink link, int height) => link.Node ??= LoadNode(link.Cid, height);

    private AmtNode LoadNode(Cid cid, int height)
    {
        byte[] block = GetBlock(in cid, "node");
        try
        {
            return AmtCodec.DecodeNode(block, BitWidth, height);
        }
        catch (FormatException error)
        {
            throw new AmtException($"AMT node {cid} at height {height} is malformed: {error.Message}", error);
        }
    }

    private byte[] GetBlock(in Cid cid, string what)
    {
        if (cid.Codec is not (Multicodec.DagCbor or Multicodec.Cbor))
        {
            throw new AmtException($"AMT {what} {cid} has codec 0x{cid.Codec:x}, which is no CBOR");
        }

        return _store.Get(in cid) ?? throw new AmtException($"AMT {what} {cid} is missing") { Missing = cid };
    }
}
