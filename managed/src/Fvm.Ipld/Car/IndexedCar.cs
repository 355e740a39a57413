namespace Fvm.Ipld;

/// <summary>
/// A CAR file on disk with an index of block positions, in memory or on disk (<see cref="CarIndex"/>). Blocks are read and their digests verified
/// on demand; indexing reads only the CIDs.
/// </summary>
internal sealed class IndexedCar : CarStore
{
    private const int FirstRead = 512;

    private readonly FileStream _file;
    private readonly CarReadOptions _options;
    private readonly CarPlaces _places;

    // As it was when it was opened.
    private readonly long _length;

    private IndexedCar(FileStream file, CarReadOptions options, IReadOnlyList<Cid> roots, CarPlaces places)
        : base(roots)
    {
        _file = file;
        _options = options;
        _places = places;
        _length = file.Length;
    }

    /// <inheritdoc/>
    public override long Count => _places.Count;

    /// <inheritdoc/>
    public override long BlockBytes => _places.BlockBytes;

    /// <summary>Opens a file. The store takes ownership of it and of the places.</summary>
    /// <exception cref="CarException">As <see cref="CarReader"/>.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal static IndexedCar Open(FileStream file, CarPlaces places, CarReadOptions options)
    {
        file.Position = 0;
        using CarReader reader = new(file, options, leaveOpen: true);
        return new IndexedCar(file, options, reader.Roots, places);
    }

    /// <summary>All sections, in order.</summary>
    /// <exception cref="CarException">As <see cref="CarReader"/>.</exception>
    internal static IEnumerable<CarSection> Sections(FileStream file, CarReadOptions options)
    {
        file.Position = 0;
        using CarReader reader = new(file, options, leaveOpen: true);
        for (long place = reader.Offset; reader.TrySkipNext(out Cid cid, out long length); place = reader.Offset)
        {
            yield return new CarSection(cid, place, length);
        }
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
    public override void Dispose()
    {
        _places.Dispose();
        _file.Dispose();
    }

    private bool TryFind(in Cid cid, out long start, out int length)
    {
        Span<byte> head = stackalloc byte[FirstRead];
        Span<long> places = stackalloc long[CarPlaces.MaxPerKey];
        foreach (long section in places[.._places.Find(in cid, places)])
        {
            Span<byte> read = head[..RandomAccess.Read(_file.SafeFileHandle, head, section)];
            if (Varint.TryRead(read, out ulong sectionLength, out int varintLength)
                && Cid.TryRead(read[varintLength..], out Cid found, out int cidLength)
                && found == cid
                && sectionLength >= (ulong)cidLength
                && sectionLength - (ulong)cidLength <= (ulong)_options.MaxBlockLength
                && (ulong)section + (ulong)varintLength + sectionLength <= (ulong)_length)
            {
                start = section + varintLength + cidLength;
                length = (int)(sectionLength - (ulong)cidLength);
                return true;
            }
        }

        (start, length) = (0, 0);
        return false;
    }

    private void ReadAt(Span<byte> block, long start)
    {
        int read = FileBytes.Read(_file.SafeFileHandle, block, start);
        if (read < block.Length)
        {
            throw new BlockstoreException($"{_file.Name}: it ends at byte {start + read}, within a block: it has become shorter while it was in use");
        }
    }
}
