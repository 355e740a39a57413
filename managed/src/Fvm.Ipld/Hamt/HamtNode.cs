using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Fvm.Ipld;

/// <summary>
/// A node: its bitmap, and its pointers in bit order. A link in the usual form (<see cref="CborLink"/>) and a bucket that would be written as it
/// was read stay in the node's block until somebody changes or follows them: of the 32 pointers of a node most readers need one, and objects
/// for the others would be most of the memory, and of the collector's work, of a state with many actors. So that a place in the block is one
/// word, nodes of blocks of 64 KiB and more have objects only.
/// </summary>
internal sealed class HamtNode
{
    private const int FirstRoom = 4;

    private readonly HamtOptions _options;
    private readonly byte[] _block;
    private Place[] _places;
    private HamtPointer?[]? _pointers;
    private HamtBitmap _bitmap;
    private int _count;

    public HamtNode(HamtOptions options)
        : this(options, [], default, 0)
    {
    }

    /// <summary>A node whose pointers are yet to be added.</summary>
    /// <param name="options">The parameters of the HAMT.</param>
    /// <param name="block">The node's block, for pointers that stay there.</param>
    /// <param name="bitmap">The positions of the pointers.</param>
    /// <param name="capacity">How many pointers will be added.</param>
    public HamtNode(HamtOptions options, byte[] block, HamtBitmap bitmap, int capacity)
    {
        _options = options;
        _block = block;
        _bitmap = bitmap;
        _places = capacity == 0 ? [] : new Place[capacity];
    }

    /// <summary>The number of pointers.</summary>
    public int Count => _count;

    public HamtBitmap Bitmap => _bitmap;

    /// <summary>A pointer by its rank, the number of pointers before it.</summary>
    public HamtPointer this[int rank]
    {
        get
        {
            if (_pointers?[rank] is HamtPointer pointer)
            {
                return pointer;
            }

            pointer = HamtCodec.DecodeInBlock(_block, _places[rank].Start, _options);
            Pointers()[rank] = pointer;
            return pointer;
        }
    }

    /// <summary>The rank of the pointer at <paramref name="index"/>, or -1.</summary>
    public int RankAt(int index) => _bitmap.Has(index) ? _bitmap.RankOf(index) : -1;

    /// <summary>The pointer at <paramref name="index"/>, or null.</summary>
    public HamtPointer? Find(int index) => RankAt(index) is int rank and >= 0 ? this[rank] : null;

    /// <summary>A pointer by its rank, unless it is only in the block: an unchanged one, not followed so far.</summary>
    public bool TryGetDecoded(int rank, [NotNullWhen(true)] out HamtPointer? pointer)
    {
        pointer = _pointers?[rank];
        return pointer is not null;
    }

    /// <summary>Whether a pointer is a link, or a changed node.</summary>
    public bool IsLink(int rank) => TryGetDecoded(rank, out HamtPointer? pointer)
        ? pointer.Bucket is null
        : HamtCodec.IsLinkInBlock(_block, _places[rank].Start, _options);

    /// <summary>The value of a key in a bucket that is only in the block.</summary>
    public bool TryFindInBlock(int rank, ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value) =>
        HamtCodec.TryFindInBlock(_block, _places[rank].Start, _options, key, out value);

    /// <summary>The encoding of pointers that are only in the block: of the one at <paramref name="rank"/> and those that follow it there.</summary>
    /// <param name="rank">The rank of the first one; receives that of the next pointer that is not included.</param>
    public ReadOnlySpan<byte> EncodedRun(ref int rank)
    {
        int start = _places[rank].Start;
        int end = start;
        while (rank < _count && _pointers?[rank] is null && _places[rank].Start == end)
        {
            end += _places[rank].Length;
            rank++;
        }

        return _block.AsSpan(start, end - start);
    }

    /// <summary>Adds the next pointer of a node that is being read.</summary>
    public void Add(HamtPointer pointer) => Pointers()[_count++] = pointer;

    /// <summary>Adds the next pointer of a node that is being read, as a part of the block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddInBlock(int start, int length)
    {
        if (_block.Length > ushort.MaxValue)
        {
            AddDecoded(start);
            return;
        }

        _places[_count++] = new Place((ushort)start, (ushort)length);
    }

    private void AddDecoded(int start) => Add(HamtCodec.DecodeInBlock(_block, start, _options));

    public void Insert(int index, HamtPointer pointer)
    {
        int rank = _bitmap.RankOf(index);
        HamtPointer?[] pointers = Pointers();
        if (_count == _places.Length)
        {
            int room = Math.Max(FirstRoom, 2 * _count);
            Array.Resize(ref _places, room);
            Array.Resize(ref _pointers, room);
            pointers = _pointers!;
        }

        Array.Copy(_places, rank, _places, rank + 1, _count - rank);
        Array.Copy(pointers, rank, pointers, rank + 1, _count - rank);
        _places[rank] = default;
        pointers[rank] = pointer;
        _count++;
        _bitmap.Set(index);
    }

    public void Remove(int index)
    {
        int rank = _bitmap.RankOf(index);
        HamtPointer?[] pointers = Pointers();
        _count--;
        Array.Copy(_places, rank + 1, _places, rank, _count - rank);
        Array.Copy(pointers, rank + 1, pointers, rank, _count - rank);
        pointers[_count] = null;
        _bitmap.Clear(index);
    }

    private HamtPointer?[] Pointers() => _pointers ??= new HamtPointer?[_places.Length];

    /// <param name="Start">The offset of the pointer's encoding in the block.</param>
    /// <param name="Length">Its length in bytes; 0 for a pointer that is not in the block.</param>
    private readonly record struct Place(ushort Start, ushort Length);
}
