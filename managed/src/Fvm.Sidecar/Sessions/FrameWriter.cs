using Fvm.Protocol.V1;
using Grpc.Core;

namespace Fvm.Sidecar;

/// <summary>
/// The frames to a client, in order. Whoever writes a frame sends it, unless another thread is sending: that one takes it along. Bounded by their
/// bytes: a client that does not read makes those wait that write to it, instead of taking memory, and loses its session when it reads nothing for
/// too long. Thread-safe.
/// </summary>
/// <param name="stream">The stream to the client.</param>
/// <param name="maxBytes">Bytes of frames that wait to be read; one frame more may wait.</param>
/// <param name="patience">The time for which a frame waits for room.</param>
/// <param name="ended">The session's end.</param>
internal sealed class FrameWriter(IServerStreamWriter<SessionResponse> stream, long maxBytes, TimeSpan patience, CancellationTokenSource ended)
{
    private readonly Lock _gate = new();
    private readonly Queue<(SessionResponse Frame, int Size)> _frames = new();
    private readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _read;
    private long _unread;
    private bool _isSending;
    private bool _isComplete;

    /// <summary>Completes when all frames were sent, or fails when one cannot be.</summary>
    public Task Sent => _sent.Task;

    /// <summary>The size of the frames that wait to be read.</summary>
    public long UnreadBytes => Interlocked.Read(ref _unread);

    /// <summary>Writes a frame, and waits while the client does not read; for threads of lanes.</summary>
    /// <exception cref="OperationCanceledException">The session has ended.</exception>
    /// <exception cref="CallFault">The client does not read.</exception>
    public void Write(SessionResponse frame)
    {
        ValueTask writing = WriteAsync(frame);
        if (writing.IsCompleted)
        {
            writing.GetAwaiter().GetResult();
        }
        else
        {
            writing.AsTask().GetAwaiter().GetResult();
        }
    }

    /// <summary>Writes a frame, and waits while the client does not read.</summary>
    /// <exception cref="OperationCanceledException">The session has ended.</exception>
    /// <exception cref="CallFault">The client does not read.</exception>
    public ValueTask WriteAsync(SessionResponse frame)
    {
        ended.Token.ThrowIfCancellationRequested();
        int size = frame.CalculateSize();
        if (Full() is Task read)
        {
            return new ValueTask(WaitAndWriteAsync(frame, size, read));
        }

        Add(frame, size);
        return ValueTask.CompletedTask;
    }

    /// <summary>No frame follows.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _isComplete = true;
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

        Add(frame, size);
    }

    private void Add(SessionResponse frame, int size)
    {
        lock (_gate)
        {
            _unread += size;
            _frames.Enqueue((frame, size));
            if (_isSending)
            {
                return;
            }

            _isSending = true;
        }

        Send();
    }

    // Sends what is queued, in this thread as long as the stream takes it at once.
    private void Send()
    {
        try
        {
            while (Next() is SessionResponse frame)
            {
                Task writing = stream.WriteAsync(frame, ended.Token);
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
            while (Next() is SessionResponse frame)
            {
                await stream.WriteAsync(frame, ended.Token);
                Forget();
            }
        }
        catch (Exception e)
        {
            // Nobody else becomes the sender: no frame may follow one that was lost.
            _sent.TrySetException(e);
        }
    }

    private SessionResponse? Next()
    {
        lock (_gate)
        {
            if (_frames.TryPeek(out (SessionResponse Frame, int Size) next))
            {
                return next.Frame;
            }

            _isSending = false;
            if (!_isComplete)
            {
                return null;
            }
        }

        _sent.TrySetResult();
        return null;
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
