using Fvm.Ipld;

namespace Fvm.Sidecar;

/// <summary>
/// What a client has shown to have: blocks that it returned, stored or confirmed, of all machines of its session. A machine takes these alone from
/// the cache that sessions share: whether a block exists is its own client's answer. Approximately the last ones are remembered. Thread-safe.
/// </summary>
internal sealed class KnownBlocks
{
    private const int MaxPerGeneration = 1 << 14;

    private readonly Lock _gate = new();
    private HashSet<Cid> _young = [];
    private HashSet<Cid> _old = [];

    public bool Contains(in Cid cid)
    {
        lock (_gate)
        {
            if (_young.Contains(cid))
            {
                return true;
            }

            if (!_old.Contains(cid))
            {
                return false;
            }

            AddYoung(in cid);
            return true;
        }
    }

    public void Add(in Cid cid)
    {
        lock (_gate)
        {
            AddYoung(in cid);
        }
    }

    /// <summary>Forgets all: the client's store failed, and is to be asked again.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _young.Clear();
            _old.Clear();
        }
    }

    private void AddYoung(in Cid cid)
    {
        if (_young.Count >= MaxPerGeneration)
        {
            (_young, _old) = (_old, _young);
            _young.Clear();
        }

        _young.Add(cid);
    }
}
