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
    private readonly Dictionary<Key, Reads> _reads = [];
    private readonly Queue<Key> _order = new();
    private Cid[] _lastCreation = [];
    private Cid _lastRoot;
    private Cid[] _common = [];
    private int _blocks;

    /// <summary>What the last creation on a state read; of another state, what the last two had in common.</summary>
    /// <param name="root">The state.</param>
    /// <param name="isSame">Whether that is all that a creation reads: there was one on this state, and no more than what is remembered.</param>
    public Cid[] OfCreation(in Cid root, out bool isSame)
    {
        lock (_gate)
        {
            bool isKnown = _reads.TryGetValue(new Key(root, null, default), out Reads reads);
            isSame = isKnown && reads.AreAll;
            return isKnown ? reads.Blocks : _common;
        }
    }

    /// <summary>What the last message to the same method of the same actor read: on this state, or else on any.</summary>
    /// <param name="root">The state.</param>
    /// <param name="message">The message.</param>
    /// <param name="isSame">
    /// Whether that is all that the message reads: it was executed on this state, perhaps with another nonce or gas limit, and read no more than what
    /// is remembered.
    /// </param>
    public Cid[] Of(in Cid root, Message message, out bool isSame)
    {
        lock (_gate)
        {
            bool isKnown = _reads.TryGetValue(new Key(root, message.To, message.Method), out Reads reads);
            isSame = isKnown && reads.AreAll && reads.From == message.From && reads.Params == HashOf(message);
            return isKnown || _reads.TryGetValue(new Key(null, message.To, message.Method), out reads) ? reads.Blocks : [];
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

            Set(new Key(root, null, default), new Reads(blocks, default, 0));
        }
    }

    /// <summary>Notes what a message read.</summary>
    public void Note(in Cid root, Message message, Cid[] blocks)
    {
        lock (_gate)
        {
            Reads reads = new(blocks, message.From, HashOf(message));
            Set(new Key(root, message.To, message.Method), reads);
            Set(new Key(null, message.To, message.Method), reads);
        }
    }

    // Randomly keyed; equal hashes of other parameters cost a round trip.
    private static int HashOf(Message message)
    {
        HashCode hash = default;
        hash.AddBytes(message.Params.Span);
        return hash.ToHashCode();
    }

    private void Set(in Key key, in Reads reads)
    {
        if (_reads.TryGetValue(key, out Reads before))
        {
            _blocks -= before.Blocks.Length;
        }
        else
        {
            _order.Enqueue(key);
        }

        _reads[key] = reads;
        _blocks += reads.Blocks.Length;
        while (_blocks > MaxBlocks || _order.Count > MaxEntries)
        {
            _reads.Remove(_order.Dequeue(), out Reads oldest);
            _blocks -= oldest.Blocks.Length;
        }
    }

    // Without an actor: a creation.
    private readonly record struct Key(Cid? Root, Address? To, MethodNumber Method);

    // Of a message: its sender, and a hash of its parameters.
    private readonly record struct Reads(Cid[] Blocks, Address From, int Params)
    {
        public bool AreAll => Blocks.Length < MaxPerMessage;
    }
}
