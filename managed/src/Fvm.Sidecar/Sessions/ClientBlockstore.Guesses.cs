using Fvm.Ipld;

namespace Fvm.Sidecar;

// What to ask for besides what is wanted.
internal sealed partial class ClientBlockstore
{
    private const int MaxConfirmed = 64;
    private const int MaxFamilies = 1_024;
    private const long MaxParentBytes = 1 << 20;

    // Links to blocks beside each other in one with few links.
    private readonly Dictionary<Cid, Cid[]> _families = [];

    // Blocks that were read since families were looked for.
    private readonly List<KeyValuePair<Cid, byte[]>> _parents = [];
    private readonly List<WalkStep> _suggested = [];
    private readonly HashSet<Cid> _reads = [];
    private long _parentBytes;

    /// <summary>Whether reads are noted: what a machine without guesses reads is not.</summary>
    public bool NotesReads { get; set; }

    /// <summary>The blocks read since the last call.</summary>
    public Cid[] TakeReads()
    {
        Cid[] reads = [.. _reads];
        _reads.Clear();
        return reads;
    }

    /// <summary>Asks for blocks with the next one that is wanted.</summary>
    public void Suggest(IEnumerable<WalkStep> steps)
    {
        _suggested.Clear();
        _suggested.AddRange(steps);
    }

    // Blocks of the shared cache below the first one: who reads it goes on to some of them.
    private void AddBelow(List<Cid> cids)
    {
        for (int next = 0; next < cids.Count && cids.Count < MaxConfirmed; next++)
        {
            Cid cid = cids[next];
            if (!_shared!.TryPeek(in cid, out byte[]? block))
            {
                continue;
            }

            foreach (Cid link in FewLinks.Of(in cid, block))
            {
                if (cids.Count < MaxConfirmed && _shared.TryPeek(in link, out _) && IsUnconfirmed(in link) && !cids.Contains(link))
                {
                    cids.Add(link);
                }
            }
        }
    }

    /// <summary>Notes a read, or that a walk came by the block: its actor will be looked up.</summary>
    public void NoteRead(in Cid cid)
    {
        if (NotesReads && _reads.Count < EarlierReads.MaxPerMessage)
        {
            _reads.Add(cid);
        }
    }

    // Their links are looked for when a block is asked for: most machines ask for none once their guesses are right.
    private void NoteFamily(in Cid cid, byte[] block)
    {
        if (!guesses)
        {
            return;
        }

        _parents.Add(new KeyValuePair<Cid, byte[]>(cid, block));
        _parentBytes += block.Length;
        if (_parents.Count >= MaxFamilies || _parentBytes > MaxParentBytes)
        {
            FindFamilies();
        }
    }

    private void FindFamilies()
    {
        int most = session.Guesses.IsWorth(GuessKind.ManySiblings) ? FewLinks.Many : FewLinks.Few;
        foreach (KeyValuePair<Cid, byte[]> parent in _parents)
        {
            Cid cid = parent.Key;
            if (FewLinks.Of(in cid, parent.Value, most) is not { Length: > 1 } links)
            {
                continue;
            }

            if (_families.Count > MaxFamilies)
            {
                _families.Clear();
            }

            foreach (Cid link in links)
            {
                _families[link] = links;
            }
        }

        _parents.Clear();
        _parentBytes = 0;
    }

    // What to ask for with a wanted block.
    private List<WalkStep> Others(in Cid cid)
    {
        List<WalkStep> others = [];
        foreach (WalkStep step in _suggested)
        {
            AddOther(others, step, in cid);
        }

        _suggested.Clear();
        FindFamilies();
        if (_families.Remove(cid, out Cid[]? family))
        {
            GuessKind kind = family.Length > FewLinks.Few ? GuessKind.ManySiblings : GuessKind.Sibling;
            foreach (Cid sibling in session.Guesses.IsWorth(kind) ? family : [])
            {
                AddOther(others, new WalkStep(sibling, kind), in cid);
            }
        }

        return others;
    }

    private void AddOther(List<WalkStep> others, WalkStep step, in Cid wanted)
    {
        Cid cid = step.Cid;
        if (cid != wanted && others.Count < client.MaxGuesses && MayGuess(in cid) && !TryPeek(in cid, out _)
            && !others.Exists(other => other.Cid == cid))
        {
            others.Add(step);
        }
    }
}
