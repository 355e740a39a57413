using System.Numerics;
using System.Runtime.CompilerServices;

namespace Fvm.Ipld;

/// <summary>
/// A node that has been checked, as it lies in its block: the bitmap, and where each pointer begins. Of the 32 pointers of a node most readers
/// need one; objects for the others would be most of the memory, and of the collector's work, of a state with many actors. Immutable: all
/// readers of a process may share it.
/// </summary>
/// <remarks>
/// All in one object: whoever meets a node of a large state for the first time waits for the memory of each object on the way. So there are
/// layouts only of nodes of at most 32 pointers, as all nodes of the chain's maps are, in blocks of less than 64 KiB.
/// </remarks>
internal sealed class HamtLayout : CachedBlock
{
    /// <summary>A bound on the indices.</summary>
    public const int BitmapBits = 64;

    private const int MaxPointers = 32;

    // Bytes that this object takes more than that of a block alone.
    private const int Overhead = 88;

    private readonly HamtOptions _options;
    private readonly ulong _bitmap;
    private readonly Starts _starts;

    private HamtLayout(in Cid cid, byte[] block, HamtOptions options, ulong bitmap, in Starts starts)
        : base(in cid, block)
    {
        _options = options;
        _bitmap = bitmap;
        _starts = starts;
    }

    /// <inheritdoc/>
    public override int Cost => base.Cost + Overhead;

    public HamtOptions Options => _options;

    public HamtBitmap Bitmap => HamtBitmap.Of(_bitmap);

    /// <summary>Whether a check with these parameters, at this depth, would have the same result.</summary>
    // Of the depth, the result depends in two ways: only a root may be empty, and only deep nodes may have entries.
    public bool IsFor(HamtOptions options, int depth) =>
        ReferenceEquals(options, _options) && options.MinDataDepth == 0 && (depth == 0 || _bitmap != 0);

    public bool Has(int index) => index < BitmapBits && ((_bitmap >> index) & 1) != 0;

    /// <summary>Whether the pointer at <paramref name="index"/> is a link.</summary>
    public bool IsLink(int index) => HamtCodec.IsLinkInBlock(Bytes, _starts[RankOf(index)], _options);

    /// <summary>The CID of the link at <paramref name="index"/>.</summary>
    public Cid LinkAt(int index) => HamtCodec.LinkInBlock(Bytes, _starts[RankOf(index)], _options);

    /// <summary>The value of a key in the bucket at <paramref name="index"/>.</summary>
    public bool TryFind(int index, ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value)
    {
        int rank = RankOf(index);
        return HamtCodec.TryFindInBlock(Bytes, _starts[rank], _starts[rank + 1], _options, key, out value);
    }

    /// <summary>The pointer at <paramref name="index"/>, as a new object.</summary>
    public HamtPointer Decode(int index)
    {
        int rank = RankOf(index);
        return HamtCodec.DecodeInBlock(Bytes, _starts[rank], _starts[rank + 1], _options);
    }

    /// <summary>The encoding of <paramref name="count"/> pointers from one on.</summary>
    public ReadOnlySpan<byte> Encoded(int rank, int count) => Bytes.AsSpan(_starts[rank].._starts[rank + count]);

    /// <summary>Asks the memory for a pointer, of which there may be none.</summary>
    public void Prefetch(int index)
    {
        if (Has(index))
        {
            int rank = RankOf(index);
            BlockPrefetch.Begin(Bytes, _starts[rank], _starts[rank + 1]);
        }
    }

    /// <summary>The number of pointers before <paramref name="index"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int RankOf(int index) => BitOperations.PopCount(_bitmap & ((1UL << index) - 1));

    /// <summary>Collects the offsets of a node that is being read.</summary>
    public ref struct Builder(byte[] block, HamtOptions options, in HamtBitmap bitmap)
    {
        private Starts _starts;
        private readonly ulong _bitmap = bitmap.FirstWord;

        /// <summary>Whether the node has a layout.</summary>
        public bool IsPossible { get; } =
            block.Length <= ushort.MaxValue && bitmap.Count <= MaxPointers && bitmap.NextFrom(BitmapBits) == HamtBitmap.MaxBits;

        /// <summary>Adds the first pointers, as long as they are usual ones; the block must not be too long.</summary>
        /// <returns>Their number, and where they end.</returns>
        public (int Count, int End) AddUsual(HamtValueMeasure known, int start, int count)
        {
            Span<int> ends = stackalloc int[MaxPointers];
            int usual = known.MeasurePointers(block.AsSpan(start), options.BucketSize, ends[..count]);
            _starts[0] = (ushort)start;
            for (int rank = 0; rank < usual; rank++)
            {
                _starts[rank + 1] = (ushort)(start + ends[rank]);
            }

            return (usual, _starts[usual]);
        }

        /// <summary>Adds the next pointer.</summary>
        public void Add(int rank, int start, int end)
        {
            _starts[rank] = (ushort)start;
            _starts[rank + 1] = (ushort)end;
        }

        public readonly HamtLayout ToLayout(in Cid cid) => new(in cid, block, options, _bitmap, in _starts);
    }

    [InlineArray(MaxPointers + 1)]
    private struct Starts
    {
        private ushort _first;
    }
}
