using System.Globalization;
using Fvm.Ipld;
using Fvm.Protocol.V1;
using Fvm.Vectors;
using Grpc.Core;
using Grpc.Net.Client;

namespace Fvm.Diff;

/// <summary>
/// A running sidecar: each vector is a one-shot call, with its CAR in the request. Bundles are uploaded before, once. A sidecar that does not answer,
/// or not in time, is no side any more.
/// </summary>
public sealed class SidecarSide : ISide
{
    // The sidecar refuses larger requests by default; larger CARs are uploaded in parts.
    private const int MaxInlineBytes = 8 << 20;

    private readonly CommandOptions _options;
    private readonly bool _traces;
    private readonly GrpcChannel _channel;
    private readonly Metadata _headers;
    private readonly ExecutionService.ExecutionServiceClient _client;
    private readonly SidecarUploads _uploads;
    private readonly BundleCatalog _bundles;

    /// <summary>Connects to a sidecar.</summary>
    /// <param name="name">The side as the user named it.</param>
    /// <param name="address">The path of a Unix socket, or HOST:PORT.</param>
    /// <param name="traces">Whether traces are wanted, not only their digests; each vector is executed twice then.</param>
    /// <param name="options">The time per call, and the bundles' folder.</param>
    /// <exception cref="InputException">It is no address, or no sidecar answers there.</exception>
    public SidecarSide(string name, string address, bool traces, CommandOptions options)
    {
        Name = name;
        _options = options;
        _traces = traces;
        _bundles = new BundleCatalog(options.BundleDirectory);
        _headers = SidecarAddress.Headers();
        _channel = SidecarAddress.Connect(name, address, options.MaxLineBytes);
        _client = new ExecutionService.ExecutionServiceClient(_channel);
        _uploads = new SidecarUploads(new BlockService.BlockServiceClient(_channel), Call);
        try
        {
            _client.GetCapabilities(new GetCapabilitiesRequest(), Call());
        }
        catch (RpcException exception)
        {
            _channel.Dispose();
            throw new InputException($"{name}: no sidecar answers: {Cause(exception)}", exception);
        }
    }

    public string Name { get; }

    public IReadOnlyList<SideRun> Run(IReadOnlyList<VectorCase> cases) => [.. cases.Select(Run)];

    public void Dispose() => _channel.Dispose();

    private SideRun Run(VectorCase item)
    {
        if (item.Vector.HostFailures.Count > 0 || item.Vector.ConsensusFaults.Any(static check => check.Fault is not null))
        {
            return SideRun.Failed("a sidecar cannot be told of failures of the host, nor of consensus faults", isUnusable: true);
        }

        try
        {
            return RunAsync(item, isSecond: false).GetAwaiter().GetResult();
        }
        catch (InputException exception)
        {
            return SideRun.Failed(exception.Message, isUnusable: true);
        }
        catch (RpcException exception) when (!IsOfTheSide(exception))
        {
            return SideRun.Failed(exception.Status.Detail.Length > 0 ? PrintableText.Of(exception.Status.Detail) : exception.StatusCode.ToString());
        }
        catch (Exception exception) when (exception is RpcException or CborException or IOException)
        {
            string cause = exception is RpcException refused ? Cause(refused) : exception.Message;
            throw new InputException($"{Name}: {item.Name}: {cause}", exception);
        }
    }

    private async Task<SideRun> RunAsync(VectorCase item, bool isSecond)
    {
        BlockSource source = new();
        if (_bundles.PathOf(item.Vector, item.Variant) is string bundle)
        {
            source.Digests.Add(await _uploads.FileAsync(bundle).ConfigureAwait(false));
        }

        if (item.Vector.Car.Length <= MaxInlineBytes)
        {
            source.Car = Google.Protobuf.UnsafeByteOperations.UnsafeWrap(item.Vector.Car);
        }
        else
        {
            source.Digests.Add(await _uploads.CarAsync(item.Vector.Car).ConfigureAwait(false));
        }

        ExecuteMessagesRequest request = SidecarRequests.Of(item, source);
        request.ReturnsBlocks = _options.TakesBlocks;
        try
        {
            return await ExecuteAsync(item, request).ConfigureAwait(false);
        }
        catch (RpcException exception) when (_uploads.Forget(exception) && !isSecond)
        {
            // Of a server that was started again, or has too much for its cache.
            return await RunAsync(item, isSecond: true).ConfigureAwait(false);
        }
    }

    private async Task<SideRun> ExecuteAsync(VectorCase item, ExecuteMessagesRequest request)
    {
        List<MessageOutcome>? traced = _traces ? [] : null;
        try
        {
            if (traced is not null)
            {
                await TraceAsync(item, request, traced).ConfigureAwait(false);
            }

            ExecuteMessagesResponse response = await _client.ExecuteMessagesAsync(request, Call()).ConfigureAwait(false);
            return new SideRun
            {
                Outcomes = traced ?? [.. response.Results.Zip(response.Traces, static (result, trace) => SidecarResults.Outcome(result) with
                {
                    TraceDigest = Convert.ToHexStringLower(trace.Digest.Span),
                    TraceLength = (int)Math.Min(trace.Events, int.MaxValue),
                })],
                StateRoot = SidecarResults.Link(response.StateRoot).ToString(),
                Written = request.ReturnsBlocks
                    ? [.. response.Blocks.Select(static block => KeyValuePair.Create(SidecarResults.Link(block.Cid), block.Data.ToByteArray()))]
                    : null,
            };
        }
        catch (RpcException exception) when (!IsOfTheSide(exception) && traced is { Count: > 0 })
        {
            // A machine that failed: the messages before have results.
            return new SideRun { Outcomes = traced, Failure = PrintableText.Of(exception.Status.Detail) };
        }
    }

    private async Task TraceAsync(VectorCase item, ExecuteMessagesRequest request, List<MessageOutcome> outcomes)
    {
        using AsyncServerStreamingCall<TraceMessagesResponse> call = _client.TraceMessages(SidecarRequests.Traced(request), Call());
        ExecutionTrace trace = new();
        while (await call.ResponseStream.MoveNext(CancellationToken.None).ConfigureAwait(false))
        {
            TraceMessagesResponse part = call.ResponseStream.Current;
            foreach (TraceEvent entry in part.Events?.Events ?? [])
            {
                if (SidecarResults.Event(entry) is ExecutionEvent known)
                {
                    trace.Add(known);
                }
            }

            if (part.Result is MessageResult result)
            {
                IReadOnlyList<ExecutionEvent> recorded = TraceText.AsRecorded(trace, item.Vector.Recorder);
                outcomes.Add(SidecarResults.Outcome(result) with
                {
                    TraceDigest = TraceText.Digest(recorded),
                    TraceLength = recorded.Count,
                    Trace = TraceText.Lines(recorded),
                });
                trace = new ExecutionTrace();
            }
        }
    }

    private CallOptions Call() => new(_headers, DateTime.UtcNow + _options.TimePerVector);

    // What the client itself throws has an exception; what the server answers has none.
    private static bool IsOfTheSide(RpcException exception) => exception.Status.DebugException is not null
        || exception.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Unauthenticated or StatusCode.PermissionDenied;

    private string Cause(RpcException exception) => exception.StatusCode == StatusCode.DeadlineExceeded
        ? string.Create(CultureInfo.InvariantCulture, $"no answer within {_options.TimePerVector.TotalSeconds:0.#} s")
        : PrintableText.Of(Innermost(exception.Status.DebugException)?.Message ?? exception.Status.Detail);

    private static Exception? Innermost(Exception? exception)
    {
        while (exception?.InnerException is Exception inner)
        {
            exception = inner;
        }

        return exception;
    }
}
