using System.Buffers.Binary;
using Fvm.Protocol.V1;
using Grpc.Core;

namespace Fvm.Sidecar;

/// <summary>Bytes of a stream of gRPC, until their messages are complete. Used by one thread at a time.</summary>
/// <param name="maxBytes">The limit of a message.</param>
internal sealed class MessageBuffer(int maxBytes)
{
    // Of a message in gRPC: whether it is compressed, and how many bytes follow.
    private const int HeaderSize = 5;

    // A larger array is not kept for the messages to come.
    private const int MaxKept = 256 << 10;
    private const int SmallestSize = 4 << 10;

    private byte[] _bytes = [];
    private int _from;
    private int _to;
    private bool _drops;

    /// <summary>Whether no byte waits.</summary>
    public bool IsEmpty => _from == _to;

    /// <summary>How many bytes of a message that was begun are to come, after <see cref="Drop"/>.</summary>
    public long Missing { get; private set; }

    /// <summary>Adds bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (_drops)
        {
            Missing = Math.Max(0, Missing - bytes.Length);
            return;
        }

        if (_bytes.Length - _to < bytes.Length)
        {
            MakeRoom(bytes.Length);
        }

        bytes.CopyTo(_bytes.AsSpan(_to));
        _to += bytes.Length;
    }

    /// <summary>Takes the bytes of another buffer before its own.</summary>
    public void AddBefore(MessageBuffer other)
    {
        ReadOnlySpan<byte> own = _bytes.AsSpan(_from, _to - _from);
        (_bytes, _from, _to) = (other._bytes, other._from, other._to);
        (other._bytes, other._from, other._to) = ([], 0, 0);
        Add(own);
    }

    /// <summary>Parses all messages that are complete.</summary>
    /// <exception cref="RpcException">A message is compressed, or beyond the limit.</exception>
    /// <exception cref="Google.Protobuf.InvalidProtocolBufferException">A message is malformed.</exception>
    public void Parse(Queue<SessionRequest> messages)
    {
        while (_to - _from >= HeaderSize)
        {
            uint size = BinaryPrimitives.ReadUInt32BigEndian(_bytes.AsSpan(_from + 1));
            if (_bytes[_from] != 0)
            {
                throw new RpcException(new Status(StatusCode.Internal, "Request did not include grpc-encoding value with compressed message."));
            }

            if (size > maxBytes)
            {
                throw new RpcException(new Status(StatusCode.ResourceExhausted, "Received message exceeds the maximum configured message size."));
            }

            if (_to - _from - HeaderSize < size)
            {
                return;
            }

            ReadOnlySpan<byte> message = _bytes.AsSpan(_from + HeaderSize, (int)size);
            _from += HeaderSize + (int)size;
            messages.Enqueue(SessionRequest.Parser.ParseFrom(message));
        }

        if (IsEmpty)
        {
            (_from, _to) = (0, 0);
            _bytes = _bytes.Length > MaxKept ? [] : _bytes;
        }
    }

    /// <summary>Drops what is there, and what is added from now on.</summary>
    public void Drop()
    {
        while (!_drops && _to - _from >= HeaderSize)
        {
            long size = HeaderSize + (long)BinaryPrimitives.ReadUInt32BigEndian(_bytes.AsSpan(_from + 1));
            Missing = Math.Max(0, size - (_to - _from));
            _from += (int)Math.Min(size, _to - _from);
        }

        (_bytes, _from, _to) = ([], 0, 0);
        _drops = true;
    }

    private void MakeRoom(int length)
    {
        int held = _to - _from;
        byte[] target = held + length <= _bytes.Length ? _bytes : new byte[Math.Max(SmallestSize, 2 * (held + length))];
        _bytes.AsSpan(_from, held).CopyTo(target);
        (_bytes, _from, _to) = (target, 0, held);
    }
}
