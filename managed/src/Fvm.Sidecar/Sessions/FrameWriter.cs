using Fvm.Hosting;
using Fvm.Protocol.V1;
using Grpc.Core;

namespace Fvm.Sidecar;

/// <summary>
/// The frames to a client, in order. Whoever writes a frame sends it, unless another thread is sending: that one takes it along. A frame that others
/// will follow soon may go with these: a packet costs more than the frames in it. Bounded by their bytes: a client that does not read makes those
/// wait that write to it, instead of taking memory, and loses its session when it reads nothing for too long. Thread-safe.
/// </summary>
/// <param name="stream">The stream to the client.</param>
/// <param name="flush">Sends what the stream holds.</param>
/// <param name="maxBytes">Bytes of frames that wait to be read; one frame more may wait.</param>
/// <param name="patience">The time for which a frame waits for room.</param>
/// <param name="ended">The session's end.</param>
internal sealed class FrameWriter(
    IServerStreamWriter<SessionResponse> stream, Func<Task> flush, long maxBytes, TimeSpan patience, CancellationTokenSource ended)
{
    // The longest delay of a frame that others will follow.
    private const int LongestHoldMilliseconds = 10;

    // Of frames that the stream holds.
    private const int MaxHeldBytes = 32 << 10;

    private static readonly WriteOptions Held = new(WriteFlags.BufferHint);

    private readonly Lock _gate = new();

    // Without a frame: the stream is to send what it holds.
    private readonly Queue<(SessionResponse? Frame, int Size, bool MayHold)> _frames = new();
    private readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _read;
    private Timer? _timer;
    private long _unread;
    private int _held;
    private bool _isTimed;
    private bool _isSending;
    private bool _isComplete;

    /// <summary>Completes when all frames were sent, or fails when one cannot be.</summary>
    public Task Sent => _sent.Task;

    /// <summary>The size of the frames that wait to be read.</summary>
    public long UnreadBytes => Interlocked.Read(ref _unread);

    /// <summary>Writes a frame, and waits while the client does not read; for threads of lanes.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="lane">Takes no processor from others during the wait; null if it has none.</param>
    /// <exception cref="OperationCanceledException">The session has ended.</exception>
    /// <exception cref="CallFault">The client does not read.</exception>
    public void Write(SessionResponse frame, HostCalls? lane = null)
    {
        ValueTask writing = WriteAsync(frame);
        if (writing.IsCompleted)
        {
            writing.GetAwaiter().GetResult();
            return;
        }

        lane?.BeforeCallback();
        try
        {
            writing.AsTask().GetAwaiter().GetResult();
        }
        finally
        {
            lane?.AfterCallback();
        }
    }

    /// <summary>Writes a frame, and waits while the client does not read.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="mayHold">Whether it may go with the next one, a moment later.</param>
    /// <exception cref="OperationCanceledException">The session has ended.</exception>
    /// <exception cref="CallFault">The client does not read.</exception>
    public ValueTask WriteAsync(SessionResponse frame, bool mayHold = false)
    {
        ended.Token.ThrowIfCancellationRequested();
        int size = frame.CalculateSize();
        if (Full() is Task read)
        {
            return new ValueTask(WaitAndWriteAsync(frame, size, read));
        }

        Add(frame, size, mayHold);
        return ValueTask.CompletedTask;
    }

    /// <summary>No frame follows.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _isComplete = true;
            _timer?.Dispose();
            if (_isSending || _frames.Count > 0)
            {
                return;
            }
        }

        _sent.TrySetResult();
    }

    private async Task WaitAndWriteAsync(SessionResponse frame, int size, Task first)
    {
        for (Task? read = first; read is not null; read = Full())
        {
            try
            {
                await read.WaitAsync(patience, ended.Token);
            }
            catch (TimeoutException)
            {
                await ended.CancelAsync();
                throw new CallFault(
                    StatusCode.DeadlineExceeded, ErrorReason.LimitReached, $"the client read nothing for {patience}", "unread_bytes");
            }
        }

        Add(frame, size, mayHold: false);
    }

    private void Add(SessionResponse frame, int size, bool mayHold)
    {
        lock (_gate)
        {
            if (!TryBecomeSender(frame, size, mayHold))
            {
                return;
            }
        }

        Send();
    }

    // Queues a frame, in the lock.
    private bool TryBecomeSender(SessionResponse? frame, int size, bool mayHold)
    {
        _unread += size;
        _frames.Enqueue((frame, size, mayHold));
        bool isFirst = !_isSending;
        _isSending = true;
        return isFirst;
    }

    // Sends what is queued, in this thread as long as the stream takes it at once.
    private void Send()
    {
        try
        {
            while (TryNext(out SessionResponse? frame, out bool holds))
            {
                Task writing = Write(frame, holds);
                if (!writing.IsCompletedSuccessfully)
                {
                    _ = ContinueAsync(writing);
                    return;
                }

                Forget();
            }
        }
        catch (Exception e)
        {
            _sent.TrySetException(e);
        }
    }

    private async Task ContinueAsync(Task writing)
    {
        try
        {
            await writing;
            Forget();
            while (TryNext(out SessionResponse? frame, out bool holds))
            {
                await Write(frame, holds);
                Forget();
            }
        }
        catch (Exception e)
        {
            // Nobody else becomes the sender: no frame may follow one that was lost.
            _sent.TrySetException(e);
        }
    }

    private Task Write(SessionResponse? frame, bool holds)
    {
        if (frame is null)
        {
            return flush();
        }

        stream.WriteOptions = holds ? Held : null;
        return stream.WriteAsync(frame, ended.Token);
    }

    private bool TryNext(out SessionResponse? frame, out bool holds)
    {
        lock (_gate)
        {
            if (_frames.TryPeek(out (SessionResponse? Frame, int Size, bool MayHold) next))
            {
                frame = next.Frame;
                holds = (next.MayHold || _frames.Count > 1) && _held + next.Size <= MaxHeldBytes;
                _held = holds ? _held + next.Size : 0;
                if (holds && !_isTimed && !_isComplete)
                {
                    _isTimed = true;
                    _timer ??= new Timer(static writer => ((FrameWriter)writer!).EndHold(), this, Timeout.Infinite, Timeout.Infinite);
                    _timer.Change(LongestHoldMilliseconds, Timeout.Infinite);
                }

                return true;
            }

            (frame, holds) = (null, false);
            _isSending = false;
            if (!_isComplete)
            {
                return false;
            }
        }

        _sent.TrySetResult();
        return false;
    }

    private void EndHold()
    {
        lock (_gate)
        {
            _isTimed = false;
            // In the same lock: the stream may not be used once the frames are complete.
            if (_held == 0 || _isComplete || ended.IsCancellationRequested || !TryBecomeSender(null, 0, mayHold: false))
            {
                return;
            }
        }

        Send();
    }

    // The frame in front was sent.
    private void Forget()
    {
        TaskCompletionSource? read;
        lock (_gate)
        {
            _unread -= _frames.Dequeue().Size;
            read = _read;
            _read = null;
        }

        read?.TrySetResult();
    }

    // Completes when the client has read something; null if there is room.
    private Task? Full()
    {
        lock (_gate)
        {
            return _unread < maxBytes
                ? null
                : (_read ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }
}
