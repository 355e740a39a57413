using ZstdSharp;

namespace Fvm.Ipld;

/// <summary>
/// Decompresses a stream if it begins with the magic number of gzip or Zstandard; otherwise returns it as is. Trailing bytes after gzip data
/// are ignored, as in the <c>gzip</c> program; truncation is an error, which <see cref="System.IO.Compression.GZipStream"/> does not detect.
/// </summary>
public sealed class UnpackingStream : Stream
{
    /// <summary>
    /// The length of the tail of 0xff bytes given to the decompressor after the end of the file. .NET's decompressor takes truncation for the
    /// end of the data. The tail is not gzip: a finished decompressor ignores it, an unfinished one fails on it or decodes it. No block
    /// header of deflate is longer than this.
    /// </summary>
    private const int ProbeLength = 4 << 10;

    private readonly Stream _file;
    private readonly PrefixedStream _whole;
    private readonly Stream _unpacked;
    private readonly bool _leaveOpen;

    /// <summary>Reads the magic number.</summary>
    public UnpackingStream(Stream file, bool leaveOpen = false)
    {
        _file = file;
        _leaveOpen = leaveOpen;
        byte[] magic = new byte[Packings.MagicLength];
        int read = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        Format = Packings.Of(magic.AsSpan(0, read));
        byte[] tail = Format == PackingFormat.Gzip ? new byte[ProbeLength] : [];
        tail.AsSpan().Fill(0xff);
        _whole = new PrefixedStream(magic.AsMemory(0, read), file, tail);
        _unpacked = Packings.Open(Format, _whole);
    }

    /// <summary>The file's compression format.</summary>
    public PackingFormat Format { get; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The next decompressed bytes.</summary>
    /// <exception cref="PackingException">The compressed data are truncated or corrupt; the message is one line.</exception>
    public override int Read(Span<byte> buffer)
    {
        try
        {
            int read = _unpacked.Read(buffer);
            return read > 0 && _whole.TailGiven ? throw Truncated(null) : read;
        }
        catch (InvalidDataException error)
        {
            // Past its end the decompressor gets bytes that are not gzip: if it fails there, its data were truncated.
            throw _whole.TailGiven ? Truncated(error) : new PackingException($"the gzip stream is corrupt: {error.Message}", error);
        }
        catch (EndOfStreamException error) when (Format == PackingFormat.Zstd)
        {
            throw Truncated(error);
        }
        catch (ZstdException error)
        {
            throw new PackingException($"the zstd stream is corrupt, or needs a window of more than 128 MiB: {error.Message}", error);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _unpacked.Dispose();
            if (!_leaveOpen)
            {
                _file.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    private PackingException Truncated(Exception? error) =>
        new($"the {Packings.NameOf(Format)} stream is truncated: it ends before its data do", error);
}
