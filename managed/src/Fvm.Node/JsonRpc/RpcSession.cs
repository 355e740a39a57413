using System.Threading.Channels;

namespace Fvm.Node;

/// <summary>
/// A connection on which requests, responses and notifications mix: WebSocket or IPC. Requests begin in their order; those that wait for
/// something let the next ones pass. A client that does not read is disconnected.
/// </summary>
/// <param name="dispatcher">Answers the requests.</param>
/// <param name="send">Sends one message.</param>
internal sealed class RpcSession(RpcDispatcher dispatcher, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> send) : IDisposable
{
    private readonly Channel<ReadOnlyMemory<byte>> _unsent =
        Channel.CreateUnbounded<ReadOnlyMemory<byte>>(new UnboundedChannelOptions { SingleReader = true });

    private readonly SemaphoreSlim _pending = new(dispatcher.Limits.MaxPending);
    private readonly CancellationTokenSource _closed = new();
    private readonly Lock _heldGate = new();
    private List<ReadOnlyMemory<byte>>? _held;
    private long _unsentBytes;

    /// <summary>Cancelled when the connection ends.</summary>
    public CancellationToken Closed => _closed.Token;

    /// <summary>Sends a message later; never waits.</summary>
    /// <returns>False if the connection is closed, or closes because the client does not read.</returns>
    public bool Push(ReadOnlyMemory<byte> message)
    {
        if (Interlocked.Add(ref _unsentBytes, message.Length) > dispatcher.Limits.MaxUnreadBytes)
        {
            Close();
            return false;
        }

        return !_closed.IsCancellationRequested && _unsent.Writer.TryWrite(message);
    }

    /// <summary>Keeps events back until the response of a running request is sent: clients learn a subscription's name by it.</summary>
    public void HoldEvents()
    {
        lock (_heldGate)
        {
            _held ??= [];
        }
    }

    /// <summary>Sends a notification of a subscription later; never waits.</summary>
    public void PushEvent(ReadOnlyMemory<byte> message)
    {
        lock (_heldGate)
        {
            if (_held is null)
            {
                _ = Push(message);
                return;
            }

            // Counted as unread, so that it is bounded.
            if (Interlocked.Add(ref _unsentBytes, message.Length) > dispatcher.Limits.MaxUnreadBytes)
            {
                Close();
                return;
            }

            _held.Add(message);
        }
    }

    /// <summary>Starts to answer a request; waits only while too many others wait.</summary>
    public async ValueTask ReceiveAsync(ReadOnlyMemory<byte> request)
    {
        await _pending.WaitAsync(Closed);
        ValueTask<ReadOnlyMemory<byte>> answer = dispatcher.AnswerAsync(request, this, Closed);
        if (answer.IsCompletedSuccessfully)
        {
            Respond(answer.Result);
            return;
        }

        _ = RespondLaterAsync(answer);
    }

    /// <summary>Sends what is pushed, until the connection closes.</summary>
    public async Task SendAllAsync()
    {
        try
        {
            await foreach (ReadOnlyMemory<byte> message in _unsent.Reader.ReadAllAsync(Closed))
            {
                await send(message, Closed);
                Interlocked.Add(ref _unsentBytes, -message.Length);
            }
        }
        finally
        {
            Close();
        }
    }

    public void Close()
    {
        _unsent.Writer.TryComplete();
        try
        {
            _closed.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Closed and disposed of meanwhile.
        }
    }

    public void Dispose() => Close();

    private void Respond(ReadOnlyMemory<byte> response)
    {
        _pending.Release();
        lock (_heldGate)
        {
            if (!response.IsEmpty)
            {
                _ = Push(response);
            }

            foreach (ReadOnlyMemory<byte> held in _held ?? [])
            {
                _ = Interlocked.Add(ref _unsentBytes, -held.Length);
                _ = Push(held);
            }

            _held = null;
        }
    }

    private async Task RespondLaterAsync(ValueTask<ReadOnlyMemory<byte>> answer)
    {
        try
        {
            Respond(await answer);
        }
        catch (OperationCanceledException)
        {
            // The client is gone.
        }
    }
}
