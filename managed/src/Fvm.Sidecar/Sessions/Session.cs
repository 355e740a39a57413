using System.Collections.Concurrent;
using Fvm.Protocol.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Fvm.Sidecar;

/// <summary>
/// One client's stream. This class reads frames and hands them on, and never waits for a machine; each machine takes its calls in order, on a task
/// of its own.
/// </summary>
internal sealed class Session
{
    private readonly SharedParts _shared;
    private readonly FrameWriter _writer;
    private readonly CancellationTokenSource _ended;
    private readonly ConcurrentDictionary<ulong, SessionCall> _calls = new();
    private readonly Dictionary<ulong, SessionMachine> _machines = [];
    private Callbacks? _callbacks;
    private long _bytes;
    private RpcException? _refusal;

    public Session(SharedParts shared, FrameWriter writer, CancellationTokenSource ended)
    {
        _shared = shared;
        _writer = writer;
        _ended = ended;
    }

    private SidecarOptions Options => _shared.Options;

    /// <summary>Serves the stream until its end.</summary>
    /// <exception cref="CallFault">The client violated the protocol.</exception>
    public async Task RunAsync(IAsyncStreamReader<SessionRequest> frames)
    {
        Task sending = SendAsync();
        try
        {
            while (await NextAsync(frames))
            {
                Take(frames.Current);
            }

            // The client has no more calls; those that it sent may still end.
            await Task.WhenAll(_machines.Values.Select(static machine => machine.CompleteAsync()));
        }
        catch
        {
            await _ended.CancelAsync();
            if (_refusal is RpcException refused)
            {
                throw new CallFault(refused.StatusCode, ErrorReason.LimitReached, refused.Status.Detail, "frame_bytes");
            }

            throw;
        }
        finally
        {
            foreach (SessionMachine machine in _machines.Values)
            {
                machine.Stop();
            }

            _writer.Complete();
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.WhenAll(_machines.Values.Select(static machine => machine.CompleteAsync()))
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // A frame that cannot be sent, such as one larger than the limit, ends the session: the client would wait for it in vain.
    private async Task SendAsync()
    {
        try
        {
            await _writer.SendAsync();
        }
        catch (RpcException e)
        {
            _refusal = e;
            await _ended.CancelAsync();
            throw;
        }
    }

    private async Task<bool> NextAsync(IAsyncStreamReader<SessionRequest> frames)
    {
        using CancellationTokenSource idle = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token);
        idle.CancelAfter(Options.IdleTimeout);
        try
        {
            return await frames.MoveNext(idle.Token);
        }
        catch (OperationCanceledException) when (!_ended.IsCancellationRequested)
        {
            throw new CallFault(StatusCode.DeadlineExceeded, ErrorReason.LimitReached, "no frame came in time", "idle_timeout");
        }
    }

    private void Take(SessionRequest frame)
    {
        if (_callbacks is null)
        {
            if (frame.FrameCase != SessionRequest.FrameOneofCase.Open)
            {
                throw CallFault.Protocol("the first frame must open the session");
            }

            Open(frame.Open);
            return;
        }

        switch (frame.FrameCase)
        {
            case SessionRequest.FrameOneofCase.CallbackAnswer:
                _callbacks.Answer(frame.CallbackAnswer);
                break;
            case SessionRequest.FrameOneofCase.CancelCall:
                if (_calls.TryGetValue(frame.CallId, out SessionCall? call))
                {
                    call.Cancel();
                }

                break;
            case SessionRequest.FrameOneofCase.CreateMachine or SessionRequest.FrameOneofCase.ExecuteMessage
                or SessionRequest.FrameOneofCase.FlushMachine or SessionRequest.FrameOneofCase.DropMachine:
                Begin(frame, _callbacks);
                break;
            case SessionRequest.FrameOneofCase.Open:
                throw CallFault.Protocol("the session is open already");
            default:
                throw CallFault.Protocol("a frame is of no kind that this server knows");
        }
    }

    private void Open(OpenSession open)
    {
        TimeSpan timeout = open.CallbackTimeout is Duration asked ? asked.ToTimeSpan() : Options.CallbackTimeout;
        if (timeout <= TimeSpan.Zero)
        {
            throw CallFault.Field("open.callback_timeout", "must be positive");
        }

        timeout = timeout < Options.CallbackTimeout ? timeout : Options.CallbackTimeout;
        _callbacks = new Callbacks(_writer, timeout, _ended.Token);
        _writer.Write(new SessionResponse
        {
            Opened = new SessionOpened
            {
                Session = Guid.NewGuid().ToString("N"),
                Version = SessionService.Version,
                Limits = new SessionLimits
                {
                    FrameBytes = (ulong)Options.MaxFrameBytes,
                    Machines = (uint)Options.MaxMachines,
                    Calls = (uint)Options.MaxCalls,
                    Bytes = (ulong)Options.MaxSessionBytes,
                    CallbackTimeout = timeout.ToDuration(),
                    IdleTimeout = Options.IdleTimeout.ToDuration(),
                },
            },
        });
    }

    private void Begin(SessionRequest frame, Callbacks callbacks)
    {
        if (frame.CallId == 0)
        {
            throw CallFault.Protocol("a call has the identifier 0");
        }

        SessionCall call = new(frame, _writer, _ended.Token);
        if (!_calls.TryAdd(frame.CallId, call))
        {
            throw CallFault.Protocol($"call {frame.CallId} has not ended, and its identifier is used again");
        }

        Interlocked.Add(ref _bytes, call.Bytes);
        call.Ended = End;
        try
        {
            if (_calls.Count > Options.MaxCalls)
            {
                throw CallFault.Limit("calls", $"the session has {Options.MaxCalls} unfinished calls, its limit");
            }

            if (Interlocked.Read(ref _bytes) > Options.MaxSessionBytes)
            {
                throw CallFault.Limit("bytes", $"the session's unfinished calls exceed {Options.MaxSessionBytes} bytes, their limit");
            }

            MachineOf(call, callbacks).Enqueue(call);
        }
        catch (CallFault fault)
        {
            call.Fail(fault);
        }
    }

    private SessionMachine MachineOf(SessionCall call, Callbacks callbacks)
    {
        SessionRequest frame = call.Frame;
        ulong id = call.MachineId;
        if (frame.FrameCase != SessionRequest.FrameOneofCase.CreateMachine)
        {
            SessionMachine machine = _machines.GetValueOrDefault(id) ?? throw CallFault.Id($"there is no machine {id}");
            if (frame.FrameCase == SessionRequest.FrameOneofCase.DropMachine)
            {
                _machines.Remove(id);
            }

            return machine;
        }

        if (id == 0 || _machines.ContainsKey(id))
        {
            throw CallFault.Id(id == 0 ? "a machine cannot have the identifier 0" : $"machine {id} exists already");
        }

        if (_machines.Count >= Options.MaxMachines)
        {
            throw CallFault.Limit("machines", $"the session has {Options.MaxMachines} machines, its limit");
        }

        SessionMachine created = new(id, _shared, callbacks);
        _machines.Add(id, created);
        return created;
    }

    private void End(SessionCall call)
    {
        _calls.TryRemove(call.Frame.CallId, out _);
        Interlocked.Add(ref _bytes, -call.Bytes);
    }
}
