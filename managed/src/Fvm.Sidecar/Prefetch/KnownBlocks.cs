using Fvm.Ipld;

namespace Fvm.Sidecar;

/// <summary>
/// What a client has shown to have: blocks that it returned, stored or confirmed, of all machines of its session. A machine takes these alone from
/// the cache that sessions share: whether a block exists is its own client's answer. Approximately the last ones are remembered. Thread-safe.
/// </summary>
internal sealed class KnownBlocks
{
    private const int MaxPerGeneration = 1 << 14;

    // A set: each CID costs one.
    private static readonly object Present = new();

    private readonly Lock _gate = new();
    private readonly TwoGenerations<object> _known = new(2 * MaxPerGeneration, maxEntryBytes: 1, static _ => 1);

    public bool Contains(in Cid cid)
    {
        lock (_gate)
        {
            return _known.TryGet(in cid, out _);
        }
    }

    public void Add(in Cid cid)
    {
        lock (_gate)
        {
            _known.Add(in cid, Present);
        }
    }

    /// <summary>Forgets all: the client's store failed, and is to be asked again.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _known.Clear();
        }
    }
}
