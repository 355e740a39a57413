// The bytes of a CAR file.
using System.Buffers;
using System.IO.Compression;

namespace Fvm.Ipld.Car;

/// <summary>A stream with a buffer of its own, unpacked if it is gzip, that counts its bytes and knows what a cut is.</summary>
internal sealed class CarSource : IDisposable
{
    /// <summary>How many bytes can be looked at before they are read: enough for any CID, varints in their longest form.</summary>
    public const int MaxPeek = 128;

    private const int BufferLength = 64 << 10;

    /// <summary>How much is allocated for a block on its word alone; more only as the bytes come.</summary>
    private const int TrustedLength = 256 << 10;

    /// <summary>
    /// The length of what is given to the unpacker after the end of the file, all ones. .NET's unpacker takes a cut for the end. So it
    /// gets bytes that are no gzip: one that is at its end ignores them, one within data fails on them or unpacks them. No header within
    /// deflated data is longer than this.
    /// </summary>
    private const int ProbeLength = 4 << 10;

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
    private readonly Stream _stream;
    private readonly PrefixedStream _whole;
    private readonly Stream? _owned;
    private readonly long _maxLength;
    private int _start;
    private int _end;
    private long _filled;
    private bool _ended;
    private bool _disposed;

    public CarSource(Stream stream, long maxLength, bool leaveOpen)
    {
        _maxLength = maxLength;
        _owned = leaveOpen ? null : stream;
        byte[] magic = new byte[2];
        int read = stream.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        bool packed = read == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
        byte[] tail = packed ? new byte[ProbeLength] : [];
        tail.AsSpan().Fill(0xff);
        _whole = new PrefixedStream(magic.AsMemory(0, read), stream, tail);
        _stream = packed ? new GZipStream(_whole, CompressionMode.Decompress) : _whole;
    }

    /// <summary>How many bytes are read, those in the buffer not counted.</summary>
    public long Offset => _filled - (_end - _start);

    /// <summary>Reads a varint.</summary>
    /// <returns>False when the stream is at its end before the first byte.</returns>
    public bool TryReadVarint(out ulong value)
    {
        ReadOnlySpan<byte> bytes = Peek(Varint.MaxLength);
        if (Varint.TryRead(bytes, out value, out int read))
        {
            _start += read;
            return true;
        }

        if (bytes.IsEmpty)
        {
            return false;
        }

        bool cut = bytes.Length < Varint.MaxLength && bytes[^1] >= 0x80;
        throw new CarException(Offset, cut ? "the file is cut off within a length" : "a length is no minimal varint of 64 bits");
    }

    /// <summary>The next <paramref name="count"/> bytes, or fewer when the stream ends before; they are still to be read.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_end - _start < count)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
            while (_end < count && !_ended)
            {
                _end += ReadStream(_buffer.AsSpan(_end));
            }
        }

        return _buffer.AsSpan(_start, Math.Min(count, _end - _start));
    }

    /// <summary>Reads past bytes that were looked at.</summary>
    public void Skip(int count) => _start += count;

    /// <summary>The next <paramref name="length"/> bytes in an array of their own.</summary>
    public byte[] ReadExactly(int length, string what)
    {
        long offset = Offset;
        byte[] bytes = new byte[Math.Min(length, TrustedLength)];
        int have = Math.Min(bytes.Length, _end - _start);
        _buffer.AsSpan(_start, have).CopyTo(bytes);
        _start += have;
        while (have < length)
        {
            if (have == bytes.Length)
            {
                Array.Resize(ref bytes, (int)Math.Min(length, 2L * bytes.Length));
            }

            int read = ReadStream(bytes.AsSpan(have));
            if (read == 0)
            {
                throw new CarException(offset, $"the file is cut off within {what}: {have} of {length} bytes are there");
            }

            have += read;
        }

        return bytes;
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _stream.Dispose();
            _owned?.Dispose();
            ArrayPool<byte>.Shared.Return(_buffer);
        }
    }

    private int ReadStream(Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        try
        {
            int read = _stream.Read(destination);
            _ended = read == 0;
            if (read > 0 && _whole.TailGiven)
            {
                throw new CarException(_filled, "the gzip stream is cut off");
            }

            _filled += read;
            if (_filled > _maxLength)
            {
                throw new CarException(_filled, $"the file is longer than the bound of {_maxLength} bytes");
            }

            return read;
        }
        catch (InvalidDataException error)
        {
            throw new CarException(_filled, $"the gzip stream is corrupt or cut off: {error.Message}", error);
        }
    }
}
