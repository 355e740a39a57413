using System.Collections;

namespace Fvm;

/// <summary>
/// The events of one message, in order. It is bounded in bytes: past the bound a charge of no gas, named <see cref="TruncationMark"/>, says
/// that it is cut, and of what follows only the ends of the calls that it shows are kept, so that what there is stays well-formed. The
/// message goes on as it would without a trace.
/// </summary>
/// <param name="maxBytes">About how many bytes of memory the events may take, and at most how many their written forms.</param>
public sealed class ExecutionTrace(long maxBytes = ExecutionTrace.DefaultMaxBytes) : IReadOnlyList<ExecutionEvent>
{
    /// <summary>The bound where nobody sets another: about five million events, more than ten billion gas pay for.</summary>
    public const long DefaultMaxBytes = 512L << 20;

    /// <summary>The name of the charge that says that a trace is cut.</summary>
    public const string TruncationMark = "TraceTruncated";

    // An event's object, its place in the list, and its numbers in a written form.
    private const int EventBytes = 96;
    private const int ActorBytes = 256;

    private readonly List<ExecutionEvent> _events = [];
    private long _bytes;

    // Calls under way that began after the trace was cut.
    private long _hidden;

    public int Count => _events.Count;

    /// <summary>Whether events are missing because of the bound.</summary>
    public bool IsTruncated { get; private set; }

    public ExecutionEvent this[int index] => _events[index];

    public void Add(ExecutionEvent item)
    {
        if (!IsTruncated)
        {
            _bytes += SizeOf(item);
            IsTruncated = _bytes > maxBytes;
            if (!IsTruncated)
            {
                _events.Add(item);
                return;
            }

            _events.Add(new GasChargeEvent(new GasCharge(TruncationMark, Gas.Zero, Gas.Zero)));
        }

        if (item is CallEvent)
        {
            _hidden++;
        }
        else if (item is CallReturnEvent or CallErrorEvent)
        {
            if (_hidden > 0)
            {
                _hidden--;
                return;
            }

            _events.Add(item is CallReturnEvent { ExitCode: ExitCode exitCode, Value: not null } ? new CallReturnEvent(exitCode, null) : item);
        }
    }

    public IEnumerator<ExecutionEvent> GetEnumerator() => _events.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _events.GetEnumerator();

    private static long SizeOf(ExecutionEvent item) => item switch
    {
        CallEvent call => EventBytes + (call.Params?.Data.Length ?? 0),
        CallReturnEvent end => EventBytes + (end.Value?.Data.Length ?? 0),
        CallErrorEvent error => EventBytes + error.Text.Length,
        LogEvent log => EventBytes + (sizeof(char) * (long)log.Text.Length),
        InvokeActorEvent => ActorBytes,
        _ => EventBytes,
    };
}
