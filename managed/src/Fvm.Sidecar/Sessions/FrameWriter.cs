using System.Threading.Channels;
using Fvm.Protocol.V1;
using Grpc.Core;

namespace Fvm.Sidecar;

/// <summary>
/// The frames to a client, in order. Bounded: a client that does not read makes the threads wait that write to it, instead of taking memory.
/// Thread-safe.
/// </summary>
internal sealed class FrameWriter(IServerStreamWriter<SessionResponse> stream, int capacity, CancellationToken ended)
{
    private readonly Channel<SessionResponse> _frames = Channel.CreateBounded<SessionResponse>(
        new BoundedChannelOptions(capacity) { SingleReader = true });

    /// <summary>Writes a frame, and waits while the client does not read.</summary>
    /// <exception cref="OperationCanceledException">The session has ended.</exception>
    public void Write(SessionResponse frame)
    {
        while (!_frames.Writer.TryWrite(frame))
        {
            if (!_frames.Writer.WaitToWriteAsync(ended).AsTask().GetAwaiter().GetResult())
            {
                throw new OperationCanceledException("the session has ended");
            }
        }
    }

    /// <summary>No frame follows.</summary>
    public void Complete() => _frames.Writer.TryComplete();

    /// <summary>Sends frames until <see cref="Complete"/>.</summary>
    public async Task SendAsync()
    {
        await foreach (SessionResponse frame in _frames.Reader.ReadAllAsync(ended))
        {
            await stream.WriteAsync(frame, ended);
        }
    }
}
