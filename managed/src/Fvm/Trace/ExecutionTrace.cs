using System.Collections;

namespace Fvm;

/// <summary>The events of one message, in order.</summary>
public sealed class ExecutionTrace : IReadOnlyList<ExecutionEvent>
{
    private readonly List<ExecutionEvent> _events = [];

    public int Count => _events.Count;

    public ExecutionEvent this[int index] => _events[index];

    public void Add(ExecutionEvent item) => _events.Add(item);

    public IEnumerator<ExecutionEvent> GetEnumerator() => _events.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _events.GetEnumerator();
}
