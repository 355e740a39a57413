using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Fvm.Ipld;

/// <summary>
/// A node: a bitmap, and a pointer per set bit. A link in the usual form (<see cref="CborLink"/>) and a bucket that would be written as it was
/// read stay in the node's block (<see cref="HamtLayout"/>) until somebody changes or follows them.
/// </summary>
internal sealed class HamtNode
{
    private readonly HamtLayout? _layout;

    // By index: a HamtPointer; the HamtLayout of a node below that was followed and that nobody has changed or followed further; null where the
    // pointer is only in the block, or there is none. Most nodes are read only, and of most that are read a machine needs one entry.
    private object?[]? _pointers;
    private HamtBitmap _bitmap;

    /// <summary>An empty node.</summary>
    public HamtNode(HamtOptions options)
    {
        _pointers = NewPointers(options, in _bitmap);
    }

    /// <summary>A node all of whose pointers are in its block.</summary>
    public HamtNode(HamtLayout layout)
    {
        _layout = layout;
        _bitmap = layout.Bitmap;
    }

    /// <summary>A node some of whose pointers are in its block.</summary>
    /// <param name="layout">Those in the block; null if all others are there.</param>
    /// <param name="bitmap">The positions of all pointers.</param>
    /// <param name="pointers">The others, by index.</param>
    public HamtNode(HamtLayout? layout, in HamtBitmap bitmap, object?[] pointers)
    {
        _layout = layout;
        _bitmap = bitmap;
        _pointers = pointers;
    }

    /// <summary>The number of pointers.</summary>
    public int Count => _bitmap.Count;

    public HamtBitmap Bitmap => _bitmap;

    /// <summary>A <see cref="HamtPointer"/> for each that is not only in the block, with other objects and nulls between them.</summary>
    public ReadOnlySpan<object?> Decoded => _pointers;

    /// <summary>The pointer at <paramref name="index"/>, where there must be one.</summary>
    // Sound: without a layout all pointers are decoded.
    public HamtPointer this[int index]
    {
        get
        {
            if (!TryGetDecoded(index, out HamtPointer? pointer))
            {
                pointer = Followed(index) is HamtLayout below ? HamtPointer.ToUnchanged(below) : _layout!.Decode(index);
                Pointers()[index] = pointer;
            }

            return pointer;
        }
    }

    /// <summary>An array with a place for each pointer that a node may have.</summary>
    public static object?[] NewPointers(HamtOptions options, in HamtBitmap bitmap)
    {
        // A bit that no hash leads to is allowed in a block.
        int width = 1 << options.BitWidth;
        return new object?[bitmap.NextFrom(width) < HamtBitmap.MaxBits ? HamtBitmap.MaxBits : width];
    }

    public bool Has(int index) => _bitmap.Has(index);

    /// <summary>The pointer at <paramref name="index"/>, or null.</summary>
    public HamtPointer? Find(int index) => _bitmap.Has(index) ? this[index] : null;

    /// <summary>The pointer at <paramref name="index"/>, unless it is only in the block: an unchanged one.</summary>
    public bool TryGetDecoded(int index, [NotNullWhen(true)] out HamtPointer? pointer)
    {
        pointer = _pointers?[index] as HamtPointer;
        return pointer is not null;
    }

    /// <summary>The node below a link that is only in the block, if it was followed.</summary>
    public HamtLayout? Followed(int index) => _pointers?[index] as HamtLayout;

    /// <summary>Keeps the node below a link that is only in the block.</summary>
    public void SetFollowed(int index, HamtLayout below) => Pointers()[index] = below;

    /// <summary>The CID of a link that is only in the block.</summary>
    public Cid LinkInBlock(int index) => _layout!.LinkAt(index);

    /// <summary>Whether the pointer at <paramref name="index"/> is a link, or a changed node.</summary>
    public bool IsLink(int index) => TryGetDecoded(index, out HamtPointer? pointer) ? pointer.Bucket is null : _layout!.IsLink(index);

    /// <summary>The value of a key in a bucket that is only in the block.</summary>
    public bool TryFindInBlock(int index, ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value) => _layout!.TryFind(index, key, out value);

    /// <summary>The encoding of pointers that are only in the block: of the one at <paramref name="index"/> and those that follow it there.</summary>
    /// <param name="index">The index of the first one; receives that of the next pointer that is not included.</param>
    public ReadOnlySpan<byte> EncodedRun(ref int index)
    {
        HamtLayout layout = _layout!;
        int first = index;
        int rank = layout.RankOf(first);
        int count = 0;

        // Of a node with a layout, pointers past the first word were inserted.
        ulong left = _bitmap.FirstWord & (ulong.MaxValue << first);
        do
        {
            count++;
            left &= left - 1;
            index = left != 0 ? BitOperations.TrailingZeroCount(left) : _bitmap.NextFrom(HamtLayout.BitmapBits);
        }
        while (left != 0 && _pointers?[index] is not HamtPointer && layout.RankOf(index) == rank + count);

        return layout.Encoded(rank, count);
    }

    public void Insert(int index, HamtPointer pointer)
    {
        Pointers()[index] = pointer;
        _bitmap.Set(index);
    }

    public void Remove(int index)
    {
        Pointers()[index] = null;
        _bitmap.Clear(index);
    }

    private object?[] Pointers() => _pointers ??= NewPointers(_layout!.Options, in _bitmap);
}
