namespace Fvm.Tracing;

/// <summary>
/// Finds the call that emitted each event. A trace has no events, but the charge for each, and a result has them in order, without those of
/// failed calls: so the charges of calls that did not fail are matched with the events, by order and emitter.
/// </summary>
internal sealed class EventPlaces
{
    // The names of the charges for an accepted event, from NV21 on and before.
    private const string Emitted = "OnActorEvent";
    private const string Accepted = "OnActorEventAccept";

    private readonly List<(CallNode Call, int CallsBefore)> _places = [];
    private readonly Stack<int> _marks = new();

    public void Begin() => _marks.Push(_places.Count);

    public void End(bool reverted)
    {
        int mark = _marks.Pop();
        if (reverted)
        {
            _places.RemoveRange(mark, _places.Count - mark);
        }
    }

    public void Note(CallNode call, in GasCharge charge)
    {
        if (charge.Name is Emitted or Accepted)
        {
            _places.Add((call, call.Calls.Count));
        }
    }

    /// <summary>Gives the events to their calls.</summary>
    /// <returns>Those without a call.</returns>
    public IReadOnlyList<EmittedEvent> Assign(IReadOnlyList<StampedEvent> events)
    {
        List<EmittedEvent> left = [];
        int next = 0;
        for (int index = 0; index < events.Count; index++)
        {
            // A refused event was charged for, but does not exist.
            int at = next;
            ActorId emitter = events[index].Emitter;
            while (at < _places.Count && _places[at].Call.Invoked?.Id != emitter)
            {
                at++;
            }

            if (at == _places.Count)
            {
                left.Add(new EmittedEvent(events[index], index, CallsBefore: 0));
                continue;
            }

            _places[at].Call.Add(new EmittedEvent(events[index], index, _places[at].CallsBefore));
            next = at + 1;
        }

        return left;
    }
}
