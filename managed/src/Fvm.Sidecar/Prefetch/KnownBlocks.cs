using Fvm.Ipld;

namespace Fvm.Sidecar;

/// <summary>
/// What a client has shown to have, or to lack, of all machines of its session. Approximately the last ones are remembered. Thread-safe.
/// </summary>
/// <param name="max">The number of blocks to remember.</param>
internal sealed class KnownBlocks(int max)
{
    // A set: each CID costs one.
    private static readonly object Present = new();

    private readonly Lock _gate = new();
    private readonly TwoGenerations<object> _known = new(max, maxEntryBytes: 1, static _ => 1);

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
