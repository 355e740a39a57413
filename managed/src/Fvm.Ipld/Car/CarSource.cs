using System.Buffers;

namespace Fvm.Ipld;

/// <summary>A buffered stream that decompresses transparently, counts its bytes, and reports truncation.</summary>
internal sealed class CarSource : IDisposable
{
    /// <summary>The longest look-ahead, in bytes: enough for any CID, with varints of maximum length.</summary>
    public const int MaxPeek = 128;

    private const int BufferLength = 64 << 10;

    /// <summary>How much is allocated for a block on its claimed length alone, in bytes; beyond that, only as bytes arrive.</summary>
    private const int TrustedLength = 256 << 10;

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
    private readonly Stream _file;
    private readonly UnpackingStream _stream;
    private readonly long _maxLength;
    private readonly long _origin;
    private long _windowEnd = long.MaxValue;
    private int _start;
    private int _end;
    private long _filled;
    private bool _ended;
    private bool _disposed;

    public CarSource(Stream stream, long maxLength, bool leaveOpen)
    {
        _maxLength = maxLength;
        _file = stream;
        _origin = stream.CanSeek ? stream.Position : 0;
        _stream = new UnpackingStream(stream, leaveOpen);
    }

    /// <summary>The length of the decompressed file in bytes; null if unknown in advance.</summary>
    public long? KnownLength => _stream.Format == PackingFormat.None && _file.CanSeek ? _file.Length - _origin : null;

    /// <summary>The number of bytes consumed, excluding the buffer.</summary>
    public long Offset => _filled - (_end - _start);

    /// <summary>Whether reading failed as the stream ended within something.</summary>
    public bool IsCutOff { get; set; }

    /// <summary>Rejects doubly compressed files.</summary>
    public void RefusePackedTwice()
    {
        PackingFormat outer = _stream.Format;
        PackingFormat inner = outer == PackingFormat.None ? PackingFormat.None : Packings.Of(Peek(Packings.MagicLength));
        if (inner != PackingFormat.None)
        {
            throw new CarException(0, $"it is packed twice, with {Packings.NameOf(inner)} inside of {Packings.NameOf(outer)}: unpack it once");
        }
    }

    /// <summary>Reads a varint.</summary>
    /// <returns>False at the end of the stream.</returns>
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
        IsCutOff |= cut;
        throw new CarException(Offset, cut ? "the file is cut off within a length" : "a length is no minimal varint of 64 bits");
    }

    /// <summary>Looks ahead at the next <paramref name="count"/> bytes, or fewer at the end of the stream.</summary>
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

    /// <summary>Consumes bytes of the look-ahead.</summary>
    public void Skip(int count) => _start += count;

    /// <summary>Reads <paramref name="length"/> bytes into a new array.</summary>
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
                IsCutOff = true;
                throw new CarException(offset, $"the file is cut off within {what}: {have} of {length} bytes are there");
            }

            have += read;
        }

        return bytes;
    }

    /// <summary>Skips <paramref name="length"/> bytes, by seeking if possible.</summary>
    public void SkipFar(long length, string what)
    {
        long offset = Offset;
        int buffered = (int)Math.Min(length, _end - _start);
        _start += buffered;
        long left = length - buffered;
        long jump = Math.Min(left, Math.Min(KnownLength ?? 0, _windowEnd) - _filled);
        if (jump > _buffer.Length)
        {
            _file.Seek(jump, SeekOrigin.Current);
            _filled += jump;
            left -= jump;
        }

        while (left > 0)
        {
            (_start, _end) = (0, ReadStream(_buffer));
            if (_end == 0)
            {
                IsCutOff = true;
                throw new CarException(offset, $"the file is cut off within {what}: {length - left} of {length} bytes are there");
            }

            _start = (int)Math.Min(left, _end);
            left -= _start;
        }
    }

    /// <summary>Moves to the inner file of a CARv2 file; reading ends with it.</summary>
    public void EnterWindow(long offset, long length)
    {
        SkipFar(offset - Offset, "what comes before the data of a CARv2 file");
        _windowEnd = offset + length;
        if (_filled > _windowEnd)
        {
            _end -= (int)(_filled - _windowEnd);
            _filled = _windowEnd;
        }
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _stream.Dispose();
            ArrayPool<byte>.Shared.Return(_buffer);
        }
    }

    private int ReadStream(Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        int wanted = (int)Math.Min(destination.Length, _windowEnd - _filled);
        if (wanted == 0)
        {
            _ended = true;
            return 0;
        }

        int read = Unpack(destination[..wanted]);
        _ended = read == 0;
        _filled += read;
        if (_ended && _windowEnd != long.MaxValue)
        {
            throw new CarException(_filled, $"the file is cut off: the data of this CARv2 file reach to byte {_windowEnd}");
        }

        if (_filled > _maxLength)
        {
            throw new CarException(_filled, _stream.Format == PackingFormat.None
                ? $"the file is longer than the bound of {_maxLength} bytes"
                : $"unpacked, the file is longer than the bound of {_maxLength} bytes: "
                    + $"unpack it on disk first ({Packings.NameOf(_stream.Format)} -d)");
        }

        return read;
    }

    private int Unpack(Span<byte> destination)
    {
        try
        {
            return _stream.Read(destination);
        }
        catch (PackingException error)
        {
            throw new CarException(_filled, error.Message, error);
        }
    }
}
