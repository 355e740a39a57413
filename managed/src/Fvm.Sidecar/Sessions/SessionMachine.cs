using System.Diagnostics;
using Fvm.Hosting;
using Fvm.Ipld;
using Fvm.Protocol.V1;
using Grpc.Core;

namespace Fvm.Sidecar;

/// <summary>A machine of a session: executes its calls, one after another, on a lane.</summary>
internal sealed class SessionMachine : ICallee
{
    // A part of a tree that is larger takes this share of the limit of frames.
    private const int TreePartsPerFrame = 4;

    private readonly SharedParts _shared;
    private readonly SessionParts _session;
    private readonly HostCalls _calls;
    private readonly CallbackWaits _waits;
    private readonly ClientHost _host;
    private readonly ClientBlockstore _client;
    private readonly Prefetcher? _prefetcher;
    private readonly CallLine _line;
    private Executor? _executor;

    public SessionMachine(ulong id, SharedParts shared, SessionParts session)
    {
        _shared = shared;
        _session = session;
        _calls = new HostCalls(shared.Share);
        _waits = new CallbackWaits(shared.Telemetry.Metrics);
        _host = new ClientHost(id, session.Callbacks, _calls, _waits);
        ClientBlocks blocks = new(_host, session.Bytes);
        _client = new ClientBlockstore(blocks, session, session.Prefetches);
        _prefetcher = session.Prefetches ? new Prefetcher(_client, blocks, session) : null;
        shared.EnterMachine();
        _line = new CallLine(shared, session, this);
        _ = ServeAsync();
    }

    /// <summary>Queues a call; the session bounds their number.</summary>
    public void Enqueue(SessionCall call)
    {
        _prefetcher?.Announce(call);
        _line.Add(call);
        if (call.Frame.FrameCase == SessionRequest.FrameOneofCase.DropMachine)
        {
            Stop();
        }
    }

    /// <summary>Takes no more calls.</summary>
    public void Stop() => _line.Complete();

    /// <inheritdoc/>
    public void Begin(SessionCall call)
    {
        _waits.Begin();
        call.Times = new CallTimes();
        SidecarTracing tracing = _shared.Telemetry.Tracing;
        call.Span = tracing.Begin(call.Name, tracing.ParentOf(call.Frame.TraceParent, _session.Trace));
    }

    /// <inheritdoc/>
    public SessionResponse Execute(SessionCall call)
    {
        _host.Call = call;
        try
        {
            SessionRequest frame = call.Frame;
            switch (frame.FrameCase)
            {
                case SessionRequest.FrameOneofCase.CreateMachine:
                    ExecutionCost created = Run(call, () => Create(frame.CreateMachine));
                    return new SessionResponse { MachineCreated = new MachineCreated { Cost = created } };
                case SessionRequest.FrameOneofCase.ExecuteMessage:
                    return new SessionResponse { MessageExecuted = Execute(call, frame.ExecuteMessage) };
                case SessionRequest.FrameOneofCase.FlushMachine:
                    Cid root = default;
                    ExecutionCost cost = Run(call, () => root = Intact().Flush());
                    return new SessionResponse { MachineFlushed = new MachineFlushed { StateRoot = ToClient.Bytes(in root), Cost = cost } };
                default:
                    Drop();
                    return new SessionResponse { MachineDropped = new MachineDropped() };
            }
        }
        finally
        {
            _host.Call = null;
        }
    }

    /// <inheritdoc/>
    public SessionResponse Fail(SessionCall call, Exception exception)
    {
        CallFault fault = CallFault.Of(exception);
        if (fault.Code == StatusCode.Internal)
        {
            _shared.Telemetry.Log.Defect(exception, call.Name);
        }

        return new SessionResponse { Error = fault.ToError() };
    }

    /// <inheritdoc/>
    public void End(SessionCall call, SessionResponse result)
    {
        if (call.Span is Activity span)
        {
            Describe(span, call, result);
            SidecarTracing.End(span, (StatusCode)(result.Error?.Code ?? 0), result.Error?.Message ?? string.Empty);
        }
    }

    private async Task ServeAsync()
    {
        await _line.ServeAsync();
        Drop();
        _host.Dispose();
        _shared.LeaveMachine();
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

    private void Drop()
    {
        _executor = null;
        _client.Drop();
    }

    private void Create(CreateMachine request)
    {
        _client.Ship(request.Blocks, "create_machine.blocks");
        MachineContext context = FromClient.ToContext(request.Settings, "create_machine.settings");
        _client.UseCache(_shared.Blocks.For(context.Network.NetworkVersion));
        _prefetcher?.BeforeCreation(context.InitialStateRoot);
        _executor = new Executor(new Machine(_shared.Engines, context, _client, new ClientExterns(_host), new ClientProofs(_host)));
        _prefetcher?.AfterCreation();
    }

    private MessageExecuted Execute(SessionCall call, ExecuteMessage request)
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
        ExecutionCost cost = Run(call, () =>
        {
            Message message = call.TryDecode() ?? Message.Decode(input.Message.Span);
            call.Span?.SetTag("fvm.method", message.Method.Value);
            long length = (long)Math.Min(input.ChainLength, long.MaxValue);
            Prefetch(executor.Machine);
            ApplyRet ret = _shared.Telemetry.Execute(() => executor.Execute(message, kind, length, call.Cancelled), _waits);
            _prefetcher?.AfterMessage(message);
            executed.Result = ToClient.Result(ret);
            if (request.Trace != TraceForm.Unspecified)
            {
                AddTrace(executed, ret, call, request.Trace);
            }
        });
        executed.Result.Cost = cost;
        return executed;
    }

    // A message without a result must not be followed by others, wherever it broke off.
    private void Prefetch(Machine machine)
    {
        try
        {
            _prefetcher?.BeforeMessage();
        }
        catch (Exception e) when (ResourceExhaustedException.IsCauseOf(e))
        {
            machine.Break($"a message was cut short: {e.Message}");
            throw;
        }
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
    private ExecutionCost Run(SessionCall call, Action work)
    {
        CallTimes times = call.Times!;
        (long trips, long blocks, long hits) = (_host.RoundTrips, _calls.Blocks, _calls.CacheHits);
        (long guessed, long right) = (_client.Guessed, _client.GuessedRight);
        _calls.Priority = _session.PriorityOf(call.Priority);
        _calls.BeginMessage();
        times.Begin();
        try
        {
            work();
        }
        finally
        {
            times.End();
            _calls.EndMessage();
            _shared.Telemetry.Metrics.ReadFromCaches(_calls.CacheHits - hits);
            _shared.Telemetry.Ran(call.Span, call.Name, _calls.Priority, times, _waits);
        }

        return new ExecutionCost
        {
            RoundTrips = (ulong)(_host.RoundTrips - trips),
            BlocksRequested = (ulong)(_calls.Blocks - blocks),
            CacheHits = (ulong)(_calls.CacheHits - hits),
            QueueNanoseconds = (ulong)times.Queue.TotalNanoseconds,
            ExecutionNanoseconds = (ulong)times.Execution.TotalNanoseconds,
            BlocksGuessed = (ulong)(_client.Guessed - guessed),
            GuessesUsed = (ulong)(_client.GuessedRight - right),
        };
    }
}
