using System.Diagnostics;
using Fvm.Hosting;
using Fvm.Ipld;
using Fvm.Protocol.V1;
using Grpc.Core;

namespace Fvm.Sidecar;

/// <summary>A machine of a session: executes its calls, one after another, on a lane.</summary>
internal sealed partial class SessionMachine : ICallee
{
    // A part of a tree that is larger takes this share of the limit of frames.
    private const int TreePartsPerFrame = 4;

    private readonly SharedParts _shared;
    private readonly SessionParts _session;
    private readonly HostCalls _calls;
    private readonly CallbackWaits _waits;
    private readonly ClientHost _host;
    private readonly ClientBlocks _blocks;
    private readonly ClientBlockstore _client;
    private readonly Prefetcher? _prefetcher;
    private readonly CallLine _line;
    private Executor? _executor;

    public SessionMachine(ulong id, SharedParts shared, SessionParts session)
    {
        _shared = shared;
        _session = session;
        _calls = new HostCalls(shared.Lanes.Share);
        _waits = new CallbackWaits(shared.Telemetry.Metrics);
        _host = new ClientHost(id, session.Callbacks, _calls, _waits);
        _blocks = new ClientBlocks(_host, session.Bytes);
        _client = new ClientBlockstore(_blocks, session, session.Prefetches);
        _prefetcher = session.Prefetches ? new Prefetcher(_client, _blocks, session) : null;
        shared.EnterMachine();
        _line = new CallLine(shared, session, this);
        _ = ServeAsync();
    }

    /// <summary>Queues a call; the session bounds their number.</summary>
    public void Enqueue(SessionCall call)
    {
        if (call.Message is SessionMessage message)
        {
            _prefetcher?.Announce(message);
        }

        _line.Add(call);
        if (call.Drops)
        {
            Stop();
        }
    }

    /// <summary>Takes no more calls.</summary>
    public void Stop() => _line.Complete();

    /// <inheritdoc/>
    public void Begin(SessionCall call)
    {
        if (call.HasBegun)
        {
            return;
        }

        _waits.Begin();
        call.Times = new CallTimes();
        SidecarTracing tracing = _shared.Telemetry.Tracing;
        call.Span = tracing.Begin(call.Name, tracing.ParentOf(call.Frame.TraceParent, _session.Trace));
    }

    /// <inheritdoc/>
    public SessionResponse? Execute(SessionCall call)
    {
        if (call.Frame.FrameCase == SessionRequest.FrameOneofCase.DropMachine)
        {
            // It has no lane.
            Drop();
            return new SessionResponse { MachineDropped = new MachineDropped() };
        }

        _host.Call = call;
        call.Lane = _calls;
        _calls.Priority = _session.PriorityOf(call.Priority);
        _calls.EnterLane();
        try
        {
            SessionRequest frame = call.Frame;
            switch (frame.FrameCase)
            {
                case SessionRequest.FrameOneofCase.CreateMachine:
                    CreateMachine create = frame.CreateMachine;
                    ExecutionCost created = Do(StepOf(call), call, () => Create(create.Settings, create.Blocks, "create_machine"));
                    return new SessionResponse { MachineCreated = new MachineCreated { Cost = created } };
                case SessionRequest.FrameOneofCase.ExecuteMessage:
                    _client.Ship(frame.ExecuteMessage.Blocks, "execute_message.blocks");
                    MessageExecuted executed = Execute(StepOf(call), call, call.Message!, frame.ExecuteMessage.Trace, "execute_message.input");
                    return new SessionResponse { MessageExecuted = executed };
                case SessionRequest.FrameOneofCase.FlushMachine:
                    Cid root = default;
                    ExecutionCost cost = Do(StepOf(call), call, () => root = Intact().Flush());
                    return new SessionResponse { MachineFlushed = new MachineFlushed { StateRoot = ToClient.Bytes(in root), Cost = cost } };
                default:
                    return Run(call, call.Run!);
            }
        }
        finally
        {
            _calls.LeaveLane();
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

        CallError error = fault.ToError();
        if (call.Run?.MessageIndex is int index)
        {
            error.Detail.MessageIndex = (uint)index;
        }

        return new SessionResponse { Error = error };
    }

    /// <inheritdoc/>
    public void End(SessionCall call, SessionResponse result)
    {
        if (call.Drops)
        {
            Drop();
        }

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

    private static MachineStep StepOf(SessionCall call) => new(call.Name, call.Times!, call.Span);

    private void Create(MachineSettings? settings, IEnumerable<Protocol.V1.Block> blocks, string call)
    {
        _client.Ship(blocks, call + ".blocks");
        MachineContext context = FromClient.ToContext(settings, call + ".settings");
        _client.UseCache(_shared.Blocks.For(context.Network.NetworkVersion));
        _prefetcher?.BeforeCreation(context.InitialStateRoot);
        _executor = new Executor(new Machine(_shared.Engines, context, _client, new ClientExterns(_host), new ClientProofs(_host)));
        _prefetcher?.AfterCreation();
    }

    private MessageExecuted Execute(MachineStep step, SessionCall call, SessionMessage given, TraceForm trace, string field)
    {
        Executor executor = Intact();
        MessageInput input = given.Input ?? throw CallFault.Field(field, "is missing");
        ApplyKind kind = FromClient.ToKind(input.Kind, field + ".kind");
        if (trace != TraceForm.Unspecified && !executor.Machine.Context.Tracing)
        {
            throw new CallFault(StatusCode.FailedPrecondition, ErrorReason.TracingOff, "the machine was created without tracing");
        }

        MessageExecuted executed = new();
        ExecutionCost cost = Do(step, call, () =>
        {
            Message message = given.TryDecode() ?? Message.Decode(input.Message.Span);
            step.Span?.SetTag("fvm.method", message.Method.Value);
            long length = (long)Math.Min(input.ChainLength, long.MaxValue);
            Prefetch(executor.Machine);
            ApplyRet ret = _shared.Telemetry.Execute(() => executor.Execute(message, kind, length, call.Cancelled), _waits);
            _prefetcher?.AfterMessage(message);
            executed.Result = ToClient.Result(ret);
            if (trace != TraceForm.Unspecified)
            {
                AddTrace(executed, ret, call, trace);
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
                Send(call, new SessionResponse { TraceEvents = events });
            }
        }

        foreach (TraceTreePart part in TraceMessages.TakeLargeTree(executed.Trace, _shared.Options.MaxFrameBytes / TreePartsPerFrame))
        {
            Send(call, new SessionResponse { TraceTreePart = part });
        }
    }

    private static void Send(SessionCall call, SessionResponse part)
    {
        call.Run?.SendPart();
        call.Send(part);
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
    private ExecutionCost Do(MachineStep step, SessionCall call, Action work)
    {
        CallTimes times = step.Times;
        (long trips, long blocks, long hits) = (_host.RoundTrips, _calls.Blocks, _calls.CacheHits);
        (long guessed, long right) = (_client.Guessed, _client.GuessedRight);
        times.Begin();
        try
        {
            work();
        }
        finally
        {
            times.End();
            _shared.Telemetry.Metrics.ReadFromCaches(_calls.CacheHits - hits);
            _shared.Telemetry.Ran(step.Span, step.Name, _calls.Priority, times, _waits);
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
