using System.IO.Pipelines;
using Fvm.Protocol.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Fvm.Sidecar;

/// <summary>
/// The frames of a session, on the thread of its connection: gRPC's own stream waits for data in Kestrel, which changes threads three times for it.
/// Used by one thread at a time; <see cref="IDataReceiver"/> by that of the connection.
/// </summary>
internal sealed class RequestFrames : IAsyncStreamReader<SessionRequest>, IDataReceiver, IAsyncDisposable
{
    // What Kestrel lets a client send on a stream before it reads.
    private const int Window = 768 << 10;

    // Bytes taken beyond which the client is told.
    private const int MaxUntold = Window / 4;

    // Whoever sends the rest of a frame slower than this harms its own connection alone.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly Task<bool> There = Task.FromResult(true);

    private readonly PipeReader _body;
    private readonly IConnectionThread _connection;
    private readonly int _stream;
    private readonly Queue<SessionRequest> _parsed = new();
    private readonly Lock _gate = new();

    // What came by Kestrel before the tap, and by the tap: this in the lock.
    private readonly MessageBuffer _first;
    private readonly MessageBuffer _tapped;
    private readonly long _before;
    private CancellationTokenRegistration _cancelling;
    private TaskCompletionSource? _waiting;
    private long _fromBody;
    private int _unread;
    private int _untold;
    private bool _hasArrived;
    private bool _hasEnded;
    private bool _isDisposed;

    private RequestFrames(HttpRequest request, IConnectionThread connection, int stream, int maxBytes)
    {
        _body = request.BodyReader;
        _connection = connection;
        _stream = stream;
        _first = new MessageBuffer(maxBytes);
        _tapped = new MessageBuffer(maxBytes);

        // The lock: data may come before the number is known.
        lock (_gate)
        {
            long? before = connection.TryTap(stream, this);
            IsTapped = before is not null;
            _before = before ?? 0;
        }
    }

    /// <inheritdoc/>
    public SessionRequest Current { get; private set; } = new();

    private bool IsTapped { get; }

    /// <summary>The frames of a call; null if gRPC's own stream is to be used: there is no thread, or messages may be compressed.</summary>
    /// <param name="request">The call's request.</param>
    /// <param name="connection">The thread of its connection; null for none.</param>
    /// <param name="maxBytes">The limit of a frame.</param>
    public static RequestFrames? For(HttpRequest request, IConnectionThread? connection, int maxBytes)
    {
        string? encoding = request.Headers["grpc-encoding"];
        if (connection is null || encoding is not (null or "" or "identity")
            || request.HttpContext.Features.Get<IHttp2StreamIdFeature>() is not IHttp2StreamIdFeature stream)
        {
            return null;
        }

        RequestFrames frames = new(request, connection, stream.StreamId, maxBytes);
        return frames.IsTapped ? frames : null;
    }

    /// <inheritdoc/>
    /// <remarks>All calls have the same token.</remarks>
    public Task<bool> MoveNext(CancellationToken cancellationToken) => TryNext() ? There : WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public bool TryTake(ReadOnlySpan<byte> data, int padding)
    {
        lock (_gate)
        {
            _unread += data.Length + padding;
            if (_unread > Window)
            {
                return false;
            }

            _tapped.Add(data);
            if (!_isDisposed)
            {
                return true;
            }
        }

        // The rest of a frame of HTTP/2.
        Consume(isOpen: false);
        return true;
    }

    /// <inheritdoc/>
    public void Arrived()
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            _hasArrived = true;
            waiting = _waiting;
            _waiting = null;
        }

        // The session goes on within this call.
        waiting?.TrySetResult();
    }

    /// <inheritdoc/>
    /// <remarks>Reads what the client is still sending of a message, and drops it, as <c>UnreadMessage</c> does where Kestrel has the data.</remarks>
    public async ValueTask DisposeAsync()
    {
        try
        {
            using CancellationTokenSource patience = new(Patience);
            while (IsMissing())
            {
                Consume(isOpen: true);
                await ArrivalAsync().WaitAsync(patience.Token);
            }
        }
        catch (Exception)
        {
            // The client is gone, or too slow. The call's own end is what counts.
        }

        _connection.EndTap(_stream);
        lock (_gate)
        {
            _tapped.Drop();
            _isDisposed = true;
        }

        Consume(isOpen: false);
        await _cancelling.DisposeAsync();
    }

    private bool TryNext()
    {
        if (!_parsed.TryDequeue(out SessionRequest? next))
        {
            return false;
        }

        Current = next;
        return true;
    }

    private async Task<bool> WaitAsync(CancellationToken cancelled)
    {
        if (_cancelling.Token != cancelled)
        {
            // Not inline: whoever cancels has other things to do.
            _cancelling = cancelled.UnsafeRegister(
                static frames => ThreadPool.UnsafeQueueUserWorkItem(static waiting => waiting.Arrived(), (RequestFrames)frames!, false), this);
        }

        while (true)
        {
            cancelled.ThrowIfCancellationRequested();

            // The end is looked for before the data: then these are complete.
            bool isLast = Fill();
            bool isWhole = Parse();
            Consume(isOpen: true);
            if (TryNext())
            {
                return true;
            }

            if (isLast)
            {
                return isWhole ? false : throw new RpcException(new Status(StatusCode.Internal, "Incomplete message."));
            }

            await ArrivalAsync();
        }
    }

    // Takes what came by Kestrel. Returns whether the client has ended the stream.
    private bool Fill()
    {
        lock (_gate)
        {
            _hasArrived = false;
        }

        while (!_hasEnded && _body.TryRead(out ReadResult read))
        {
            foreach (ReadOnlyMemory<byte> part in read.Buffer)
            {
                _first.Add(part.Span);
            }

            _fromBody += read.Buffer.Length;
            _body.AdvanceTo(read.Buffer.End);
            _hasEnded = read.IsCompleted;
        }

        return _hasEnded;
    }

    // Takes all frames that are there as a whole: the client may send as much again. Returns whether no other one was begun.
    private bool Parse()
    {
        lock (_gate)
        {
            MessageBuffer buffer = Buffer();
            buffer.Parse(_parsed);
            return buffer.IsEmpty;
        }
    }

    // Whether a message that was begun is still to come.
    private bool IsMissing()
    {
        bool hasEnded = Fill();
        lock (_gate)
        {
            MessageBuffer buffer = Buffer();
            if (buffer == _first)
            {
                return !hasEnded;
            }

            buffer.Drop();
            return !hasEnded && buffer.Missing > 0;
        }
    }

    // In the lock: that with the next message. What came by Kestrel comes first.
    private MessageBuffer Buffer()
    {
        if (_fromBody < _before)
        {
            return _first;
        }

        if (!_first.IsEmpty)
        {
            _tapped.AddBefore(_first);
        }

        return _tapped;
    }

    // The client may send as much again as has been taken from it.
    private void Consume(bool isOpen)
    {
        int consumed;
        int ofStream = 0;
        lock (_gate)
        {
            consumed = _unread;
            _unread = 0;
            _untold += consumed;
            if (isOpen && _untold >= MaxUntold)
            {
                ofStream = _untold;
                _untold = 0;
            }
        }

        if (consumed > 0)
        {
            _connection.Consume(_stream, consumed, ofStream);
        }
    }

    private Task ArrivalAsync()
    {
        lock (_gate)
        {
            return _hasArrived ? Task.CompletedTask : (_waiting = new TaskCompletionSource()).Task;
        }
    }
}
