using System.Collections;

namespace Fvm;

/// <summary>
/// The trace of one message: its events in order. Bounded in bytes: at the bound a charge of zero gas named <see cref="TruncationMark"/> marks
/// the truncation, and after it only the ends of calls already in the trace are kept, so that it stays well-formed. Execution is not
/// affected.
/// </summary>
/// <param name="maxBytes">Approximate bound on the events' memory and on their encoded size, in bytes.</param>
public sealed class ExecutionTrace(long maxBytes = ExecutionTrace.DefaultMaxBytes) : IReadOnlyList<ExecutionEvent>
{
    /// <summary>The default bound, in bytes: about five million events, more than ten billion gas pays for.</summary>
    public const long DefaultMaxBytes = 512L << 20;

    /// <summary>The name of the charge that marks truncation.</summary>
    public const string TruncationMark = "TraceTruncated";

    // An event's object, its slot in the list, and its numbers in encoded form.
    private const int EventBytes = 96;
    private const int ActorBytes = 256;

    private readonly List<ExecutionEvent> _events = [];
    private long _bytes;

    // Open calls that began after the truncation.
    private long _hidden;

    public int Count => _events.Count;

    /// <summary>Whether the trace is truncated.</summary>
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
        SyscallEvent syscall => ActorBytes + syscall.Input.Length + syscall.Output.Length,
        _ => EventBytes,
    };
}
