namespace Fvm.Ipld;

/// <summary>Returns bytes already read from a stream, then its rest, then a tail. The stream stays open.</summary>
internal sealed class PrefixedStream : Stream
{
    private readonly Stream _rest;
    private ReadOnlyMemory<byte> _prefix;
    private ReadOnlyMemory<byte> _tail;
    private bool _restEnded;

    public PrefixedStream(ReadOnlyMemory<byte> prefix, Stream rest, ReadOnlyMemory<byte> tail)
    {
        _prefix = prefix;
        _rest = rest;
        _tail = tail;
    }

    /// <summary>Whether the stream has ended and bytes of the tail were returned.</summary>
    public bool TailGiven { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        if (!_prefix.IsEmpty)
        {
            return Take(ref _prefix, buffer);
        }

        int read = _restEnded ? 0 : _rest.Read(buffer);
        _restEnded = read == 0 && !buffer.IsEmpty;
        if (!_restEnded)
        {
            return read;
        }

        int count = Take(ref _tail, buffer);
        TailGiven |= count > 0;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private static int Take(ref ReadOnlyMemory<byte> bytes, Span<byte> buffer)
    {
        int count = Math.Min(buffer.Length, bytes.Length);
        bytes.Span[..count].CopyTo(buffer);
        bytes = bytes[count..];
        return count;
    }
}
