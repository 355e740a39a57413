namespace Fvm.Ipld;

/// <summary>
/// Reads a CAR file of version 1 or 2 from a stream: the header on construction, then one block per call. gzip and Zstandard are detected by
/// their magic numbers. Of version 2 only the inner version 1 file is read; the index is ignored. Memory is bounded by the options and by the
/// bytes that actually arrive, whatever the file claims.
/// </summary>
/// <remarks>
/// The format is a sequence of varint lengths, each followed by that many bytes; the first section is the header, a map of "roots" (CIDs)
/// and "version" (1), the others are a binary CID and its block. Throws <see cref="CarException"/> for every fault of the file; exceptions of
/// the stream are passed on.
/// </remarks>
public sealed class CarReader : IDisposable
{
    private readonly CarSource _source;
    private readonly CarReadOptions _options;

    /// <summary>Reads the header.</summary>
    /// <param name="stream">The file, at its start.</param>
    /// <param name="options">Bounds; <see cref="CarReadOptions.Default"/> if null.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the reader is disposed.</param>
    /// <exception cref="CarException">It is not a CAR file, or its header is too long.</exception>
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

    /// <summary>The header's roots.</summary>
    public IReadOnlyList<Cid> Roots { get; }

    /// <summary>The number of bytes read, after decompression.</summary>
    public long Offset => _source.Offset;

    /// <summary>Whether reading failed as the file ended within a block: what a writer leaves that was stopped.</summary>
    public bool IsCutOff => _source.IsCutOff;

    /// <summary>Reads the next block.</summary>
    /// <returns>False at the end of the file.</returns>
    /// <exception cref="CarException">The file is truncated or corrupt, a block is too long, or its digest does not match.</exception>
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

    /// <summary>Reads the CID of the next block and skips the block, without verifying its digest.</summary>
    /// <param name="cid">The CID.</param>
    /// <param name="length">The length of the block in bytes.</param>
    /// <returns>False at the end of the file.</returns>
    /// <exception cref="CarException">The file is truncated or corrupt, or a block is too long.</exception>
    public bool TrySkipNext(out Cid cid, out long length)
    {
        if (!TryReadSectionHead(out cid, out length, out _))
        {
            return false;
        }

        _source.SkipFar(length, "a block");
        return true;
    }

    /// <summary>The remaining blocks, read during enumeration.</summary>
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
            _source.IsCutOff = (ulong)head.Length < Math.Min(length, CarSource.MaxPeek);
            throw new CarException(start, _source.IsCutOff
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
