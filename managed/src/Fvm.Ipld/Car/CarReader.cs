// CAR files, read block by block.
namespace Fvm.Ipld;

/// <summary>
/// Reads a CAR file of version 1 or 2 from a stream: the header when it is made, then a block per call. Files that are packed with gzip or
/// Zstandard are found by their first bytes. Of version 2 the data are read, which are a file of version 1; the index is not, and may be
/// anything. Memory is bounded by the options and by the bytes that really arrive, whatever the file claims.
/// </summary>
/// <remarks>
/// The form: a varint length and that many bytes, again and again; the first are the header, a map of "roots" (CIDs) and "version" (1),
/// the others a binary CID and its block. <see cref="CarException"/> is thrown for all that is wrong with the file, and whatever the
/// stream throws when it fails.
/// </remarks>
public sealed class CarReader : IDisposable
{
    private readonly CarSource _source;
    private readonly CarReadOptions _options;

    /// <summary>Reads the header.</summary>
    /// <param name="stream">The file, at its start.</param>
    /// <param name="options">Bounds; <see cref="CarReadOptions.Default"/> if null.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the reader is disposed.</param>
    /// <exception cref="CarException">It is no CAR file, or its header is too long.</exception>
    public CarReader(Stream stream, CarReadOptions? options = null, bool leaveOpen = false)
    {
        _options = options ?? CarReadOptions.Default;
        _source = new CarSource(stream, _options.MaxTotalLength, leaveOpen);
        try
        {
            Roots = ReadHeaders();
        }
        catch
        {
            _source.Dispose();
            throw;
        }
    }

    /// <summary>The roots that the header names.</summary>
    public IReadOnlyList<Cid> Roots { get; }

    /// <summary>How many bytes, unpacked, are read.</summary>
    public long Offset => _source.Offset;

    /// <summary>Reads the next block.</summary>
    /// <returns>False at the end of the file.</returns>
    /// <exception cref="CarException">The file is cut off or corrupt, a block is too long or has another digest.</exception>
    public bool TryReadNext(out Cid cid, out byte[] block)
    {
        block = [];
        if (!TryReadSectionHead(out cid, out long length, out long start))
        {
            return false;
        }

        block = _source.ReadExactly((int)length, "a block");
        if (_options.VerifyDigests)
        {
            Verify(in cid, block, start);
        }

        return true;
    }

    /// <summary>Reads the CID of the next block, and skips the block without checking its digest.</summary>
    /// <param name="cid">The CID.</param>
    /// <param name="length">The length of the block in bytes.</param>
    /// <returns>False at the end of the file.</returns>
    /// <exception cref="CarException">The file is cut off or corrupt, or a block is too long.</exception>
    public bool TrySkipNext(out Cid cid, out long length)
    {
        if (!TryReadSectionHead(out cid, out length, out _))
        {
            return false;
        }

        _source.SkipFar(length, "a block");
        return true;
    }

    /// <summary>The blocks that are left, read as they are enumerated.</summary>
    /// <exception cref="CarException">As <see cref="TryReadNext"/>.</exception>
    public IEnumerable<KeyValuePair<Cid, byte[]>> ReadBlocks()
    {
        while (TryReadNext(out Cid cid, out byte[] block))
        {
            yield return new KeyValuePair<Cid, byte[]>(cid, block);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();

    private static void Verify(in Cid cid, byte[] block, long offset)
    {
        bool? matches = BlockDigest.Matches(in cid, block);
        if (matches != true)
        {
            throw new CarException(offset, matches is null
                ? $"the block {cid} has a hash that is not known (0x{cid.MultihashCode:x}), so it cannot be checked"
                : $"the block {cid} of {block.Length} bytes has another digest");
        }
    }

    // A section is a length, a CID and a block.
    private bool TryReadSectionHead(out Cid cid, out long blockLength, out long start)
    {
        long place = _source.Offset;
        (cid, blockLength, start) = (default, 0, 0);
        if (!_source.TryReadVarint(out ulong length))
        {
            return false;
        }

        start = _source.Offset;
        if (length == 0)
        {
            throw new CarException(place, "a section has a length of zero, so there is no block in it (is the file padded with zeros?)");
        }

        if (length > (ulong)_options.MaxBlockLength + Cid.MaxByteLength)
        {
            throw TooLong(place, length);
        }

        ReadOnlySpan<byte> head = _source.Peek((int)Math.Min(length, CarSource.MaxPeek));
        if (!Cid.TryRead(head, out cid, out int cidLength))
        {
            throw new CarException(start, (ulong)head.Length < Math.Min(length, CarSource.MaxPeek)
                ? "the file is cut off within a CID"
                : "a block does not start with a CID");
        }

        blockLength = (long)length - cidLength;
        if (blockLength > _options.MaxBlockLength)
        {
            throw TooLong(place, (ulong)blockLength);
        }

        _source.Skip(cidLength);
        return true;
    }

    private CarException TooLong(long place, ulong length) =>
        new(place, $"a block of {length} bytes is longer than the bound of {_options.MaxBlockLength}");

    private List<Cid> ReadHeaders()
    {
        _source.RefusePackedTwice();
        CarHeader header = ReadHeader();
        if (header.Version == 1)
        {
            return header.Roots;
        }

        byte[] second = _source.ReadExactly(CarHeader.WindowHeaderLength, "the header of a CARv2 file");
        (long offset, long length) = CarHeader.ReadWindow(second, _source.Offset, _source.KnownLength);
        _source.EnterWindow(offset, length);
        CarHeader inner = ReadHeader();
        return inner.Version == 1
            ? inner.Roots
            : throw new CarException(offset, "the data of this CARv2 file are not a CARv1 file: they are of version 2 themselves");
    }

    private CarHeader ReadHeader()
    {
        long start = _source.Offset;
        string? mistaken = CarMistakes.Of(_source.Peek(CarSource.MaxPeek));
        string hint = mistaken is null ? string.Empty : $"; {mistaken}";
        if (!_source.TryReadVarint(out ulong length))
        {
            throw new CarException(start, "the file is empty");
        }

        long offset = _source.Offset;
        if (length == 0)
        {
            throw new CarException(start, $"it is no CAR file: its header has a length of zero{hint}");
        }

        if (length > (ulong)_options.MaxHeaderLength)
        {
            throw new CarException(start, $"a header of {length} bytes is longer than the bound of {_options.MaxHeaderLength}{hint}");
        }

        byte[] header = _source.ReadExactly((int)length, $"the header{hint}");
        try
        {
            return CarHeader.Decode(header, _options.AllowNoRoots);
        }
        catch (CborException error)
        {
            throw new CarException(offset + error.Offset, $"the header is malformed: {error.Message}{hint}", error);
        }
    }
}
