using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Fvm.Chain;

/// <summary>One connection to a node, over which calls and answers go in any order. Thread-safe. After a failure it stays closed.</summary>
internal sealed class RpcWebSocket : IDisposable
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(20);

    private readonly ClientWebSocket _socket;
    private readonly HttpMessageInvoker _opener;
    private readonly int _maxAnswerBytes;
    private readonly ConcurrentDictionary<long, TaskCompletionSource<RpcAnswer>> _waiting = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly CancellationTokenSource _stop = new();
    private RpcException? _failure;
    private long _received;

    private RpcWebSocket(ClientWebSocket socket, HttpMessageInvoker opener, int maxAnswerBytes)
    {
        _socket = socket;
        _opener = opener;
        _maxAnswerBytes = maxAnswerBytes;
        _ = Task.Run(ReceiveAllAsync);
    }

    /// <summary>Whether calls can be sent.</summary>
    public bool IsOpen => Volatile.Read(ref _failure) is null;

    /// <summary>Connects.</summary>
    /// <exception cref="RpcException">No connection came about.</exception>
    public static async Task<RpcWebSocket> ConnectAsync(RpcEndpoint endpoint, RpcSettings settings, CancellationToken cancellation)
    {
        HttpMessageInvoker opener = new(RpcConnection.CreateHandler(), disposeHandler: true);
        ClientWebSocket socket = new();
        socket.Options.KeepAliveInterval = KeepAlive;
        socket.Options.KeepAliveTimeout = settings.Deadline;
        socket.Options.CollectHttpResponseDetails = true;
        if (endpoint.Token is string token)
        {
            socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        }

        try
        {
            using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            deadline.CancelAfter(RpcConnection.Timeout);
            await socket.ConnectAsync(endpoint.Address, opener, deadline.Token).ConfigureAwait(false);
            return new RpcWebSocket(socket, opener, settings.MaxAnswerBytes);
        }
        catch (WebSocketException exception)
        {
            RpcException problem = ProblemOf(socket, exception);
            Release(socket, opener);
            throw problem;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            Release(socket, opener);
            throw new RpcException("no connection: no answer: is the node running?", isTransient: true) { IsUnreachable = true };
        }
        catch
        {
            Release(socket, opener);
            throw;
        }
    }

    /// <summary>Sends a call and waits for its answer.</summary>
    /// <exception cref="RpcException">The connection broke, or the answer is malformed.</exception>
    public async Task<RpcAnswer> CallAsync(RpcCall call, CancellationToken cancellation)
    {
        TaskCompletionSource<RpcAnswer> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        long before = Interlocked.Read(ref _received);
        _waiting[call.Id] = answer;
        try
        {
            ThrowIfFailed();
            await SendAsync(Encoding.UTF8.GetBytes(call.ToString()), cancellation).ConfigureAwait(false);
            return await answer.Task.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // A connection over which nothing came will hardly bring the next answer.
            if (Interlocked.Read(ref _received) == before)
            {
                Fail(new RpcException("the connection was silent", isTransient: true));
            }

            throw;
        }
        finally
        {
            _waiting.TryRemove(call.Id, out _);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Fail(new RpcException("the connection is closed", isTransient: true));

    private static void Release(ClientWebSocket socket, HttpMessageInvoker opener)
    {
        socket.Dispose();
        opener.Dispose();
    }

    private static RpcException ProblemOf(ClientWebSocket socket, WebSocketException exception)
    {
        if (socket.HttpStatusCode is not 0 and not HttpStatusCode.SwitchingProtocols)
        {
            _ = RetryConditionHeaderValue.TryParse(HeaderOf(socket, "Retry-After"), out RetryConditionHeaderValue? pause);
            return socket.HttpStatusCode == HttpStatusCode.OK
                ? new RpcException("there is no WebSocket: give the URL with http:// or https://", isTransient: false)
                : HttpProblem.Of(socket.HttpStatusCode, pause, HeaderOf(socket, "Location"), isBatch: false);
        }

        return exception.InnerException is HttpRequestException inner
            ? HttpProblem.Of(inner)
            : new RpcException($"no WebSocket: {exception.GetBaseException().Message}", isTransient: true);
    }

    private static string? HeaderOf(ClientWebSocket socket, string name) =>
        socket.HttpResponseHeaders?.FirstOrDefault(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value?.FirstOrDefault();

    private async Task SendAsync(byte[] message, CancellationToken cancellation)
    {
        await _sending.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            // A message that is sent in part would break those after it: it ends with the connection only.
            await _socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, _stop.Token).WaitAsync(cancellation)
                .ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or InvalidOperationException
            || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            Fail(Broken(exception));
            ThrowIfFailed();
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task ReceiveAllAsync()
    {
        try
        {
            while (true)
            {
                ReadOnlyMemory<byte> message = await ReceiveAsync().ConfigureAwait(false);
                Interlocked.Increment(ref _received);
                Take(RpcAnswer.Parse(message));
            }
        }
        catch (RpcException exception)
        {
            Fail(exception);
        }
        catch (Exception exception)
        {
            Fail(Broken(exception));
        }
    }

    private async Task<ReadOnlyMemory<byte>> ReceiveAsync()
    {
        AnswerBuffer answer = new(_maxAnswerBytes);
        while (true)
        {
            ValueWebSocketReceiveResult part = await _socket.ReceiveAsync(answer.Free, _stop.Token).ConfigureAwait(false);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                throw new RpcException("the node closed the connection", isTransient: true);
            }

            answer.Advance(part.Count);
            if (part.EndOfMessage)
            {
                return answer.Written;
            }
        }
    }

    private void Take(JsonElement message)
    {
        if (RpcAnswer.TryGetId(message, out long number))
        {
            // The answer to a call that was given up has nobody who waits.
            if (_waiting.TryGetValue(number, out TaskCompletionSource<RpcAnswer>? waiting))
            {
                try
                {
                    waiting.TrySetResult(RpcAnswer.Of(message));
                }
                catch (RpcException exception)
                {
                    waiting.TrySetException(exception);
                }
            }

            return;
        }

        // A notification is nobody's answer; an error without a number may be anybody's.
        if (message.ValueKind != JsonValueKind.Object || !message.TryGetProperty("method", out _))
        {
            RpcAnswer answer = RpcAnswer.Of(message);
            if (answer.Error is null)
            {
                throw new RpcException("a result has no number of a call", isTransient: true);
            }

            foreach (TaskCompletionSource<RpcAnswer> waiting in _waiting.Values)
            {
                waiting.TrySetResult(answer);
            }
        }
    }

    private static RpcException Broken(Exception exception) =>
        new($"the connection broke: {exception.GetBaseException().Message}", isTransient: true);

    private void ThrowIfFailed()
    {
        if (Volatile.Read(ref _failure) is RpcException failure)
        {
            throw Again(failure);
        }
    }

    // Each caller gets an exception of its own.
    private static RpcException Again(RpcException failure) => new(failure.Message, failure.IsTransient);

    private void Fail(RpcException problem)
    {
        if (Interlocked.CompareExchange(ref _failure, problem, null) is not null)
        {
            return;
        }

        // The source of the token stays undisposed: sends and receives that end now still look at it.
        _stop.Cancel();
        _socket.Abort();
        Release(_socket, _opener);
        foreach (TaskCompletionSource<RpcAnswer> waiting in _waiting.Values)
        {
            waiting.TrySetException(Again(problem));
        }
    }
}
