using System.Diagnostics;
using Fvm.Hosting;
using Fvm.Ipld;
using Fvm.Protocol.V1;
using Fvm.Wasm;
using Grpc.Core;

namespace Fvm.Sidecar;

/// <summary>One-shot use: messages on given blocks, and what the blocks contain.</summary>
internal sealed class ExecutionService(SharedParts shared, BlockSets sets) : Protocol.V1.ExecutionService.ExecutionServiceBase
{
    private const int MaxMessages = 10_000;
    private const string TraceCall = "trace_messages";

    // Spans of very many messages would be a trace that nobody can read.
    private const int MaxTracedParts = 32;

    public override Task<GetCapabilitiesResponse> GetCapabilities(GetCapabilitiesRequest request, ServerCallContext context)
    {
        GetCapabilitiesResponse response = new()
        {
            Version = BuildVersion.Version,
            Commit = BuildVersion.Commit,
            Engine = shared.Engines.EngineName,
            Lanes = (uint)shared.Options.Lanes,
        };
        foreach (NetworkRules rules in NetworkRules.All)
        {
            response.NetworkVersions.Add((uint)rules.Version);
        }

        response.Engines.AddRange(WasmEngines.Names);
        response.ProcessorFeatures.AddRange(WasmEngines.ProcessorFeatures);
        return RpcCall.RunAsync(shared.Telemetry, "get_capabilities", context, _ => Task.FromResult(response));
    }

    public override Task<ExecuteMessagesResponse> ExecuteMessages(ExecuteMessagesRequest request, ServerCallContext context) =>
        CallAsync("execute_messages", context, LanePriority.Normal, request.Settings, () =>
        {
            UnaryState state = new(shared, sets, request.Source, request.Environment);
            Executor executor = state.Machine(FromClient.ToContext(request.Settings, "settings"));
            if (request.Trace is TraceForm.Events || (request.Trace != TraceForm.Unspecified && !request.Settings.Tracing))
            {
                throw request.Trace is TraceForm.Events
                    ? CallFault.Field("trace", "events are streamed by TraceMessages")
                    : new CallFault(StatusCode.FailedPrecondition, ErrorReason.TracingOff, "settings.tracing is off", "settings.tracing");
            }

            ExecuteMessagesResponse response = new();
            foreach (MessageInput input in Checked(request.Messages, "messages"))
            {
                ApplyRet ret = Apply(executor, input, "messages", context.CancellationToken);
                response.Results.Add(ToClient.Result(ret));
                if (request.Trace != TraceForm.Unspecified)
                {
                    response.Traces.Add(Sidecar.TraceMessages.Summary(Sidecar.TraceMessages.Of(ret), request.Trace));
                }
            }

            Cid root = executor.Flush();
            response.StateRoot = ToClient.Bytes(in root);
            response.Blocks.AddRange(request.ReturnsBlocks ? state.Written : []);
            return response;
        });

    public override Task TraceMessages(
        TraceMessagesRequest request, IServerStreamWriter<TraceMessagesResponse> responseStream, ServerCallContext context) =>
        RpcCall.RunAsync(shared.Telemetry, TraceCall, context, async span =>
        {
            Describe(span, request.Settings);
            await TraceAsync(request, responseStream, context, span);
            return true;
        });

    public override Task<EstimateGasResponse> EstimateGas(EstimateGasRequest request, ServerCallContext context) =>
        CallAsync("estimate_gas", context, LanePriority.Low, request.Settings, () =>
        {
            UnaryState state = new(shared, sets, request.Source, request.Environment);
            MachineContext settings = FromClient.ToContext(request.Settings, "settings");
            Executor before = state.Machine(settings);
            foreach (MessageInput input in Checked(request.PriorMessages, "prior_messages"))
            {
                Apply(before, input, "prior_messages", context.CancellationToken);
            }

            settings = settings with { InitialStateRoot = before.Flush() };
            MessageInput estimated = request.Message ?? throw CallFault.Field("message", "is missing");
            ApplyKind kind = FromClient.ToKind(estimated.Kind, "message.kind");
            Message message = Message.Decode(estimated.Message.Span);
            GasEstimate estimate = GasEstimate.Find(limit =>
                Apply(state.Machine(settings), message with { GasLimit = limit }, kind, Length(estimated), context.CancellationToken));
            return new EstimateGasResponse { GasLimit = estimate.GasLimit, Result = ToClient.Result(estimate.Result) };
        });

    public override Task<InspectResponse> Inspect(InspectRequest request, ServerCallContext context) =>
        CallAsync("inspect", context, LanePriority.Low, settings: null, () =>
        {
            IBlockstore blocks = new UnaryState(shared, sets, request.Source, environment: null).Blocks;
            return BlockInspection.Of(request, blocks, shared.Options.MaxFrameBytes, context.CancellationToken);
        });

    private async Task TraceAsync(
        TraceMessagesRequest request, IServerStreamWriter<TraceMessagesResponse> responseStream, ServerCallContext context, Activity? span)
    {
        Executor executor = await RunAsync(TraceCall, context, span, LanePriority.Normal, () =>
        {
            MachineContext settings = FromClient.ToContext(request.Settings, "settings") with { Tracing = true };
            Checked(request.Messages, "messages");
            return new UnaryState(shared, sets, request.Source, request.Environment).Machine(settings);
        });

        // A lane is held only while a message runs, not while the client reads.
        for (int i = 0; i < request.Messages.Count; i++)
        {
            MessageInput input = request.Messages[i];
            Activity? parts = i < MaxTracedParts ? span : null;
            ApplyRet ret = await RunAsync(
                TraceCall, context, parts, LanePriority.Normal, () => Apply(executor, input, "messages", context.CancellationToken));
            foreach (TraceEvents events in Sidecar.TraceMessages.Frames(Sidecar.TraceMessages.Of(ret)))
            {
                await responseStream.WriteAsync(new TraceMessagesResponse { MessageIndex = (uint)i, Events = events }, context.CancellationToken);
            }

            TraceMessagesResponse result = new() { MessageIndex = (uint)i, Result = ToClient.Result(ret) };
            await responseStream.WriteAsync(result, context.CancellationToken);
        }
    }

    private ApplyRet Apply(Executor executor, MessageInput input, string field, CancellationToken cancelled)
    {
        Message message = Message.Decode(input.Message.Span);
        ApplyKind kind = FromClient.ToKind(input.Kind, field + ".kind");
        return Apply(executor, message, kind, Length(input), cancelled);
    }

    private ApplyRet Apply(Executor executor, Message message, ApplyKind kind, long length, CancellationToken cancelled) =>
        shared.Telemetry.Execute(() => executor.Execute(message, kind, length, cancelled), waits: null);

    private static long Length(MessageInput input) => (long)Math.Min(input.ChainLength, long.MaxValue);

    private static IEnumerable<MessageInput> Checked(IReadOnlyCollection<MessageInput> messages, string field) =>
        messages.Count <= MaxMessages ? messages : throw CallFault.Field(field, $"has more than {MaxMessages} items");

    private static void Describe(Activity? span, MachineSettings? settings) =>
        SidecarTracing.Describe(span, settings?.NetworkVersion ?? 0, settings?.Epoch ?? 0);

    private Task<T> CallAsync<T>(string name, ServerCallContext context, LanePriority priority, MachineSettings? settings, Func<T> work) =>
        RpcCall.RunAsync(shared.Telemetry, name, context, span =>
        {
            Describe(span, settings);
            return RunAsync(name, context, span, priority, work);
        });

    private async Task<T> RunAsync<T>(string name, ServerCallContext context, Activity? span, LanePriority priority, Func<T> work)
    {
        shared.RefuseIfStopping();
        T result = default!;
        CallTimes times = new();
        try
        {
            await shared.RunAsync(
                () =>
                {
                    context.CancellationToken.ThrowIfCancellationRequested();
                    times.Begin();
                    try
                    {
                        result = work();
                    }
                    finally
                    {
                        times.End();
                    }
                },
                priority);
            return result;
        }
        finally
        {
            shared.Telemetry.Ran(span, name, priority, times, waits: null);
        }
    }
}
