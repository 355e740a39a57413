// Lists of the state: array mapped tries.
namespace Fvm.Ipld;

/// <summary>
/// A sparse list of CBOR values, kept as a trie of blocks over the digits of the index. Blocks are read when they are needed and kept;
/// changes stay in memory until <see cref="Flush"/>. The blocks and their order are those of the reference (ipld/amt), so the root is
/// too. One thread at a time may use it.
/// </summary>
/// <remarks>
/// Everything throws <see cref="AmtException"/> for a missing or malformed node, with a <see cref="CborException"/> inside where it is
/// no CBOR of the right form, and <see cref="BlockstoreException"/> when the store fails. After a change that threw, the list is to be
/// dropped.
/// </remarks>
public sealed partial class Amt
{
    /// <summary>The greatest index: one less than what a count can say.</summary>
    public const ulong MaxIndex = ulong.MaxValue - 1;

    /// <summary>The greatest height.</summary>
    public const int MaxHeight = 64;

    /// <summary>The greatest bit width; a node takes memory for that many places, set or not.</summary>
    public const int MaxBitWidth = 18;

    /// <summary>The bit width of the old form and of most lists.</summary>
    public const int DefaultBitWidth = 3;

    // Null where only the root is wanted: then all nodes are in memory.
    private readonly IBlockstore? _store;
    private readonly CborWriter _writer = new(1024);
    private AmtNode _root;

    // The last root, as long as nothing was changed since.
    private Cid _flushed;

    /// <summary>An empty list.</summary>
    /// <param name="store">Where its blocks go.</param>
    /// <param name="bitWidth">How many bits of an index a level takes, 1 to 18; always 3 in the old form.</param>
    /// <param name="version">The form of the root.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bit width is out of its range, or not 3 in the old form.</exception>
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

    private Amt(int bitWidth)
    {
        BitWidth = bitWidth;
        Version = AmtVersion.V3;
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

    /// <summary>How many bits of an index a level takes.</summary>
    public int BitWidth { get; }

    /// <summary>The form of the root.</summary>
    public AmtVersion Version { get; }

    /// <summary>How many levels are above the leaves.</summary>
    public int Height { get; private set; }

    /// <summary>How many values there are; of a list that was read, what its root says.</summary>
    public ulong Count { get; private set; }

    /// <summary>The list with the root <paramref name="root"/>; only the root is read.</summary>
    public static Amt Load(IBlockstore store, in Cid root, AmtVersion version = AmtVersion.V3) => new(store, in root, version);

    /// <summary>Writes a list of values, the first at index 0, and returns its root.</summary>
    public static Cid Build(IBlockstore store, int bitWidth, IEnumerable<ReadOnlyMemory<byte>> values)
    {
        Amt list = new(store, bitWidth);
        list.BatchSet(values);
        return list.Flush();
    }

    /// <summary>The root of a list of values, the first at index 0, whose blocks are not kept.</summary>
    public static Cid RootOf(int bitWidth, IEnumerable<ReadOnlyMemory<byte>> values)
    {
        Amt list = new(bitWidth);
        list.BatchSet(values);
        return list.Flush();
    }

    /// <summary>Finds the value at an index.</summary>
    /// <param name="index">The index.</param>
    /// <param name="value">The value, one item of CBOR; it may be part of a block and must not be changed.</param>
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

    /// <summary>Puts a value at an index.</summary>
    /// <param name="index">The index.</param>
    /// <param name="value">The value, one item of CBOR; it is kept and must not be changed.</param>
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

    /// <summary>Puts values at the indices from 0 on.</summary>
    public void BatchSet(IEnumerable<ReadOnlyMemory<byte>> values)
    {
        ulong index = 0;
        foreach (ReadOnlyMemory<byte> value in values)
        {
            Set(index++, value);
        }
    }

    /// <summary>Takes the value at an index away.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The index is beyond <see cref="MaxIndex"/>.</exception>
    public bool Delete(ulong index) => Delete(index, out _);

    /// <summary>Takes the value at an index away and gives it.</summary>
    /// <returns>Whether there was one.</returns>
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

    /// <summary>Writes the changed nodes, lower ones first, and returns the root. Without a change nothing is written.</summary>
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

    /// <summary>Whether an index fits the height.</summary>
    private bool Covers(ulong index)
    {
        int bits = BitWidth * (Height + 1);
        return bits >= 64 || index >> bits == 0;
    }

    /// <summary>The digit of an index that counts at a height.</summary>
    private int DigitAt(ulong index, int height)
    {
        int shift = BitWidth * height;
        return shift >= 64 ? 0 : (int)(index >> shift) & ((1 << BitWidth) - 1);
    }

    /// <summary>Puts a new root above the old one; an empty one is dropped.</summary>
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

    /// <summary>Takes levels away that hold only a first link.</summary>
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

    /// <summary>Takes a value away below a node, once a level, and with it the nodes that it leaves empty.</summary>
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

    /// <summary>Writes what is dirty below a node, once a level.</summary>
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
        _store?.Put(in cid, _writer.ToArray());
        return cid;
    }

    /// <summary>The node behind a link, read if it is not yet.</summary>
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

        return _store?.Get(in cid) ?? throw new AmtException($"AMT {what} {cid} is missing") { Missing = cid };
    }
}
