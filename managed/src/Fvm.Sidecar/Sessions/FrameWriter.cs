using System.Threading.Channels;
using Fvm.Protocol.V1;
using Grpc.Core;

namespace Fvm.Sidecar;

/// <summary>
/// The frames to a client, in order. Bounded by their bytes: a client that does not read makes those wait that write to it, instead of taking
/// memory, and loses its session when it reads nothing for too long. Thread-safe.
/// </summary>
/// <param name="stream">The stream to the client.</param>
/// <param name="maxBytes">Bytes of frames that wait to be read; one frame more may wait.</param>
/// <param name="patience">The time for which a frame waits for room.</param>
/// <param name="ended">The session's end.</param>
internal sealed class FrameWriter(IServerStreamWriter<SessionResponse> stream, long maxBytes, TimeSpan patience, CancellationTokenSource ended)
{
    private readonly Channel<(SessionResponse Frame, int Size)> _frames =
        Channel.CreateUnbounded<(SessionResponse Frame, int Size)>(new UnboundedChannelOptions { SingleReader = true });

    private readonly Lock _gate = new();
    private TaskCompletionSource? _read;
    private long _unread;

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
    public async ValueTask WriteAsync(SessionResponse frame)
    {
        ended.Token.ThrowIfCancellationRequested();
        while (Full() is Task read)
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

        int size = frame.CalculateSize();
        Interlocked.Add(ref _unread, size);
        _frames.Writer.TryWrite((frame, size));
    }

    /// <summary>No frame follows.</summary>
    public void Complete() => _frames.Writer.TryComplete();

    /// <summary>Sends frames until <see cref="Complete"/>.</summary>
    public async Task SendAsync()
    {
        await foreach ((SessionResponse frame, int size) in _frames.Reader.ReadAllAsync(ended.Token))
        {
            await stream.WriteAsync(frame, ended.Token);
            TaskCompletionSource? read;
            lock (_gate)
            {
                Interlocked.Add(ref _unread, -size);
                read = _read;
                _read = null;
            }

            read?.TrySetResult();
        }
    }

    // Completes when the client has read something; null if there is room.
    private Task? Full()
    {
        lock (_gate)
        {
            return Interlocked.Read(ref _unread) < maxBytes
                ? null
                : (_read ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }
}
