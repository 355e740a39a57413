using System.Diagnostics.Metrics;
using Fvm.Hosting;
using Fvm.Protocol.V1;
using Grpc.Core;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Fvm.Sidecar;

/// <summary>
/// The instruments of the server. Their labels have few values, none of which a client can choose. Without a reader of metrics, none of them does
/// anything.
/// </summary>
internal sealed class SidecarMetrics : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Fvm.Sidecar";

    private static readonly double[] CallSeconds =
        [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    private static readonly double[] QueueSeconds = [0.0001, 0.001, 0.01, 0.1, 0.5, 1, 5, 10, 30, 60];

    // From a round trip over a Unix socket to the longest time for an answer.
    private static readonly double[] CallbackSeconds =
        [0.00002, 0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30];

    // The prices aim at 0.1 ns.
    private static readonly double[] NanosecondsPerGas = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 50];

    private static readonly Tag[] Priorities = Tags("priority", "high", "normal", "low");
    private static readonly Tag[] Answers = Tags("answer", "given", "failed", "none");
    private static readonly Tag[] Questions = [.. Callback.Descriptor.Fields.InFieldNumberOrder()
        .Select(static field => new Tag("question", field.Name))];

    private static readonly Tag[] Codes = Tags(
        "code", "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED",
        "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS",
        "UNAUTHENTICATED");

    private readonly Counter<long> _messages;
    private readonly Counter<long> _gas;
    private readonly Histogram<double> _nanosecondsPerGas;
    private readonly Counter<long> _calls;
    private readonly Counter<long> _refusals;
    private readonly Histogram<double> _callSeconds;
    private readonly Histogram<double> _queueSeconds;
    private readonly Histogram<double> _callbackSeconds;
    private readonly Counter<long> _cachedReads;

    public SidecarMetrics()
    {
        _messages = Meter.CreateCounter<long>("fvm.sidecar.messages", "{message}", "Messages by outcome.");
        _gas = Meter.CreateCounter<long>("fvm.sidecar.gas", "{gas}", "Gas used by messages.");
        _nanosecondsPerGas = Histogram(
            "fvm.sidecar.message.time_per_gas", "ns", "Time per gas of a message, without waits for the client.", NanosecondsPerGas);
        _calls = Meter.CreateCounter<long>("fvm.sidecar.calls", "{call}", "Calls of sessions and one-shot calls that ended, by gRPC code.");
        _refusals = Meter.CreateCounter<long>("fvm.sidecar.refusals", "{call}", "Calls refused by a limit, a credential, or the end of the server.");
        _callSeconds = Histogram("fvm.sidecar.call.duration", "s", "Time on a lane, waits for the client included.", CallSeconds);
        _queueSeconds = Histogram("fvm.sidecar.queue.duration", "s", "Time that calls waited for a lane.", QueueSeconds);
        _callbackSeconds = Histogram("fvm.sidecar.callback.duration", "s", "Time that a machine waited for a client's answer.", CallbackSeconds);
        _cachedReads = Meter.CreateCounter<long>("fvm.sidecar.cached_reads", "{read}", "Reads of blocks that needed no callback.");
    }

    public Meter Meter { get; } = new(MeterName, BuildVersion.Version);

    /// <summary>Counts a message that has a receipt.</summary>
    /// <param name="exitCode">Its exit code.</param>
    /// <param name="gas">The gas that it used.</param>
    /// <param name="computing">The time, without waits for the client.</param>
    public void Executed(ExitCode exitCode, ulong gas, TimeSpan computing)
    {
        _messages.Add(1, new Tag("outcome", OutcomeOf(exitCode)));
        _gas.Add((long)gas);
        if (gas > 0)
        {
            _nanosecondsPerGas.Record(computing.TotalNanoseconds / gas);
        }
    }

    /// <summary>Counts a message without a receipt.</summary>
    public void NotExecuted(bool isCancelled) => _messages.Add(1, new Tag("outcome", isCancelled ? "cancelled" : "failed"));

    /// <summary>Counts a call that ended.</summary>
    /// <param name="call">The kind of call.</param>
    /// <param name="code">Its code.</param>
    public void Ended(string call, StatusCode code) =>
        _calls.Add(1, new Tag("call", call), Codes[(uint)code < (uint)Codes.Length ? (int)code : (int)StatusCode.Unknown]);

    /// <summary>Counts a call that was refused.</summary>
    public void Refused(string reason) => _refusals.Add(1, new Tag("reason", reason));

    /// <summary>Records the times of a call on a lane.</summary>
    /// <param name="call">The kind of call.</param>
    /// <param name="priority">Its priority.</param>
    /// <param name="queue">The time before.</param>
    /// <param name="execution">The time there.</param>
    public void Ran(string call, LanePriority priority, TimeSpan queue, TimeSpan execution)
    {
        _queueSeconds.Record(queue.TotalSeconds, PriorityTag(priority));
        _callSeconds.Record(execution.TotalSeconds, new Tag("call", call));
    }

    /// <summary>Records a callback.</summary>
    public void Asked(Callback.QuestionOneofCase question, CallbackEnd end, TimeSpan duration) =>
        _callbackSeconds.Record(duration.TotalSeconds, QuestionTag(question), Answers[(int)end]);

    /// <summary>Counts reads of blocks that needed no callback.</summary>
    public void ReadFromCaches(long reads) => _cachedReads.Add(reads);

    /// <summary>The label of a priority.</summary>
    public static Tag PriorityTag(LanePriority priority) => Priorities[(int)priority];

    /// <inheritdoc/>
    public void Dispose() => Meter.Dispose();

    private static string OutcomeOf(ExitCode code) => code switch
    {
        { IsSuccess: true } => "ok",
        _ when code == ExitCode.SysOutOfGas => "out_of_gas",
        { IsSystemError: true } => "system_error",
        _ => "actor_error",
    };

    // The first fields are those of every callback: its identifier and machine.
    private static Tag QuestionTag(Callback.QuestionOneofCase question) => Questions[(int)question - 1];

    private static Tag[] Tags(string name, params string[] values) => [.. values.Select(value => new Tag(name, value))];

    private Histogram<double> Histogram(string name, string unit, string description, double[] bounds) => Meter.CreateHistogram(
        name, unit, description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds });
}
