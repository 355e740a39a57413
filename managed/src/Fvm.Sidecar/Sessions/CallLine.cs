using System.Threading.Channels;
using Fvm.Hosting;
using Fvm.Protocol.V1;

namespace Fvm.Sidecar;

/// <summary>
/// The calls of a machine, in order. They run on a lane, which the machine keeps while calls follow and nobody waits for lanes: a change of threads
/// takes as long as a short message.
/// </summary>
/// <param name="shared">The lanes.</param>
/// <param name="session">The session's share of them.</param>
/// <param name="machine">Executes the calls.</param>
internal sealed class CallLine(SharedParts shared, SessionParts session, ICallee machine)
{
    // Who adds a call goes on until the call is with a lane.
    private readonly Channel<SessionCall> _queue = Channel.CreateUnbounded<SessionCall>(
        new UnboundedChannelOptions { SingleReader = true, AllowSynchronousContinuations = true });

    /// <summary>Adds a call; the session bounds their number.</summary>
    public void Add(SessionCall call) => _queue.Writer.TryWrite(call);

    /// <summary>Takes no more calls.</summary>
    public void Complete() => _queue.Writer.TryComplete();

    /// <summary>Serves calls until <see cref="Complete"/>.</summary>
    public async Task ServeAsync()
    {
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (_queue.Reader.TryPeek(out SessionCall? first))
            {
                await ServeAsync(first);
            }
        }
    }

    private async ValueTask ServeAsync(SessionCall first)
    {
        machine.Begin(first);
        ValueTask told = default;
        try
        {
            first.Cancelled.ThrowIfCancellationRequested();
            if (NeedsLane(first))
            {
                RefuseIfStopping(first);
                await session.Lanes.WaitAsync(first.Cancelled);
                try
                {
                    LanePriority priority = session.PriorityOf(first.Priority);
                    await shared.RunAsync(() => told = ServeOnLane(priority), priority, inline: true, hasBegun: first.HasBegun);
                }
                finally
                {
                    session.Lanes.Release();
                }
            }
            else
            {
                told = ServeNext();
            }
        }
        catch (Exception e)
        {
            // It got no lane.
            _queue.Reader.TryRead(out _);
            told = EndAsync(first, machine.Fail(first, e));
        }

        await told;
    }

    // Until there is no other call, somebody waits for lanes, or the client does not read: then the result is on its way.
    private ValueTask ServeOnLane(LanePriority priority)
    {
        ValueTask told = ServeNext();
        while (told.IsCompletedSuccessfully && shared.Queued == 0 && _queue.Reader.TryPeek(out SessionCall? next)
            && !next.HasBegun && NeedsLane(next) && session.PriorityOf(next.Priority) == priority)
        {
            machine.Begin(next);
            told = ServeNext();
        }

        return told;
    }

    private ValueTask ServeNext()
    {
        if (!_queue.Reader.TryPeek(out SessionCall? call))
        {
            return default;
        }

        SessionResponse? result;
        try
        {
            call.Cancelled.ThrowIfCancellationRequested();
            if (NeedsLane(call))
            {
                RefuseIfStopping(call);
            }

            call.HasBegun = true;
            result = machine.Execute(call);
        }
        catch (Exception e)
        {
            result = machine.Fail(call, e);
        }

        if (result is null)
        {
            return default;
        }

        _queue.Reader.TryRead(out _);
        return EndAsync(call, result);
    }

    // What has begun may end.
    private void RefuseIfStopping(SessionCall call)
    {
        if (!call.HasBegun)
        {
            shared.RefuseIfStopping();
        }
    }

    private static bool NeedsLane(SessionCall call) => call.Frame.FrameCase != SessionRequest.FrameOneofCase.DropMachine;

    private async ValueTask EndAsync(SessionCall call, SessionResponse result)
    {
        machine.End(call, result);
        try
        {
            // A client that has sent the next call does not wait for this one.
            await call.EndAsync(result, mayHold: _queue.Reader.TryPeek(out _));
        }
        catch (Exception e) when (e is OperationCanceledException or CallFault)
        {
            // Nobody is there to be told.
        }
    }
}
