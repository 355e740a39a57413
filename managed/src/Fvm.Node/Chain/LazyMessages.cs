using System.Collections;

namespace Fvm.Node;

/// <summary>Messages of another node's block, read when somebody looks at them. Thread-safe.</summary>
/// <param name="read">Reads them; again after a failure.</param>
internal sealed class LazyMessages(Func<IReadOnlyList<LocalMessage>> read) : IReadOnlyList<LocalMessage>
{
    private readonly Lock _gate = new();
    private volatile IReadOnlyList<LocalMessage>? _messages;

    /// <inheritdoc/>
    public int Count => All.Count;

    private IReadOnlyList<LocalMessage> All
    {
        get
        {
            if (_messages is null)
            {
                lock (_gate)
                {
                    _messages ??= read();
                }
            }

            return _messages;
        }
    }

    /// <inheritdoc/>
    public LocalMessage this[int index] => All[index];

    /// <inheritdoc/>
    public IEnumerator<LocalMessage> GetEnumerator() => All.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
