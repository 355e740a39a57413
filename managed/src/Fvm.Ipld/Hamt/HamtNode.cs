using System.Diagnostics.CodeAnalysis;

namespace Fvm.Ipld;

/// <summary>
/// A node: its bitmap, and its pointers in bit order. A link in the usual form (<see cref="CborLink"/>) stays in the node's block until
/// somebody follows it: of the 32 pointers of a node most readers need one.
/// </summary>
internal sealed class HamtNode
{
    private readonly byte[] _block;
    private readonly List<Slot> _slots;
    private HamtBitmap _bitmap;

    public HamtNode()
        : this([], default, 0)
    {
    }

    /// <summary>A node whose pointers are yet to be added.</summary>
    /// <param name="block">The node's block, for links that stay there.</param>
    /// <param name="bitmap">The positions of the pointers.</param>
    /// <param name="capacity">How many pointers will be added.</param>
    public HamtNode(byte[] block, HamtBitmap bitmap, int capacity)
    {
        _block = block;
        _bitmap = bitmap;
        _slots = new List<Slot>(capacity);
    }

    /// <summary>The number of pointers.</summary>
    public int Count => _slots.Count;

    public HamtBitmap Bitmap => _bitmap;

    /// <summary>A pointer by its rank, the number of pointers before it.</summary>
    public HamtPointer this[int rank]
    {
        get
        {
            if (_slots[rank].Pointer is HamtPointer pointer)
            {
                return pointer;
            }

            pointer = HamtPointer.ToLink(CborLink.CidOf(EncodedLink(rank)));
            _slots[rank] = new Slot(pointer, 0);
            return pointer;
        }
    }

    /// <summary>The pointer at <paramref name="index"/>, or null.</summary>
    public HamtPointer? Find(int index) => _bitmap.Has(index) ? this[_bitmap.RankOf(index)] : null;

    /// <summary>A pointer by its rank, unless it is a link that is only in the block: an unchanged one, not followed so far.</summary>
    public bool TryGetDecoded(int rank, [NotNullWhen(true)] out HamtPointer? pointer)
    {
        pointer = _slots[rank].Pointer;
        return pointer is not null;
    }

    /// <summary>The encoding of a link that is only in the block.</summary>
    public ReadOnlySpan<byte> EncodedLink(int rank) => _block.AsSpan(_slots[rank].LinkAt, CborLink.Length);

    /// <summary>Adds the next pointer of a node that is being read.</summary>
    public void Add(HamtPointer pointer) => _slots.Add(new Slot(pointer, 0));

    /// <summary>Adds the next pointer of a node that is being read, a link in the form of <see cref="CborLink"/> at an offset of the block.</summary>
    public void AddLinkAt(int offset) => _slots.Add(new Slot(null, offset));

    public void Insert(int index, HamtPointer pointer)
    {
        _slots.Insert(_bitmap.RankOf(index), new Slot(pointer, 0));
        _bitmap.Set(index);
    }

    public void Remove(int index)
    {
        _slots.RemoveAt(_bitmap.RankOf(index));
        _bitmap.Clear(index);
    }

    /// <param name="Pointer">The pointer, or null for a link that is only in the block.</param>
    /// <param name="LinkAt">The offset of that link.</param>
    private readonly record struct Slot(HamtPointer? Pointer, int LinkAt);
}
