using System.Runtime.InteropServices;
using Fvm.Ipld;

namespace Fvm;

/// <summary>
/// The events of a call stack. A call that fails takes its own events, and those of the calls below it, back. There may be a million, so they
/// are kept encoded, many to an array: the garbage collector would take longer over their entries than all else takes.
/// </summary>
internal sealed class EventsAccumulator
{
    private const int AmtBitWidth = 5;
    private const int FirstArray = 1 << 10;

    // Below the size from which .NET keeps arrays in a heap of their own, which only its longest collections clear.
    private const int LongestArray = 1 << 16;

    private readonly List<StampedEvent> _events = [];
    private readonly Stack<int> _marks = new();

    // Where the next events go; what is in use is part of events.
    private Memory<byte> _free;
    private int _nextArray = FirstArray;

    /// <summary>For encoding one event after another.</summary>
    public CborWriter Writer { get; } = new();

    /// <summary>The events so far.</summary>
    public IReadOnlyList<StampedEvent> Events => _events;

    /// <summary>Adds an event to the innermost transaction.</summary>
    /// <param name="encoded">It in CBOR, which is copied.</param>
    public void Append(ReadOnlySpan<byte> encoded)
    {
        if (encoded.Length > _free.Length)
        {
            _free = GC.AllocateUninitializedArray<byte>(Math.Max(encoded.Length, _nextArray));
            _nextArray = Math.Min(2 * _nextArray, LongestArray);
        }

        encoded.CopyTo(_free.Span);
        _events.Add(new StampedEvent(_free[..encoded.Length]));
        _free = _free[encoded.Length..];
    }

    /// <summary>The root of the AMT over all events, or null without any. The AMT's blocks themselves are not kept (FIP-0049).</summary>
    /// <exception cref="FatalException">A transaction is still open.</exception>
    public Cid? Root()
    {
        if (_marks.Count != 0)
        {
            throw new FatalException($"the event accumulator has {_marks.Count} open transactions at the end of the message");
        }

        return _events.Count == 0 ? null : Amt.RootOf(
            AmtBitWidth, CollectionsMarshal.AsSpan(_events), static (StampedEvent stamped) => stamped.Encoded);
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
