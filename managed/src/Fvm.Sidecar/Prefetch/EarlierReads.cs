using Fvm.Ipld;

namespace Fvm.Sidecar;

/// <summary>
/// The blocks that a session's machines read earlier: at creation, and for messages to the same method of the same actor, on the same state if it had
/// one there. Bounded; the oldest are forgotten. Thread-safe.
/// </summary>
internal sealed class EarlierReads
{
    /// <summary>The most blocks that are remembered of a creation or message.</summary>
    public const int MaxPerMessage = 128;

    // Of everything together: with their CIDs about 1 MB per session.
    private const int MaxBlocks = 16_384;
    private const int MaxEntries = 2_048;

    private readonly Lock _gate = new();
    private readonly Dictionary<Key, Cid[]> _reads = [];
    private readonly Queue<Key> _order = new();
    private Cid[] _lastCreation = [];
    private Cid _lastRoot;
    private Cid[] _common = [];
    private int _blocks;

    /// <summary>What the last creation on a state read; of another state, what the last two had in common.</summary>
    public Cid[] OfCreation(in Cid root)
    {
        lock (_gate)
        {
            return _reads.TryGetValue(new Key(root, null, default), out Cid[]? blocks) ? blocks : _common;
        }
    }

    /// <summary>What the last message to the same method of the same actor read: on this state, or else on any.</summary>
    public Cid[] Of(in Cid root, Message message)
    {
        lock (_gate)
        {
            return _reads.TryGetValue(new Key(root, message.To, message.Method), out Cid[]? blocks)
                || _reads.TryGetValue(new Key(null, message.To, message.Method), out blocks) ? blocks : [];
        }
    }

    /// <summary>Notes what a creation read.</summary>
    public void NoteCreation(in Cid root, Cid[] blocks)
    {
        lock (_gate)
        {
            if (root != _lastRoot)
            {
                _common = [.. blocks.Intersect(_lastCreation)];
                (_lastRoot, _lastCreation) = (root, blocks);
            }

            Set(new Key(root, null, default), blocks);
        }
    }

    /// <summary>Notes what a message read.</summary>
    public void Note(in Cid root, Message message, Cid[] blocks)
    {
        lock (_gate)
        {
            Set(new Key(root, message.To, message.Method), blocks);
            Set(new Key(null, message.To, message.Method), blocks);
        }
    }

    private void Set(in Key key, Cid[] blocks)
    {
        if (_reads.TryGetValue(key, out Cid[]? before))
        {
            _blocks -= before.Length;
        }
        else if (blocks.Length == 0)
        {
            return;
        }
        else
        {
            _order.Enqueue(key);
        }

        _reads[key] = blocks;
        _blocks += blocks.Length;
        while (_blocks > MaxBlocks || _order.Count > MaxEntries)
        {
            _reads.Remove(_order.Dequeue(), out Cid[]? oldest);
            _blocks -= oldest!.Length;
        }
    }

    // Without an actor: a creation.
    private readonly record struct Key(Cid? Root, Address? To, MethodNumber Method);
}
