using System.Buffers.Binary;
using System.Net.Sockets;
using Fvm.Protocol.V1;
using Google.Protobuf;

namespace Fvm.Sidecar.Bench;

/// <summary>
/// A session's stream, alone on its connection: HTTP/2 and gRPC with nothing but what one stream needs, so that the server is measured and not
/// its client. Used by one thread, which reads while it waits.
/// </summary>
internal sealed class SessionStream : IDisposable
{
    private const int HeadLength = 9;
    private const int PrefixLength = 5;
    private const int StreamId = 1;

    // What every peer accepts.
    private const int MaxPayload = 16 << 10;

    // The peer may send as much before it has to be told of more room.
    private const int Window = int.MaxValue;
    private const int FirstWindow = 65_535;

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Queue<SessionResponse> _frames = new();
    private readonly byte[] _in = new byte[256 << 10];
    private byte[] _out = new byte[256 << 10];
    private byte[] _message = new byte[256 << 10];
    private int _inFrom;
    private int _inTo;
    private int _outTo;
    private int _messageTo;
    private int _received;
    private int _peerWindow = FirstWindow;
    private long _connectionRoom = FirstWindow;
    private long _streamRoom = FirstWindow;

    public SessionStream(string socket)
    {
        _socket.Connect(new UnixDomainSocketEndPoint(socket));
        Append("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);
        Head(FrameType.Settings, 0, 0, 6);
        Append([0, (byte)Setting.InitialWindow]);
        Number(Window);
        Update(0, Window - FirstWindow);

        // In HPACK: static names by their index, everything else literally. POST, http; then path, authority, type and trailers.
        byte[] headers =
        [
            0x83, 0x86,
            0x04, .. Text("/fvm.v1.SessionService/Session"u8),
            0x01, .. Text("localhost"u8),
            0x0f, 0x10, .. Text("application/grpc"u8),
            0x00, .. Text("te"u8), .. Text("trailers"u8),
        ];
        Head(FrameType.Headers, (byte)Flag.EndHeaders, StreamId, headers.Length);
        Append(headers);
        Flush();
    }

    private enum FrameType : byte
    {
        Data = 0,
        Headers = 1,
        Reset = 3,
        Settings = 4,
        Ping = 6,
        GoAway = 7,
        WindowUpdate = 8,
        Continuation = 9,
    }

    [Flags]
    private enum Flag : byte
    {
        EndStreamOrAck = 1,
        EndHeaders = 4,
    }

    private enum Setting : byte
    {
        InitialWindow = 4,
    }

    /// <summary>Adds a message to those that the next flush sends.</summary>
    public void Write(SessionRequest message)
    {
        int size = message.CalculateSize();
        byte[] body = new byte[PrefixLength + size];
        BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(1), size);
        message.WriteTo(body.AsSpan(PrefixLength));
        for (int at = 0; at < body.Length;)
        {
            int room = (int)Math.Min(_connectionRoom, _streamRoom);
            if (room <= 0)
            {
                Flush();
                ReadFrame();
                continue;
            }

            int length = Math.Min(Math.Min(room, MaxPayload), body.Length - at);
            Head(FrameType.Data, 0, StreamId, length);
            Append(body.AsSpan(at, length));
            _connectionRoom -= length;
            _streamRoom -= length;
            at += length;
        }
    }

    public void Flush()
    {
        for (int at = 0; at < _outTo;)
        {
            at += _socket.Send(_out.AsSpan(at, _outTo - at));
        }

        _outTo = 0;
    }

    /// <summary>The next message; waits for it.</summary>
    /// <exception cref="IOException">The stream has ended.</exception>
    public SessionResponse Next()
    {
        while (_frames.Count == 0)
        {
            ReadFrame();
        }

        return _frames.Dequeue();
    }

    public void Dispose() => _socket.Dispose();

    private void ReadFrame()
    {
        Require(HeadLength);
        ReadOnlySpan<byte> head = _in.AsSpan(_inFrom, HeadLength);
        int length = (head[0] << 16) | (head[1] << 8) | head[2];
        FrameType type = (FrameType)head[3];
        Flag flags = (Flag)head[4];
        Require(HeadLength + length);
        ReadOnlySpan<byte> payload = _in.AsSpan(_inFrom + HeadLength, length);
        _inFrom += HeadLength + length;
        switch (type)
        {
            case FrameType.Data:
                Take(payload);
                break;
            case FrameType.Headers when flags.HasFlag(Flag.EndStreamOrAck):
            case FrameType.Reset or FrameType.GoAway:
                throw new IOException($"the session has ended ({type})");
            case FrameType.Settings when !flags.HasFlag(Flag.EndStreamOrAck):
                TakeSettings(payload);
                break;
            case FrameType.Ping when !flags.HasFlag(Flag.EndStreamOrAck):
                Head(FrameType.Ping, (byte)Flag.EndStreamOrAck, 0, length);
                Append(payload);
                Flush();
                break;
            case FrameType.WindowUpdate:
                int more = BinaryPrimitives.ReadInt32BigEndian(payload);
                bool isOfStream = _in[_inFrom - length - 1] == StreamId;
                _connectionRoom += isOfStream ? 0 : more;
                _streamRoom += isOfStream ? more : 0;
                break;
        }
    }

    // Settings: pairs of a number of two bytes and a value of four.
    private void TakeSettings(ReadOnlySpan<byte> payload)
    {
        const int PairLength = 6;
        for (; payload.Length >= PairLength; payload = payload[PairLength..])
        {
            if (payload[1] == (byte)Setting.InitialWindow)
            {
                int window = BinaryPrimitives.ReadInt32BigEndian(payload[2..]);
                _streamRoom += window - _peerWindow;
                _peerWindow = window;
            }
        }

        Head(FrameType.Settings, (byte)Flag.EndStreamOrAck, 0, 0);
        Flush();
    }

    // Part of the stream: messages, each after its length.
    private void Take(ReadOnlySpan<byte> payload)
    {
        _received += payload.Length;
        if (_received > Window / 2)
        {
            Update(0, _received);
            Update(StreamId, _received);
            Flush();
            _received = 0;
        }

        if (_message.Length < _messageTo + payload.Length)
        {
            Array.Resize(ref _message, 2 * (_messageTo + payload.Length));
        }

        payload.CopyTo(_message.AsSpan(_messageTo));
        _messageTo += payload.Length;
        int from = 0;
        while (_messageTo - from >= PrefixLength)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(_message.AsSpan(from + 1));
            if (_messageTo - from < PrefixLength + length)
            {
                break;
            }

            _frames.Enqueue(SessionResponse.Parser.ParseFrom(_message.AsSpan(from + PrefixLength, length)));
            from += PrefixLength + length;
        }

        _message.AsSpan(from, _messageTo - from).CopyTo(_message);
        _messageTo -= from;
    }

    // Reads until as many bytes are there.
    private void Require(int length)
    {
        if (_inTo - _inFrom >= length)
        {
            return;
        }

        _in.AsSpan(_inFrom, _inTo - _inFrom).CopyTo(_in);
        _inTo -= _inFrom;
        _inFrom = 0;
        while (_inTo < length)
        {
            int read = _socket.Receive(_in.AsSpan(_inTo));
            _inTo += read > 0 ? read : throw new IOException("the server closed the connection");
        }
    }

    private void Update(int stream, int more)
    {
        Head(FrameType.WindowUpdate, 0, stream, sizeof(int));
        Number(more);
    }

    private void Head(FrameType type, byte flags, int stream, int length)
    {
        Append([(byte)(length >> 16), (byte)(length >> 8), (byte)length, (byte)type, flags]);
        Number(stream);
    }

    private void Number(int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        Append(bytes);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_out.Length < _outTo + bytes.Length)
        {
            Array.Resize(ref _out, 2 * (_outTo + bytes.Length));
        }

        bytes.CopyTo(_out.AsSpan(_outTo));
        _outTo += bytes.Length;
    }

    private static byte[] Text(ReadOnlySpan<byte> text) => [(byte)text.Length, .. text];
}
