using System.Runtime.InteropServices;
using Fvm.Ipld;

namespace Fvm;

/// <summary>
/// The events of a call stack. A failed call's events, and those of the calls below it, are reverted. There may be a million, so they are kept
/// encoded: otherwise the garbage collector would take longer over their entries than everything else takes.
/// </summary>
/// <param name="kept">Stores them.</param>
internal sealed class EventsAccumulator(KeptBytes kept)
{
    private const int AmtBitWidth = 5;

    // Made by the first event: most messages emit none.
    private List<StampedEvent>? _events;
    private CborWriter? _writer;

    // The number of events when each open transaction began: of those that began before the first event, only their number.
    private int _marksAtZero;
    private Stack<int>? _marks;

    /// <summary>A writer for encoding one event at a time; most messages emit none.</summary>
    public CborWriter Writer => _writer ??= new CborWriter();

    /// <summary>The events so far.</summary>
    public IReadOnlyList<StampedEvent> Events => _events ?? (IReadOnlyList<StampedEvent>)[];

    /// <summary>Adds an event to the innermost transaction.</summary>
    /// <param name="encoded">The event in CBOR; copied.</param>
    public void Append(ReadOnlySpan<byte> encoded) => (_events ??= []).Add(new StampedEvent(kept.Keep(encoded)));

    /// <summary>The root of the events AMT; null without events. The AMT's blocks are not stored (FIP-0049).</summary>
    /// <exception cref="FatalException">A transaction is still open.</exception>
    public Cid? Root()
    {
        int open = _marksAtZero + (_marks?.Count ?? 0);
        if (open != 0)
        {
            throw new FatalException($"the event accumulator has {open} open transactions at the end of the message");
        }

        // Sound: the list does not change while its root is computed.
        return _events is null || _events.Count == 0 ? null : Amt.RootOf(
            AmtBitWidth, CollectionsMarshal.AsSpan(_events), static (StampedEvent stamped) => stamped.Encoded);
    }

    internal void BeginTransaction()
    {
        if (_events is null)
        {
            _marksAtZero++;
            return;
        }

        (_marks ??= new Stack<int>()).Push(_events.Count);
    }

    internal void EndTransaction(bool revert)
    {
        if (_marks is null || !_marks.TryPop(out int mark))
        {
            _marksAtZero--;
            mark = 0;
        }

        if (revert)
        {
            _events?.RemoveRange(mark, _events.Count - mark);
        }
    }
}
