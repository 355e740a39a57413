using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net.Sockets;
using Fvm.Hosting;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Fvm.Sidecar;

/// <summary>
/// A connection to the Unix socket with a thread of its own. The thread reads, and runs the sessions whose frames it has read, which wake lanes; who
/// makes a frame sends it. So a call changes threads twice, as in the C library. By Kestrel alone it would change them five times, three of them in
/// the thread pool: between socket, parser, stream and writer.
/// </summary>
internal sealed class ThreadConnection : DefaultConnectionContext, IConnectionThread, IConnectionSocketFeature
{
    // Bytes that wait for Kestrel, and for the peer.
    private const int MaxUnread = 1 << 20;
    private const int MaxUnsent = 512 << 10;

    private const int SegmentSize = 32 << 10;
    private const int ReadSize = 64 << 10;

    // Of the connection's window, which is Kestrel's of 1 MiB: bytes that were consumed before the client is told.
    private const int MaxUntold = 128 << 10;
    private const int StackSize = 1 << 20;

    private readonly Socket _socket;
    private readonly Action _ended;
    private readonly ServerWork _work = new();
    private readonly Pipe _received = new(new PipeOptions(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.ThreadPool, pauseWriterThreshold: MaxUnread,
        resumeWriterThreshold: MaxUnread / 2, minimumSegmentSize: SegmentSize, useSynchronizationContext: false));

    private readonly Pipe _toSend = new(new PipeOptions(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.ThreadPool, pauseWriterThreshold: MaxUnsent,
        resumeWriterThreshold: MaxUnsent / 2, minimumSegmentSize: SegmentSize, useSynchronizationContext: false));

    private readonly FrameSplitter _splitter;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lock _gate = new();

    // Frames of this class, in the lock.
    private readonly List<byte> _own = [];
    private readonly CancellationTokenSource _closed = new();
    private readonly TaskCompletionSource _receiving = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _sending = Task.CompletedTask;
    private Exception? _reason;
    private int _consumed;
    private bool _isShut;

    /// <param name="socket">The accepted socket, which is the connection's from now on.</param>
    /// <param name="id">The name in the server's log.</param>
    /// <param name="ended">Called when the thread ends.</param>
    public ThreadConnection(Socket socket, string id, Action ended)
        : base(id)
    {
        _socket = socket;
        _ended = ended;
        _splitter = new FrameSplitter(_received.Writer);
        LocalEndPoint = socket.LocalEndPoint;
        RemoteEndPoint = socket.RemoteEndPoint;
        ConnectionClosed = _closed.Token;
        Transport = new Duplex(new WatchedReader(_received.Reader, OnEmptied), new CapturedWriter(_toSend.Writer, _work));
        Application = new Duplex(_toSend.Reader, _received.Writer);
        Features.Set<IConnectionSocketFeature>(this);
        Features.Set<IConnectionThread>(this);
    }

    /// <inheritdoc/>
    public Socket Socket => _socket;

    /// <summary>Begins to read and to send.</summary>
    /// <exception cref="OutOfMemoryException">There is no memory for the thread.</exception>
    public void Start()
    {
        new Thread(Receive, StackSize) { IsBackground = true, Name = "fvm-connection" }.UnsafeStart();
        _sending = SendAsync();
    }

    /// <inheritdoc/>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        Shut(abortReason);
        _toSend.Reader.CancelPendingRead();
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await Transport.Input.CompleteAsync();
        await Transport.Output.CompleteAsync();
        await _sending;
        await _receiving.Task;
        _socket.Dispose();
        _closed.Dispose();
    }

    /// <inheritdoc/>
    public long? TryTap(int stream, IDataReceiver receiver) => _splitter.TryTap(stream, receiver);

    /// <inheritdoc/>
    public void EndTap(int stream) => _splitter.EndTap(stream);

    /// <inheritdoc/>
    public void Consume(int stream, int bytes, int ofStream)
    {
        lock (_gate)
        {
            _consumed += bytes;
            if (_consumed >= MaxUntold)
            {
                AddWindowUpdate(0, _consumed);
                _consumed = 0;
            }

            if (ofStream > 0)
            {
                AddWindowUpdate(stream, ofStream);
            }
        }

        _ = SendOwnAsync();
    }

    /// <inheritdoc/>
    public bool TryEnter() => _work.TryEnter();

    /// <inheritdoc/>
    public void Leave() => _work.Leave();

    private void Receive()
    {
        Exception? error = null;
        try
        {
            byte[] buffer = new byte[ReadSize];
            bool goesOn = true;
            while (goesOn)
            {
                int count = SocketCalls.Receive(_socket.SafeHandle, buffer);
                goesOn = count > 0 && _splitter.TrySplit(buffer.AsSpan(0, count)) && !Flush().IsCompleted;
            }
        }
        catch (Exception e)
        {
            // None may leave the thread.
            error = new ConnectionResetException("the connection is broken", e);
        }

        _received.Writer.Complete(Volatile.Read(ref _reason) ?? error);
        _ended();
        ThreadPool.UnsafeQueueUserWorkItem(
            static connection =>
            {
                connection._closed.Cancel();
                connection._receiving.TrySetResult();
            },
            this,
            preferLocal: false);
    }

    // The sessions run in this call.
    private FlushResult Flush()
    {
        ValueTask<FlushResult> flushing = default;
        if (_splitter.HasOthers)
        {
            _splitter.HasOthers = false;
            flushing = _received.Writer.FlushAsync();
        }

        foreach (IDataReceiver receiver in _splitter.Touched)
        {
            receiver.Arrived();
        }

        _splitter.Touched.Clear();
        return flushing.IsCompleted ? flushing.GetAwaiter().GetResult() : flushing.AsTask().GetAwaiter().GetResult();
    }

    // Kestrel has passed on what it got: perhaps the end of a stream.
    private void OnEmptied() => ThreadPool.UnsafeQueueUserWorkItem(
        static connection =>
        {
            foreach (IDataReceiver receiver in connection._splitter.Receivers())
            {
                receiver.Arrived();
            }
        },
        this,
        preferLocal: false);

    private async Task SendAsync()
    {
        Exception? error = null;
        try
        {
            while (true)
            {
                ReadResult read = await _toSend.Reader.ReadAsync();
                if (read.IsCanceled)
                {
                    break;
                }

                // Kestrel flushes whole frames.
                await _turn.WaitAsync();
                try
                {
                    foreach (ReadOnlyMemory<byte> part in read.Buffer)
                    {
                        await SendAsync(part);
                    }
                }
                finally
                {
                    _turn.Release();
                }

                _toSend.Reader.AdvanceTo(read.Buffer.End);
                await SendOwnAsync();
                if (read.IsCompleted)
                {
                    break;
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            error = new ConnectionResetException("the peer closed the connection", e);
        }
        finally
        {
            Shut(error);
            await _toSend.Reader.CompleteAsync();
            _received.Writer.CancelPendingFlush();
        }
    }

    // Between frames of Kestrel. Whoever has the turn looks again after it, so that none is left.
    private async Task SendOwnAsync()
    {
        while (HasOwn() && await _turn.WaitAsync(0))
        {
            try
            {
                byte[] bytes;
                lock (_gate)
                {
                    bytes = [.. _own];
                    _own.Clear();
                }

                await SendAsync(bytes);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                Shut(new ConnectionResetException("the peer closed the connection", e));
                return;
            }
            finally
            {
                _turn.Release();
            }
        }
    }

    private bool HasOwn()
    {
        lock (_gate)
        {
            return _own.Count > 0;
        }
    }

    // In the lock.
    private void AddWindowUpdate(int stream, int bytes)
    {
        const byte WindowUpdate = 8;
        Span<byte> frame = [0, 0, sizeof(int), WindowUpdate, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(frame[5..], stream);
        BinaryPrimitives.WriteInt32BigEndian(frame[9..], bytes);
        _own.AddRange(frame);
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            int sent = SocketCalls.TrySend(_socket.SafeHandle, bytes.Span);
            bytes = bytes[(sent > 0 ? sent : await _socket.SendAsync(bytes, SocketFlags.None))..];
        }
    }

    // Ends the thread's wait, too.
    private void Shut(Exception? reason)
    {
        lock (_gate)
        {
            if (_isShut)
            {
                return;
            }

            _isShut = true;
            Volatile.Write(ref _reason, reason);
        }

        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The peer is gone already.
        }
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
