// What a file holds, compressed or not.
using ZstdSharp;

namespace Fvm.Ipld;

/// <summary>
/// Reads a stream, and unpacks it if its first bytes are those of gzip or Zstandard. Bytes behind gzip data that are no gzip are ignored, as
/// the <c>gzip</c> program does; a stream that ends within its data is an error, which <see cref="System.IO.Compression.GZipStream"/> does
/// not notice.
/// </summary>
public sealed class UnpackingStream : Stream
{
    /// <summary>
    /// The length of what is given to the unpacker after the end of the file, all ones. .NET's unpacker takes a cut for the end. So it
    /// gets bytes that are no gzip: one that is at its end ignores them, one within data fails on them or unpacks them. No header within
    /// deflated data is longer than this.
    /// </summary>
    private const int ProbeLength = 4 << 10;

    private readonly Stream _file;
    private readonly PrefixedStream _whole;
    private readonly Stream _unpacked;
    private readonly bool _leaveOpen;

    /// <summary>Reads the first bytes.</summary>
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

    /// <summary>How the file is compressed.</summary>
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

    /// <summary>The next bytes, unpacked.</summary>
    /// <exception cref="PackingException">The compressed data are truncated or corrupt; the message is one line that says which.</exception>
    public override int Read(Span<byte> buffer)
    {
        try
        {
            int read = _unpacked.Read(buffer);
            return read > 0 && _whole.TailGiven ? throw Truncated(null) : read;
        }
        catch (InvalidDataException error)
        {
            // Past its end the unpacker is given bytes that are no gzip: one that fails there was not finished.
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
