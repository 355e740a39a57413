namespace Fvm.Ipld;

/// <summary>
/// A CAR file of version 1 on disk that is packed in small frames of Zstandard with whole sections in each, as Forest makes them. To read a block,
/// one frame is unpacked.
/// </summary>
internal sealed class PackedCar : StoredCar
{
    /// <summary>The low bits of a place: the offset in the unpacked frame; above them is the offset of the frame.</summary>
    private const int InnerBits = 22;

    private readonly ZstdFrames _frames;

    private PackedCar(FileStream file, CarReadOptions options, IReadOnlyList<Cid> roots, CarPlaces places, ZstdFrames frames)
        : base(file, options, roots, places) => _frames = frames;

    /// <inheritdoc/>
    public override bool UnpacksReads => true;

    /// <summary>Opens a file. The store takes ownership of it and of the places.</summary>
    /// <exception cref="CarException">The header is malformed.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal static PackedCar Open(FileStream file, CarPlaces places, CarReadOptions options)
    {
        ZstdFrames frames = new(file.SafeFileHandle);
        return new PackedCar(file, options, ReadHeader(frames, options, out _, out _, out _, out _), places, frames);
    }

    /// <summary>Whether the first frame is as small as those of snapshots that are made for this.</summary>
    internal static bool HasSmallFrames(FileStream file)
    {
        using ZstdFrames frames = new(file.SafeFileHandle);
        try
        {
            return NextFrame(frames, 0, out _, out _) is not null;
        }
        catch (CarException)
        {
            return false;
        }
    }

    /// <summary>All sections, in order.</summary>
    /// <exception cref="CarException">The file is malformed, or its frames are not made for this.</exception>
    internal static IEnumerable<CarSection> Sections(FileStream file, CarReadOptions options)
    {
        using ZstdFrames frames = new(file.SafeFileHandle);
        _ = ReadHeader(frames, options, out byte[] content, out int at, out long frame, out long next);
        while (true)
        {
            while (at < content.Length)
            {
                (Cid cid, int start, int length) = Section(content, at, frame);
                yield return new CarSection(cid, (frame << InnerBits) | (uint)at, length);
                at = start + length;
            }

            if (NextFrame(frames, next, out frame, out next) is not byte[] more)
            {
                yield break;
            }

            (content, at) = (more, 0);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="BlockstoreException">The file cannot be read, or the block's digest does not match.</exception>
    public override byte[]? Get(in Cid cid)
    {
        Span<long> places = stackalloc long[CarPlaces.MaxPerKey];
        foreach (long place in places[..Places.Find(in cid, places)])
        {
            if (TryRead(place, in cid) is byte[] block)
            {
                return !Options.VerifyDigests || BlockDigest.Matches(in cid, block) == true
                    ? block
                    : throw new BlockstoreException(
                        $"{File.Name}, frame at byte {place >> InnerBits}: the block {cid} has another digest, or one that is not known");
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public override bool Has(in Cid cid)
    {
        // By the index alone, whose keys are secret hashes of 64 bits: to unpack a frame with an actor's code takes a millisecond.
        Span<long> places = stackalloc long[CarPlaces.MaxPerKey];
        return Places.Find(in cid, places) > 0;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _frames.Dispose();
        base.Dispose();
    }

    // The header is at the start of the first frame with something in it.
    private static IReadOnlyList<Cid> ReadHeader(
        ZstdFrames frames, CarReadOptions options, out byte[] content, out int at, out long frame, out long next)
    {
        content = NextFrame(frames, 0, out frame, out next) ?? throw new CarException(0, "the file is empty");
        if (!Varint.TryRead(content, out ulong length, out int prefix) || length == 0 || length > (ulong)(content.Length - prefix))
        {
            throw new CarException(0, "the first frame does not have a CAR file's header");
        }

        at = prefix + (int)length;
        try
        {
            CarHeader header = CarHeader.Decode(content.AsSpan(prefix, (int)length), options.AllowNoRoots);
            return header.Version == 1
                ? header.Roots
                : throw new CarException(0, "a CARv2 file that is packed cannot be indexed: unpack it on disk first (zstd -d)");
        }
        catch (CborException exception)
        {
            throw new CarException(exception.Offset, $"the header is malformed: {exception.Message}", exception);
        }
    }

    private static (Cid Cid, int Start, int Length) Section(byte[] content, int at, long frame)
    {
        if (!Varint.TryRead(content.AsSpan(at), out ulong section, out int prefix) || section > (ulong)(content.Length - at - prefix))
        {
            throw new CarException(frame, "a block does not end with its frame of Zstandard: unpack the file on disk first (zstd -d)");
        }

        if (!Cid.TryRead(content.AsSpan(at + prefix, (int)section), out Cid cid, out int cidLength))
        {
            throw new CarException(frame, "a block does not start with a CID");
        }

        return (cid, at + prefix + cidLength, (int)section - cidLength);
    }

    // The next frame with something in it.
    private static byte[]? NextFrame(ZstdFrames frames, long offset, out long frame, out long next)
    {
        for (next = offset; ;)
        {
            frame = next;
            byte[]? content = frames.ReadAt(frame, out next);
            if (content is null || content.Length > 0)
            {
                return content;
            }
        }
    }

    // Null if it is the section of another block, or the index is wrong.
    private byte[]? TryRead(long place, in Cid cid)
    {
        try
        {
            int at = (int)(place & ((1 << InnerBits) - 1));
            if (place < 0 || _frames.ReadAt(place >> InnerBits, out _) is not byte[] content || at >= content.Length)
            {
                return null;
            }

            (Cid found, int start, int length) = Section(content, at, place >> InnerBits);
            return found == cid ? content.AsSpan(start, length).ToArray() : null;
        }
        catch (CarException)
        {
            return null;
        }
        catch (IOException exception)
        {
            throw new BlockstoreException($"{File.Name}: {exception.Message}", exception);
        }
    }
}
