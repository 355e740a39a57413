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
    private readonly HostCalls _calls;
    private readonly ClientHost _host;
    private readonly ClientBlockstore _client;
    private readonly Channel<SessionCall> _queue = Channel.CreateUnbounded<SessionCall>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _serving;
    private Executor? _executor;

    public SessionMachine(ulong id, SharedParts shared, Callbacks callbacks)
    {
        _shared = shared;
        _calls = new HostCalls(shared.Share);
        _host = new ClientHost(id, callbacks, _calls);
        _client = new ClientBlockstore(_host);
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
            try
            {
                call.Cancelled.ThrowIfCancellationRequested();
                call.End(Serve(call));
            }
            catch (Exception e)
            {
                Fail(call, e);
            }
            finally
            {
                _host.Call = null;
            }
        }
    }

    private static void Fail(SessionCall call, Exception why)
    {
        try
        {
            call.Fail(CallFault.Of(why));
        }
        catch (OperationCanceledException)
        {
            // Nobody is there to be told.
        }
    }

    private SessionResponse Serve(SessionCall call)
    {
        SessionRequest frame = call.Frame;
        switch (frame.FrameCase)
        {
            case SessionRequest.FrameOneofCase.CreateMachine:
                return new SessionResponse { MachineCreated = new MachineCreated { Cost = Run(() => Create(frame.CreateMachine)) } };
            case SessionRequest.FrameOneofCase.ExecuteMessage:
                return new SessionResponse { MessageExecuted = Execute(call, frame.ExecuteMessage) };
            case SessionRequest.FrameOneofCase.FlushMachine:
                Cid root = default;
                ExecutionCost cost = Run(() => root = Intact().Flush());
                return new SessionResponse { MachineFlushed = new MachineFlushed { StateRoot = ToClient.Bytes(in root), Cost = cost } };
            default:
                _executor = null;
                return new SessionResponse { MachineDropped = new MachineDropped() };
        }
    }

    private void Create(CreateMachine request)
    {
        MachineContext context = FromClient.ToContext(request.Settings, "create_machine.settings");
        _client.Ship(request.Blocks, "create_machine.blocks");
        SharedBlockCache? cache = _shared.Blocks.For(context.Network.NetworkVersion);
        CachedBlockstore store = new(_client, cache, _calls);
        _executor = new Executor(new Machine(_shared.Engines, context, store, new ClientExterns(_host), new ClientProofs(_host)));
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
        ApplyRet? ret = null;
        ExecutionCost cost = Run(() =>
        {
            Message message = Message.Decode(input.Message.Span);
            ret = executor.Execute(message, kind, (int)Math.Min(input.ChainLength, int.MaxValue));
        });
        MessageExecuted executed = new() { Result = ToClient.Result(ret!, cost) };
        if (request.Trace != TraceForm.Unspecified)
        {
            // A message that fails preflight has an empty trace of another type.
            ExecutionTrace trace = ret!.Trace as ExecutionTrace ?? new ExecutionTrace();
            executed.Trace = TraceMessages.Summary(trace, request.Trace);
            if (request.Trace == TraceForm.Events)
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

        return executed;
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
    private ExecutionCost Run(Action work)
    {
        (long trips, long blocks, long hits) = (_host.RoundTrips, _calls.Blocks, _calls.CacheHits);
        long queued = Stopwatch.GetTimestamp();
        long begun = queued;
        using MachineWork lane = new(() =>
        {
            begun = Stopwatch.GetTimestamp();
            work();
        });
        _calls.BeginMessage();
        try
        {
            _shared.Lanes.Run(lane);
        }
        finally
        {
            _calls.EndMessage();
        }

        return new ExecutionCost
        {
            RoundTrips = (ulong)(_host.RoundTrips - trips),
            BlocksRequested = (ulong)(_calls.Blocks - blocks),
            CacheHits = (ulong)(_calls.CacheHits - hits),
            QueueNanoseconds = (ulong)Stopwatch.GetElapsedTime(queued, begun).TotalNanoseconds,
            ExecutionNanoseconds = (ulong)Stopwatch.GetElapsedTime(begun).TotalNanoseconds,
        };
    }

    private sealed class MachineWork(Action work) : LaneWork
    {
        protected override void Run() => work();
    }
}
