using System.Buffers;
using System.Buffers.Binary;

namespace Fvm.Sidecar;

/// <summary>
/// Splits what a client sends by HTTP/2 (RFC 9113): the data of tapped streams goes to their receivers, and all else to Kestrel as it came. It judges
/// nothing but what it takes out: what is not as expected is left to Kestrel. Used by one thread, but for taps.
/// </summary>
/// <param name="others">What Kestrel reads.</param>
internal sealed class FrameSplitter(IBufferWriter<byte> others)
{
    private const int PrefaceLength = 24;
    private const int HeadLength = 9;
    private const byte Data = 0;
    private const byte Headers = 1;
    private const byte Reset = 3;
    private const byte PushPromise = 5;
    private const byte Continuation = 9;
    private const byte EndStream = 1;
    private const byte EndHeaders = 4;
    private const byte Padded = 8;

    // What Kestrel accepts (SETTINGS_MAX_FRAME_SIZE).
    private const int MaxPayload = 16 << 10;

    // Streams of which Kestrel got data, before taps are given up: a client may name any number of streams.
    private const int MaxCounted = 4_096;

    // No tap can follow: padding is not counted.
    private const long Uncounted = -1;

    private readonly Lock _gate = new();
    private readonly Dictionary<int, Tap> _taps = [];
    private readonly Dictionary<int, long> _counts = [];
    private readonly byte[] _head = new byte[HeadLength];
    private readonly List<IDataReceiver> _touched = [];
    private IDataReceiver? _receiver;
    private int _preface = PrefaceLength;
    private int _headLength;
    private int _left;
    private int _padding;
    private bool _beginsWithPadding;
    private bool _isInHeaders;
    private bool _endsStream;
    private bool _takesNoTaps;

    /// <summary>Whether something was written for Kestrel since this was cleared.</summary>
    public bool HasOthers { get; set; }

    /// <summary>Those that got data since this was cleared.</summary>
    public List<IDataReceiver> Touched => _touched;

    /// <inheritdoc cref="IConnectionThread.TryTap"/>
    public long? TryTap(int stream, IDataReceiver receiver)
    {
        lock (_gate)
        {
            _counts.Remove(stream, out long before);
            if (_takesNoTaps || before == Uncounted)
            {
                return null;
            }

            _taps[stream] = new Tap(receiver);
            return before;
        }
    }

    /// <inheritdoc cref="IConnectionThread.EndTap"/>
    public void EndTap(int stream)
    {
        lock (_gate)
        {
            _taps.Remove(stream);
        }
    }

    /// <summary>The receivers of all taps.</summary>
    public IDataReceiver[] Receivers()
    {
        lock (_gate)
        {
            return [.. _taps.Values.Select(static tap => tap.Receiver)];
        }
    }

    /// <summary>Takes what came.</summary>
    /// <returns>False if a client sends more than it was allowed to.</returns>
    public bool TrySplit(ReadOnlySpan<byte> bytes)
    {
        if (_preface > 0)
        {
            int length = Math.Min(_preface, bytes.Length);
            Forward(bytes[..length]);
            _preface -= length;
            bytes = bytes[length..];
        }

        while (bytes.Length > 0)
        {
            if (_headLength < HeadLength)
            {
                int length = Math.Min(HeadLength - _headLength, bytes.Length);
                bytes[..length].CopyTo(_head.AsSpan(_headLength));
                _headLength += length;
                bytes = bytes[length..];
                if (_headLength == HeadLength)
                {
                    Begin();
                }
            }
            else if (_beginsWithPadding)
            {
                _beginsWithPadding = false;
                _padding = Math.Min(bytes[0], _left - 1);
                _left -= 1 + _padding;
                bytes = bytes[1..];
                if (_receiver?.TryTake([], 1 + _padding) == false)
                {
                    return false;
                }
            }
            else
            {
                int length = Math.Min(_left > 0 ? _left : _padding, bytes.Length);
                if (_receiver is null)
                {
                    Forward(bytes[..length]);
                }
                else if (_left > 0 && !_receiver.TryTake(bytes[..length], 0))
                {
                    return false;
                }

                (_left, _padding) = _left > 0 ? (_left - length, _padding) : (_left, _padding - length);
                bytes = bytes[length..];
            }

            if (_headLength == HeadLength && _left + _padding == 0)
            {
                End();
            }
        }

        return true;
    }

    private void Begin()
    {
        _left = (_head[0] << 16) | (_head[1] << 8) | _head[2];
        byte type = _head[3];
        byte flags = _head[4];
        int stream = BinaryPrimitives.ReadInt32BigEndian(_head.AsSpan(5)) & int.MaxValue;
        bool ends = (flags & EndStream) != 0;
        bool isPadded = (flags & Padded) != 0;
        bool isData = type == Data && !_isInHeaders;
        lock (_gate)
        {
            if (isData && _left <= MaxPayload && (!isPadded || _left > 0) && _taps.TryGetValue(stream, out Tap? tap) && !tap.HasEnded)
            {
                (_endsStream, _beginsWithPadding) = (ends, isPadded);
                _receiver = tap.Receiver;
                _touched.Add(_receiver);

                // It is still told what Kestrel passes on: the end.
                tap.HasEnded = ends;
                return;
            }

            _receiver = null;
            if (isData && !ends)
            {
                Count(stream, isPadded);
            }
            else if (type == Reset || (isData && ends))
            {
                _counts.Remove(stream);
            }
        }

        if (type is Headers or PushPromise or Continuation)
        {
            _isInHeaders = (flags & EndHeaders) == 0;
        }

        Forward(_head);
    }

    private void Count(int stream, bool isPadded)
    {
        if (_counts.Count >= MaxCounted)
        {
            _takesNoTaps = true;
            _counts.Clear();
        }

        if (!_takesNoTaps)
        {
            long before = _counts.GetValueOrDefault(stream);
            _counts[stream] = isPadded || before == Uncounted ? Uncounted : before + _left;
        }
    }

    private void End()
    {
        _headLength = 0;
        _beginsWithPadding = false;
        if (_receiver is not null && _endsStream)
        {
            // Kestrel has to know of the end.
            _head.AsSpan(0, 3).Clear();
            _head[4] = EndStream;
            Forward(_head);
        }

        _receiver = null;
        _endsStream = false;
    }

    private void Forward(ReadOnlySpan<byte> bytes)
    {
        others.Write(bytes);
        HasOthers = true;
    }

    private sealed class Tap(IDataReceiver receiver)
    {
        public IDataReceiver Receiver => receiver;

        public bool HasEnded { get; set; }
    }
}
