using Fvm.Ipld;
using Fvm.Ipld.Amt;
using Fvm.Ipld.Cbor;

namespace Fvm;

/// <summary>The events of a call stack. A call that fails takes its own events, and those of the calls below it, back.</summary>
internal sealed class EventsAccumulator
{
    private const int AmtBitWidth = 5;

    private readonly List<StampedEvent> _events = [];
    private readonly Stack<int> _marks = new();

    /// <summary>The events so far.</summary>
    public IReadOnlyList<StampedEvent> Events => _events;

    /// <summary>Adds an event to the innermost transaction.</summary>
    public void Append(StampedEvent stampedEvent) => _events.Add(stampedEvent);

    /// <summary>The root of the AMT over all events, or null without any. The AMT's blocks themselves are not kept (FIP-0049).</summary>
    /// <exception cref="FatalException">A transaction is still open.</exception>
    public Cid? Root()
    {
        if (_marks.Count != 0)
        {
            throw new FatalException($"the event accumulator has {_marks.Count} open transactions at the end of the message");
        }

        if (_events.Count == 0)
        {
            return null;
        }

        // One writer for all of them: they may be a million.
        CborWriter writer = new();
        return Amt.Build(new DiscardBlockstore(), AmtBitWidth, _events.Select(Encode));

        ReadOnlyMemory<byte> Encode(StampedEvent stampedEvent)
        {
            writer.Reset();
            stampedEvent.WriteTo(writer);
            return writer.ToArray();
        }
    }

    internal void BeginTransaction() => _marks.Push(_events.Count);

    internal void EndTransaction(bool revert)
    {
        int mark = _marks.Pop();
        if (revert)
        {
            _events.RemoveRange(mark, _events.Count - mark);
        }
    }
}
