namespace Fvm.Ipld;

/// <summary>
/// A CAR file on disk with an in-memory index of block positions, 16 bytes per block. Blocks are read and their digests verified on demand;
/// indexing reads only the CIDs.
/// </summary>
public sealed class IndexedCar : CarStore
{
    private const int FirstRead = 512;

    private readonly FileStream _file;
    private readonly CarReadOptions _options;
    private readonly Entry[] _entries;
    private readonly int _count;

    private IndexedCar(FileStream file, CarReadOptions options, IReadOnlyList<Cid> roots, Entry[] entries, int count, long blockBytes)
        : base(roots)
    {
        _file = file;
        _options = options;
        _entries = entries;
        _count = count;
        BlockBytes = blockBytes;
    }

    /// <inheritdoc/>
    public override long Count => _count;

    /// <inheritdoc/>
    public override long BlockBytes { get; }

    /// <summary>Indexes an uncompressed file. The store takes ownership of the file.</summary>
    /// <exception cref="CarException">As <see cref="CarReader"/>, or the index would exceed its limit.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static new IndexedCar Open(FileStream file, CarReadOptions? options = null)
    {
        options ??= CarReadOptions.Default;
        using CarReader reader = new(file, options, leaveOpen: true);
        long maxEntries = Math.Min(Array.MaxLength, options.MaxIndexBytes / Entry.Size);
        Entry[] entries = new Entry[1024];
        int count = 0;
        long blockBytes = 0;
        while (true)
        {
            long start = reader.Offset;
            if (!reader.TrySkipNext(out Cid cid, out long length))
            {
                break;
            }

            if (count >= maxEntries)
            {
                throw new CarException(start, $"the file has more than {maxEntries} blocks, the most whose index may be held in memory");
            }

            if (count == entries.Length)
            {
                Array.Resize(ref entries, (int)Math.Min(Array.MaxLength, 2L * count));
            }

            entries[count++] = new Entry(KeyOf(in cid), start);
            blockBytes += length;
        }

        Array.Sort(entries, 0, count);
        return new IndexedCar(file, options, reader.Roots, entries, count, blockBytes);
    }

    /// <inheritdoc/>
    /// <exception cref="BlockstoreException">The file cannot be read, or the block's digest does not match.</exception>
    public override byte[]? Get(in Cid cid)
    {
        if (!TryFind(in cid, out long start, out int length))
        {
            return null;
        }

        byte[] block = new byte[length];
        ReadAt(block, start);
        if (_options.VerifyDigests && BlockDigest.Matches(in cid, block) != true)
        {
            throw new BlockstoreException(
                $"{_file.Name}, byte {start}: the block {cid} of {length} bytes has another digest, or one that is not known");
        }

        return block;
    }

    /// <inheritdoc/>
    public override bool Has(in Cid cid) => TryFind(in cid, out _, out _);

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<Cid, byte[]>> ReadAll()
    {
        using FileStream file = new(_file.Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using CarReader reader = new(file, _options);
        foreach (KeyValuePair<Cid, byte[]> block in reader.ReadBlocks())
        {
            yield return block;
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => _file.Dispose();

    // HashCode is seeded per process, so that no file can be built whose blocks all collide.
    private static ulong KeyOf(in Cid cid)
    {
        Span<byte> bytes = stackalloc byte[Cid.MaxByteLength];
        bytes = bytes[..cid.WriteTo(bytes)];
        HashCode low = default;
        low.AddBytes(bytes);
        HashCode high = default;
        high.Add(1);
        high.AddBytes(bytes);
        return ((ulong)(uint)high.ToHashCode() << 32) | (uint)low.ToHashCode();
    }

    private bool TryFind(in Cid cid, out long start, out int length)
    {
        Span<byte> head = stackalloc byte[FirstRead];
        ulong key = KeyOf(in cid);
        for (int index = FirstOf(key); index < _count && _entries[index].Key == key; index++)
        {
            long section = _entries[index].Offset;
            Span<byte> read = head[..RandomAccess.Read(_file.SafeFileHandle, head, section)];
            if (Varint.TryRead(read, out ulong sectionLength, out int varintLength)
                && Cid.TryRead(read[varintLength..], out Cid found, out int cidLength)
                && found == cid
                && sectionLength >= (ulong)cidLength
                && sectionLength - (ulong)cidLength <= (ulong)_options.MaxBlockLength)
            {
                start = section + varintLength + cidLength;
                length = (int)(sectionLength - (ulong)cidLength);
                return true;
            }
        }

        (start, length) = (0, 0);
        return false;
    }

    private int FirstOf(ulong key)
    {
        int low = 0;
        int high = _count;
        while (low < high)
        {
            int middle = (int)(((uint)low + (uint)high) / 2);
            if (_entries[middle].Key < key)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private void ReadAt(Span<byte> block, long start)
    {
        while (!block.IsEmpty)
        {
            int read = RandomAccess.Read(_file.SafeFileHandle, block, start);
            if (read == 0)
            {
                throw new BlockstoreException($"{_file.Name}: it ends at byte {start}, within a block: it has become shorter while it was in use");
            }

            block = block[read..];
            start += read;
        }
    }

    private readonly record struct Entry(ulong Key, long Offset) : IComparable<Entry>
    {
        public const int Size = sizeof(ulong) + sizeof(long);

        public int CompareTo(Entry other)
        {
            int order = Key.CompareTo(other.Key);
            return order != 0 ? order : Offset.CompareTo(other.Offset);
        }
    }
}
