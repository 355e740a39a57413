using Fvm.Ipld;

namespace Fvm.Chain;

/// <summary>Finds out which tipsets of a node's chain are to be checked next, also after a reorganisation.</summary>
/// <param name="reader">The chain.</param>
/// <param name="confidence">The number of epochs above the child of a tipset that is checked.</param>
public sealed class ChainFollower(ChainReader reader, int confidence)
{
    // Lotus's finality: deeper reorganisations do not happen.
    private const int Finality = 900;

    // A gap of some days, if the node or this process was away.
    private const int MaxBacklog = 20_000;

    private readonly LinkedList<Cid> _order = [];
    private readonly HashSet<Cid> _planned = [];

    /// <summary>The epoch of the last tipset that was planned; null before the first.</summary>
    public ChainEpoch? Last { get; private set; }

    /// <summary>The number of planned tipsets that later were not on the chain any more.</summary>
    public long Replaced { get; private set; }

    /// <summary>The number of reorganisations that replaced planned tipsets.</summary>
    public long Reorganisations { get; private set; }

    /// <summary>The tipsets to be checked now, the oldest first; each once, until <see cref="Done"/> says that it was.</summary>
    /// <param name="head">The node's head.</param>
    /// <param name="from">The first epoch, for the first call; null for the newest tipset that is old enough.</param>
    /// <exception cref="ChainException">A block is malformed or missing.</exception>
    public IReadOnlyList<ReplayItem> Next(Tipset head, ChainEpoch? from = null)
    {
        List<ReplayItem> items = [];
        Tipset child = head;
        while (child.Epoch.Value > 0 && items.Count < MaxBacklog && reader.HasTipset(child.Parents))
        {
            Tipset tipset = reader.ParentOf(child);
            if (tipset.Epoch.Value <= 0 || _planned.Contains(KeyOf(tipset, child)) || (Last is null && tipset.Epoch < from)
                || (Last is ChainEpoch last && tipset.Epoch.Value < last.Value - Finality))
            {
                break;
            }

            if (child.Epoch.Value <= head.Epoch.Value - confidence)
            {
                items.Add(new ReplayItem(tipset, child));
                if (Last is null && from is null)
                {
                    break;
                }
            }

            child = tipset;
        }

        items.Reverse();
        return items;
    }

    /// <summary>Remembers that a tipset was checked.</summary>
    public void Done(ReplayItem item)
    {
        if (Last is ChainEpoch last && item.Tipset.Epoch <= last)
        {
            Reorganisations++;
            Replaced += last.Value - item.Tipset.Epoch.Value + 1;
        }

        Last = item.Tipset.Epoch;
        Cid key = KeyOf(item.Tipset, item.Child);
        if (_planned.Add(key))
        {
            _order.AddLast(key);
        }

        // Twice, so that what a reorganisation brings back is still known.
        if (_order.Count > 2 * Finality)
        {
            _planned.Remove(_order.First!.Value);
            _order.RemoveFirst();
        }
    }

    // The results of a tipset are in its child: another child is another check.
    private static Cid KeyOf(Tipset tipset, Tipset child) =>
        Cid.Blake2b256(Multicodec.Raw, [.. tipset.ToCid().ToBytes(), .. child.ToCid().ToBytes()]);
}
