namespace Fvm.Ipld;

/// <summary>A CAR file on disk that is not packed. Indexing reads only the CIDs.</summary>
internal sealed class IndexedCar : StoredCar
{
    private const int FirstRead = 512;

    // As it was when it was opened.
    private readonly long _length;

    private IndexedCar(FileStream file, CarReadOptions options, IReadOnlyList<Cid> roots, CarPlaces places)
        : base(file, options, roots, places) => _length = file.Length;

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
        if (Options.VerifyDigests && BlockDigest.Matches(in cid, block) != true)
        {
            throw new BlockstoreException(
                $"{File.Name}, byte {start}: the block {cid} of {length} bytes has another digest, or one that is not known");
        }

        return block;
    }

    /// <inheritdoc/>
    public override bool Has(in Cid cid) => TryFind(in cid, out _, out _);

    private bool TryFind(in Cid cid, out long start, out int length)
    {
        Span<byte> head = stackalloc byte[FirstRead];
        Span<long> places = stackalloc long[CarPlaces.MaxPerKey];
        foreach (long section in places[..Places.Find(in cid, places)])
        {
            Span<byte> read = head[..RandomAccess.Read(File.SafeFileHandle, head, section)];
            if (Varint.TryRead(read, out ulong sectionLength, out int varintLength)
                && Cid.TryRead(read[varintLength..], out Cid found, out int cidLength)
                && found == cid
                && sectionLength >= (ulong)cidLength
                && sectionLength - (ulong)cidLength <= (ulong)Options.MaxBlockLength
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
        int read = FileBytes.Read(File.SafeFileHandle, block, start);
        if (read < block.Length)
        {
            throw new BlockstoreException($"{File.Name}: it ends at byte {start + read}, within a block: it has become shorter while it was in use");
        }
    }
}
