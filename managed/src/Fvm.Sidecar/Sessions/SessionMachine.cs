using System.Diagnostics;
using System.Threading.Channels;
using Fvm.Hosting;
using Fvm.Ipld;
using Fvm.Protocol.V1;
using Grpc.Core;

namespace Fvm.Sidecar;

/// <summary>A machine of a session: takes its calls in order, on a task of its own, and runs them on a lane.</summary>
internal sealed class SessionMachine
{
    // A part of a tree that is larger takes this share of the limit of frames.
    private const int TreePartsPerFrame = 4;

    private readonly SharedParts _shared;
    private readonly SessionParts _session;
    private readonly HostCalls _calls;
    private readonly CallbackWaits _waits;
    private readonly ClientHost _host;
    private readonly ClientBlockstore _client;
    private readonly Channel<SessionCall> _queue = Channel.CreateUnbounded<SessionCall>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _serving;
    private Executor? _executor;

    public SessionMachine(ulong id, SharedParts shared, SessionParts session)
    {
        _shared = shared;
        _session = session;
        _calls = new HostCalls(shared.Share);
        _waits = new CallbackWaits(shared.Telemetry.Metrics);
        _host = new ClientHost(id, session.Callbacks, _calls, _waits);
        _client = new ClientBlockstore(_host, session.Bytes);
        shared.EnterMachine();
        _serving = Task.Run(ServeAsync);
    }

    /// <summary>Queues a call; the session bounds their number.</summary>
    public void Enqueue(SessionCall call)
    {
        _queue.Writer.TryWrite(call);
        if (call.Frame.FrameCase == SessionRequest.FrameOneofCase.DropMachine)
        {
            Stop();
        }
    }

    /// <summary>Takes no more calls.</summary>
    public void Stop() => _queue.Writer.TryComplete();

    /// <summary>Takes no more calls, and ends when those queued have ended.</summary>
    public Task CompleteAsync()
    {
        Stop();
        return _serving;
    }

    private async Task ServeAsync()
    {
        await foreach (SessionCall call in _queue.Reader.ReadAllAsync())
        {
            _host.Call = call;
            SessionResponse result = await ServeAndTraceAsync(call);
            _host.Call = null;
            try
            {
                await call.EndAsync(result);
            }
            catch (Exception e) when (e is OperationCanceledException or CallFault)
            {
                // Nobody is there to be told.
            }
        }

        Drop();
        _shared.LeaveMachine();
    }

    private async Task<SessionResponse> ServeAndTraceAsync(SessionCall call)
    {
        _waits.Begin();
        Activity? span = _shared.Telemetry.Tracing.Begin(call.Name, _session.Trace);
        SessionResponse result;
        try
        {
            call.Cancelled.ThrowIfCancellationRequested();
            result = await ServeAsync(call, span);
        }
        catch (Exception e)
        {
            CallFault fault = CallFault.Of(e);
            if (fault.Code == StatusCode.Internal)
            {
                _shared.Telemetry.Log.Defect(e, call.Name);
            }

            result = new SessionResponse { Error = fault.ToError() };
        }

        if (span is not null)
        {
            Describe(span, call, result);
            SidecarTracing.End(span, (StatusCode)(result.Error?.Code ?? 0), result.Error?.Message ?? string.Empty);
        }

        return result;
    }

    private void Describe(Activity span, SessionCall call, SessionResponse result)
    {
        span.SetTag("fvm.session", _session.Name);
        span.SetTag("fvm.machine", call.MachineId);
        span.SetTag("fvm.callbacks", _waits.Count);
        if (_executor?.Machine.Context is MachineContext context)
        {
            SidecarTracing.Describe(span, (uint)context.Network.NetworkVersion, context.Epoch.Value);
        }

        if (result.MessageExecuted?.Result.Receipt is Protocol.V1.Receipt receipt)
        {
            span.SetTag("fvm.exit_code", receipt.ExitCode);
            span.SetTag("fvm.gas_used", receipt.GasUsed);
        }
    }

    private async Task<SessionResponse> ServeAsync(SessionCall call, Activity? span)
    {
        SessionRequest frame = call.Frame;
        if (frame.FrameCase != SessionRequest.FrameOneofCase.DropMachine)
        {
            _shared.RefuseIfStopping();
        }

        switch (frame.FrameCase)
        {
            case SessionRequest.FrameOneofCase.CreateMachine:
                ExecutionCost created = await RunAsync(call, span, Priority.Unspecified, () => Create(frame.CreateMachine));
                return new SessionResponse { MachineCreated = new MachineCreated { Cost = created } };
            case SessionRequest.FrameOneofCase.ExecuteMessage:
                return new SessionResponse { MessageExecuted = await ExecuteAsync(call, span, frame.ExecuteMessage) };
            case SessionRequest.FrameOneofCase.FlushMachine:
                Cid root = default;
                ExecutionCost cost = await RunAsync(call, span, Priority.Unspecified, () => root = Intact().Flush());
                return new SessionResponse { MachineFlushed = new MachineFlushed { StateRoot = ToClient.Bytes(in root), Cost = cost } };
            default:
                Drop();
                return new SessionResponse { MachineDropped = new MachineDropped() };
        }
    }

    private void Drop()
    {
        _executor = null;
        _client.DropShipped();
    }

    private void Create(CreateMachine request)
    {
        _client.Ship(request.Blocks, "create_machine.blocks");
        MachineContext context = FromClient.ToContext(request.Settings, "create_machine.settings");
        SharedBlockCache? cache = _shared.Blocks.For(context.Network.NetworkVersion);
        CachedBlockstore store = new(_client, cache, _calls);
        _executor = new Executor(new Machine(_shared.Engines, context, store, new ClientExterns(_host), new ClientProofs(_host)));
    }

    private async Task<MessageExecuted> ExecuteAsync(SessionCall call, Activity? span, ExecuteMessage request)
    {
        Executor executor = Intact();
        MessageInput input = request.Input ?? throw CallFault.Field("execute_message.input", "is missing");
        ApplyKind kind = FromClient.ToKind(input.Kind, "execute_message.input.kind");
        if (request.Trace != TraceForm.Unspecified && !executor.Machine.Context.Tracing)
        {
            throw new CallFault(StatusCode.FailedPrecondition, ErrorReason.TracingOff, "the machine was created without tracing");
        }

        _client.Ship(request.Blocks, "execute_message.blocks");
        MessageExecuted executed = new();
        ExecutionCost cost = await RunAsync(call, span, request.Priority, () =>
        {
            Message message = Message.Decode(input.Message.Span);
            span?.SetTag("fvm.method", message.Method.Value);
            int length = (int)Math.Min(input.ChainLength, int.MaxValue);
            ApplyRet ret = _shared.Telemetry.Execute(() => executor.Execute(message, kind, length, call.Cancelled), _waits);
            executed.Result = ToClient.Result(ret);
            if (request.Trace != TraceForm.Unspecified)
            {
                AddTrace(executed, ret, call, request.Trace);
            }
        });
        executed.Result.Cost = cost;
        return executed;
    }

    private void AddTrace(MessageExecuted executed, ApplyRet ret, SessionCall call, TraceForm form)
    {
        ExecutionTrace trace = TraceMessages.Of(ret);
        executed.Trace = TraceMessages.Summary(trace, form);
        if (form == TraceForm.Events)
        {
            foreach (TraceEvents events in TraceMessages.Frames(trace))
            {
                call.Send(new SessionResponse { TraceEvents = events });
            }
        }

        foreach (TraceTreePart part in TraceMessages.TakeLargeTree(executed.Trace, _shared.Options.MaxFrameBytes / TreePartsPerFrame))
        {
            call.Send(new SessionResponse { TraceTreePart = part });
        }
    }

    private Executor Intact()
    {
        Executor executor = _executor
            ?? throw new CallFault(StatusCode.FailedPrecondition, ErrorReason.UnknownOrUsedId, "the machine's creation failed");
        return executor.Machine.Broken is string reason
            ? throw new CallFault(StatusCode.FailedPrecondition, ErrorReason.MachineBroken, $"the machine refuses all calls but its end: {reason}")
            : executor;
    }

    // On a lane: messages need its stack, and machines code that is prepared once.
    private async Task<ExecutionCost> RunAsync(SessionCall call, Activity? span, Priority priority, Action work)
    {
        (long trips, long blocks, long hits) = (_host.RoundTrips, _calls.Blocks, _calls.CacheHits);
        CallTimes times = new();
        _calls.Priority = _session.PriorityOf(priority);
        await _session.Lanes.WaitAsync(call.Cancelled);
        try
        {
            await _shared.RunAsync(
                () =>
                {
                    _calls.BeginMessage();
                    times.Begin();
                    try
                    {
                        call.Cancelled.ThrowIfCancellationRequested();
                        work();
                    }
                    finally
                    {
                        times.End();
                        _calls.EndMessage();
                    }
                },
                _calls.Priority);
        }
        finally
        {
            _session.Lanes.Release();
            _shared.Telemetry.Metrics.ReadFromCaches(_calls.CacheHits - hits);
            _shared.Telemetry.Ran(span, call.Name, _calls.Priority, times, _waits);
        }

        return new ExecutionCost
        {
            RoundTrips = (ulong)(_host.RoundTrips - trips),
            BlocksRequested = (ulong)(_calls.Blocks - blocks),
            CacheHits = (ulong)(_calls.CacheHits - hits),
            QueueNanoseconds = (ulong)times.Queue.TotalNanoseconds,
            ExecutionNanoseconds = (ulong)times.Execution.TotalNanoseconds,
        };
    }
}
