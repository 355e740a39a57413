using System.Collections.Concurrent;
using System.Diagnostics;
using Fvm.Protocol.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Fvm.Sidecar;

/// <summary>
/// One client's stream. This class reads frames and hands them on, and never waits for a machine; each machine takes its calls in order, on a task
/// of its own.
/// </summary>
internal sealed class Session : IHoldsBytes
{
    private const int MaxClientLength = 256;

    private readonly SharedParts _shared;
    private readonly FrameWriter _writer;
    private readonly CancellationTokenSource _ended;
    private readonly ConcurrentDictionary<ulong, SessionCall> _calls = new();
    private readonly Dictionary<ulong, SessionMachine> _machines = [];
    private readonly SemaphoreSlim _lanes;
    private readonly SessionBytes _bytes;
    private readonly CancellationTokenSource _drained = new();
    private readonly TaskCompletionSource _allTold = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _peer;
    private readonly ActivityContext _trace;
    private readonly ConnectionHints _hints;
    private readonly long _begun = Stopwatch.GetTimestamp();
    private long _callCount;
    private SessionParts? _parts;
    private RpcException? _refusal;

    // Calls whose end the client was not told yet, and one for the reader of frames.
    private int _open = 1;

    public Session(SharedParts shared, FrameWriter writer, CancellationTokenSource ended, ServerCallContext context)
    {
        _shared = shared;
        _writer = writer;
        _ended = ended;
        _lanes = new SemaphoreSlim(shared.Options.LanesPerSession);
        _bytes = new SessionBytes(shared.Options.MaxSessionBytes);
        _peer = context.Peer;
        _hints = ConnectionHints.Of(context);
        _trace = shared.Telemetry.Tracing.ParentOf(context.RequestHeaders);
    }

    /// <summary>The server's name of the session.</summary>
    public string Name { get; } = Guid.NewGuid().ToString("N");

    /// <inheritdoc/>
    public long HeldBytes => _bytes.Held;

    /// <inheritdoc/>
    public long UnreadBytes => _writer.UnreadBytes;

    private SidecarOptions Options => _shared.Options;

    /// <summary>Serves the stream until its end.</summary>
    /// <exception cref="CallFault">The client violated the protocol, or the server stops.</exception>
    public async Task RunAsync(IAsyncStreamReader<SessionRequest> frames)
    {
        Task sending = WatchSendingAsync();
        using CancellationTokenRegistration stopping = _shared.Stopping.Register(EndIfDrained);
        using IdleWatch idle = new(Options.IdleTimeout, _ended.Token, _drained.Token);
        try
        {
            while (await NextAsync(frames, idle))
            {
                await TakeAsync(frames.Current);
            }
        }
        catch (Exception e)
        {
            // When the server stops, results are on their way to the client.
            if (e is not CallFault { Reason: ErrorReason.Stopping })
            {
                await _ended.CancelAsync();
            }

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

            // The client has no more calls; those that it sent may still end.
            Leave();
            await _allTold.Task;
            _writer.Complete();
            _ended.CancelAfter(Options.CallbackTimeout);
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // A frame that cannot be sent, such as one larger than the limit, ends the session: the client would wait for it in vain.
    private async Task WatchSendingAsync()
    {
        try
        {
            await _writer.Sent;
        }
        catch (RpcException e)
        {
            _refusal = e;
            await _ended.CancelAsync();
            throw;
        }
    }

    private async ValueTask<bool> NextAsync(IAsyncStreamReader<SessionRequest> frames, IdleWatch idle)
    {
        idle.Begin();
        try
        {
            return await frames.MoveNext(idle.Cancelled);
        }
        catch (OperationCanceledException) when (!_ended.IsCancellationRequested)
        {
            throw _drained.IsCancellationRequested
                ? CallFault.Stopping()
                : new CallFault(StatusCode.DeadlineExceeded, ErrorReason.LimitReached, "no frame came in time", "idle_timeout");
        }
        finally
        {
            idle.End();
        }
    }

    private async ValueTask TakeAsync(SessionRequest frame)
    {
        if (_parts is null)
        {
            if (frame.FrameCase != SessionRequest.FrameOneofCase.Open)
            {
                throw CallFault.Protocol("the first frame must open the session");
            }

            await OpenAsync(frame.Open);
            return;
        }

        switch (frame.FrameCase)
        {
            case SessionRequest.FrameOneofCase.CallbackAnswer:
                _parts.Callbacks.Answer(frame.CallbackAnswer);
                break;
            case SessionRequest.FrameOneofCase.CancelCall:
                if (_calls.TryGetValue(frame.CallId, out SessionCall? call))
                {
                    call.Cancel();
                }

                break;
            case SessionRequest.FrameOneofCase.CreateMachine or SessionRequest.FrameOneofCase.ExecuteMessage
                or SessionRequest.FrameOneofCase.FlushMachine or SessionRequest.FrameOneofCase.DropMachine
                or SessionRequest.FrameOneofCase.RunMachine:
                await BeginAsync(frame, _parts);
                break;
            case SessionRequest.FrameOneofCase.Open:
                throw CallFault.Protocol("the session is open already");
            default:
                throw CallFault.Protocol("a frame is of no kind that this server knows");
        }
    }

    /// <summary>Logs the end.</summary>
    /// <param name="fault">Why the session failed; null if it did not.</param>
    public void LogEnd(CallFault? fault) => _shared.Telemetry.Log.SessionEnded(
        Name, Stopwatch.GetElapsedTime(_begun).TotalSeconds, _callCount, fault?.Code ?? StatusCode.OK, fault?.Message ?? string.Empty);

    private async ValueTask OpenAsync(OpenSession open)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(open.Client) > MaxClientLength)
        {
            throw CallFault.Field("open.client", $"has more than {MaxClientLength} bytes");
        }

        TimeSpan timeout = open.CallbackTimeout is Duration asked ? asked.ToTimeSpan() : Options.CallbackTimeout;
        if (timeout <= TimeSpan.Zero)
        {
            throw CallFault.Field("open.callback_timeout", "must be positive");
        }

        timeout = timeout < Options.CallbackTimeout ? timeout : Options.CallbackTimeout;
        Callbacks callbacks = new(_writer, _bytes, timeout, _ended.Token);
        bool prefetches = Options.Prefetches && !open.NoPrefetch;
        _parts = new SessionParts(callbacks, _lanes, _bytes, open.Priority, Name, _trace, prefetches, open.CompleteStore, _hints);
        _shared.Telemetry.Log.SessionOpened(Name, open.Client, _peer);
        await _writer.WriteAsync(new SessionResponse
        {
            Opened = new SessionOpened
            {
                Session = Name,
                Version = BuildVersion.Version,
                Limits = new SessionLimits
                {
                    FrameBytes = (ulong)Options.MaxFrameBytes,
                    Machines = (uint)Options.MaxMachines,
                    Calls = (uint)Options.MaxCalls,
                    Bytes = (ulong)Options.MaxSessionBytes,
                    CallbackTimeout = timeout.ToDuration(),
                    IdleTimeout = Options.IdleTimeout.ToDuration(),
                    RunMessages = MachineRun.MaxMessages,
                },
            },
        });
    }

    private async ValueTask BeginAsync(SessionRequest frame, SessionParts parts)
    {
        if (frame.CallId == 0)
        {
            throw CallFault.Protocol("a call has the identifier 0");
        }

        SessionCall call = new(frame, _writer, _ended.Token, _shared, Name);
        _callCount++;
        if (!_calls.TryAdd(frame.CallId, call))
        {
            throw CallFault.Protocol($"call {frame.CallId} has not ended, and its identifier is used again");
        }

        Interlocked.Increment(ref _open);
        call.Ended = Forget;
        call.Told = Leave;
        try
        {
            _shared.RefuseIfStopping();
            if (_calls.Count > Options.MaxCalls)
            {
                throw CallFault.Limit("calls", $"the session has {Options.MaxCalls} unfinished calls, its limit");
            }

            _bytes.Add(call.Bytes);
            call.Ended = End;
            MachineOf(call, parts).Enqueue(call);
        }
        catch (CallFault fault)
        {
            await call.FailAsync(fault);
        }
    }

    private SessionMachine MachineOf(SessionCall call, SessionParts parts)
    {
        ulong id = call.MachineId;
        if (call.Frame.RunMachine?.Messages.Count > MachineRun.MaxMessages)
        {
            throw CallFault.Limit("run_messages", $"a run has more than {MachineRun.MaxMessages} messages, the limit");
        }

        if (!call.Creates)
        {
            SessionMachine machine = _machines.GetValueOrDefault(id) ?? throw CallFault.Id($"there is no machine {id}");
            if (call.Drops)
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

        SessionMachine created = new(id, _shared, parts);
        if (!call.Drops)
        {
            _machines.Add(id, created);
        }

        return created;
    }

    private void End(SessionCall call)
    {
        _bytes.Remove(call.Bytes);
        Forget(call);
    }

    private void Forget(SessionCall call) => _calls.TryRemove(call.Frame.CallId, out _);

    private void Leave()
    {
        if (Interlocked.Decrement(ref _open) == 0)
        {
            _allTold.TrySetResult();
        }

        EndIfDrained();
    }

    // When the server stops, the session ends with its last call.
    private void EndIfDrained()
    {
        if (_shared.Stopping.IsCancellationRequested && Volatile.Read(ref _open) <= 1)
        {
            _drained.Cancel();
        }
    }
}
