using System.Threading.Channels;
using Fvm.Protocol.V1;
using Grpc.Core;

namespace Fvm.Sidecar.Tests;

/// <summary>A client of a session: sends calls, answers callbacks by a function, and hands out the frames that end calls or trace them.</summary>
internal sealed class SessionClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AfterStatus = TimeSpan.FromSeconds(1);

    private readonly AsyncDuplexStreamingCall<SessionRequest, SessionResponse> _stream;
    private readonly Channel<SessionResponse> _frames = Channel.CreateUnbounded<SessionResponse>();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly Task _reading;

    public SessionClient(ChannelBase channel, Func<Callback, CallbackAnswer?> answer)
    {
        _stream = new Protocol.V1.SessionService.SessionServiceClient(channel).Session();
        _reading = Task.Run(() => ReadAsync(answer));
    }

    /// <summary>Callbacks so far.</summary>
    public int Callbacks { get; private set; }

    /// <summary>Sends a frame.</summary>
    /// <exception cref="InvalidOperationException">The session has ended; its status is the next answer.</exception>
    public async Task SendAsync(SessionRequest frame)
    {
        await _sending.WaitAsync();
        try
        {
            // The client library does not always wake a write that waits for room at the server when the status arrives.
            Task writing = _stream.RequestStream.WriteAsync(frame);
            await Task.WhenAny(writing, _reading).WaitAsync(Patience);
            if (await Task.WhenAny(writing, Task.Delay(AfterStatus)) != writing)
            {
                throw new InvalidOperationException("the session has ended");
            }

            await writing;
        }
        finally
        {
            _sending.Release();
        }
    }

    public Task OpenAsync(bool prefetches = true) =>
        SendAsync(new SessionRequest { Open = new OpenSession { Client = "test", NoPrefetch = !prefetches } });

    /// <summary>The next frame that is no callback. Throws the status with which the session ended.</summary>
    public async Task<SessionResponse> NextAsync()
    {
        using CancellationTokenSource patience = new(Patience);
        try
        {
            return await _frames.Reader.ReadAsync(patience.Token);
        }
        catch (ChannelClosedException e) when (e.InnerException is RpcException status)
        {
            throw status;
        }
    }

    /// <summary>Completes the client's side, and waits for the end of the session.</summary>
    public async Task CompleteAsync()
    {
        await _stream.RequestStream.CompleteAsync();
        await _reading.WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        _stream.Dispose();
        await _reading.WaitAsync(Patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _sending.Dispose();
    }

    private async Task ReadAsync(Func<Callback, CallbackAnswer?> answer)
    {
        try
        {
            await foreach (SessionResponse frame in _stream.ResponseStream.ReadAllAsync())
            {
                if (frame.FrameCase != SessionResponse.FrameOneofCase.Callback)
                {
                    await _frames.Writer.WriteAsync(frame);
                    continue;
                }

                Callbacks++;
                if (answer(frame.Callback) is CallbackAnswer given)
                {
                    given.CallbackId = frame.Callback.CallbackId;
                    await SendAsync(new SessionRequest { CallbackAnswer = given });
                }
            }

            _frames.Writer.Complete();
        }
        catch (Exception e)
        {
            _frames.Writer.Complete(e);
        }
    }
}
