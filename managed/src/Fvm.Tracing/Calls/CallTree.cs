namespace Fvm.Tracing;

/// <summary>The calls in a message's trace as a tree, each with its gas, its end and its events.</summary>
public sealed class CallTree
{
    private readonly List<CallNode> _calls = [];
    private readonly ActorNames _names;
    private readonly EventPlaces _places = new();
    private readonly Stack<CallNode> _open = new();

    /// <param name="trace">The message's trace.</param>
    /// <param name="names">The names of actors and methods.</param>
    /// <param name="events">The message's events; null if nobody needs them.</param>
    public CallTree(IReadOnlyList<ExecutionEvent> trace, ActorNames names, IReadOnlyList<StampedEvent>? events = null)
    {
        _names = names;
        foreach (ExecutionEvent item in trace)
        {
            Add(item);
        }

        while (_open.Count > 0)
        {
            Close();
        }

        Unplaced = events is null ? [] : _places.Assign(events);
    }

    /// <summary>The tree of a message's result.</summary>
    public static CallTree Of(ApplyRet ret, ActorNames names) => new(ret.Trace, names, ret.Events);

    /// <summary>The outermost calls: of the message's receiver, and of nothing else.</summary>
    public IReadOnlyList<CallNode> Calls => _calls;

    /// <summary>The call of the message's receiver; null if the message failed before it.</summary>
    public CallNode? Outermost => _calls.Count > 0 ? _calls[0] : null;

    /// <summary>Gas charged outside of calls: for the message's inclusion.</summary>
    public Gas OwnGas { get; private set; }

    /// <summary>All gas in the trace. A message that runs out of gas has charges beyond its limit in it.</summary>
    public Gas TotalGas { get; private set; }

    /// <summary>The charges before the outermost call, each rounded up to whole gas before the addition, as nodes do.</summary>
    public ulong GasBeforeRounded { get; private set; }

    /// <summary>Events without a place in the tree: those of a truncated trace.</summary>
    public IReadOnlyList<EmittedEvent> Unplaced { get; }

    private void Add(ExecutionEvent item)
    {
        _open.TryPeek(out CallNode? current);
        switch (item)
        {
            case GasChargeEvent { Charge: GasCharge charge }:
                Add(current, charge);
                break;
            case CallEvent call:
                Begin(current, new CallNode(call));
                break;
            case InvokeActorEvent invoked:
                current?.Invoke(invoked, _names);
                break;
            case LogEvent { Text: string text }:
                current?.Add(text);
                break;
            case CallReturnEvent returned when current is not null:
                current.Finish(returned);
                Close();
                break;
            case CallErrorEvent error when current is not null:
                current.Finish(error);
                Close();
                break;
            default:
                break;
        }
    }

    private void Add(CallNode? current, in GasCharge charge)
    {
        TotalGas += charge.Total;
        if (current is not null)
        {
            current.Add(charge);
            _places.Note(current, charge);
            return;
        }

        OwnGas += charge.Total;
        GasBeforeRounded += _calls.Count == 0 ? charge.Total.RoundUp() : 0;
    }

    private void Begin(CallNode? caller, CallNode call)
    {
        if (caller is null)
        {
            _calls.Add(call);
        }
        else
        {
            caller.Add(call);
        }

        _open.Push(call);
        _places.Begin();
    }

    // A call's gas and calls are added to its caller when it ends.
    private void Close()
    {
        CallNode call = _open.Pop();
        _places.End(reverted: !call.HasEnded || !call.ExitCode.IsSuccess);
        if (_open.TryPeek(out CallNode? caller))
        {
            caller.Close(call);
        }
    }
}
