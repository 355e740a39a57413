// CAR files (version 1), read block by block.
using Fvm.Ipld.Cbor;

namespace Fvm.Ipld.Car;

/// <summary>
/// Reads a CAR file of version 1 from a stream: the header when it is made, then a block a call. Files that are packed with gzip are
/// found by their first two bytes. Memory is bounded by the options, whatever the file claims.
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
    /// <exception cref="CarException">It is no CAR file of version 1, or its header is too long.</exception>
    public CarReader(Stream stream, CarReadOptions? options = null, bool leaveOpen = false)
    {
        _options = options ?? CarReadOptions.Default;
        _source = new CarSource(stream, _options.MaxTotalLength, leaveOpen);
        try
        {
            Roots = ReadHeader();
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
        long start = _source.Offset;
        cid = default;
        block = [];
        if (!_source.TryReadVarint(out ulong length))
        {
            return false;
        }

        long frame = _source.Offset;
        if (length > (ulong)_options.MaxBlockLength + Cid.MaxByteLength)
        {
            throw new CarException(start, $"a block of {length} bytes is longer than the bound of {_options.MaxBlockLength}");
        }

        ReadOnlySpan<byte> head = _source.Peek((int)Math.Min(length, CarSource.MaxPeek));
        if (!Cid.TryRead(head, out cid, out int cidLength))
        {
            throw new CarException(frame, (ulong)head.Length < Math.Min(length, CarSource.MaxPeek)
                ? "the file is cut off within a CID"
                : "a block does not start with a CID");
        }

        int blockLength = (int)length - cidLength;
        if (blockLength > _options.MaxBlockLength)
        {
            throw new CarException(start, $"a block of {blockLength} bytes is longer than the bound of {_options.MaxBlockLength}");
        }

        _source.Skip(cidLength);
        block = _source.ReadExactly(blockLength, "a block");
        if (_options.VerifyDigests)
        {
            Verify(in cid, block, frame);
        }

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

    private List<Cid> ReadHeader()
    {
        if (!_source.TryReadVarint(out ulong length))
        {
            throw new CarException(0, "the file is empty");
        }

        long offset = _source.Offset;
        if (length > (ulong)_options.MaxHeaderLength)
        {
            throw new CarException(0, $"a header of {length} bytes is longer than the bound of {_options.MaxHeaderLength}");
        }

        byte[] header = _source.ReadExactly((int)length, "the header");
        try
        {
            return DecodeHeader(header);
        }
        catch (CborException error)
        {
            throw new CarException(offset + error.Offset, $"the header is malformed: {error.Message}", error);
        }
    }

    private List<Cid> DecodeHeader(byte[] header)
    {
        CborReader reader = new(header);
        List<Cid>? roots = null;
        ulong? version = null;
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            int start = reader.Offset;
            string key = reader.ReadText();
            if ((key == "roots" && roots is not null) || (key == "version" && version is not null))
            {
                throw new CborException(start, $"\"{key}\" is there twice");
            }

            switch (key)
            {
                case "roots":
                    int count = reader.ReadArrayHeader();
                    roots = [];
                    for (; count > 0; count--)
                    {
                        roots.Add(reader.ReadCid());
                    }

                    break;
                case "version":
                    version = reader.ReadUInt();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        reader.EnsureEnd();
        if (roots is null || version is null)
        {
            throw new CborException(0, $"\"{(roots is null ? "roots" : "version")}\" is missing");
        }

        if (version != 1)
        {
            throw new CborException(0, $"the version is {version}; only 1 is known");
        }

        if (roots.Count == 0 && !_options.AllowNoRoots)
        {
            throw new CborException(0, "there is no root");
        }

        return roots;
    }
}
