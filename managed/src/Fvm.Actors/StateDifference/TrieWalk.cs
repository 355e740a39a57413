namespace Fvm.Actors;

/// <summary>Walks two tries side by side, without what both share.</summary>
internal static class TrieWalk
{
    private const int MaxDepth = 70;

    /// <summary>Passes the entries that may differ: those with equal keys as pairs, others alone.</summary>
    public static void Pairs(
        TriePlace? old, TriePlace? now, TrieSide left, TrieSide right, Action<string, byte[]?, byte[]?> visit, int depth = 0)
    {
        if (old is null || now is null || depth > MaxDepth)
        {
            return;
        }

        if (old.Height != now.Height && (old.First, now.First) == (0, 0) && depth == 0)
        {
            // AMTs of unequal height: the entries of both.
            Entries(Collect(old, left), Collect(now, right), visit);
            return;
        }

        foreach (int slot in old.Slots.Keys.Union(now.Slots.Keys).Order())
        {
            TrieSlot? a = old.Slots.GetValueOrDefault(slot);
            TrieSlot? b = now.Slots.GetValueOrDefault(slot);
            if (a?.Link is not null && b?.Link is not null && a.Extension == b.Extension)
            {
                if (a.Link != b.Link)
                {
                    Pairs(left.Below(old, slot), right.Below(now, slot), left, right, visit, depth + 1);
                }

                continue;
            }

            Entries(a is null ? [] : Collect(old, left, slot), b is null ? [] : Collect(now, right, slot), visit);
        }
    }

    private static void Entries(Dictionary<string, byte[]> old, Dictionary<string, byte[]> now, Action<string, byte[]?, byte[]?> visit)
    {
        foreach (string key in old.Keys.Union(now.Keys).Order(StringComparer.Ordinal))
        {
            byte[]? a = old.GetValueOrDefault(key);
            byte[]? b = now.GetValueOrDefault(key);
            if (a is null || b is null || !a.AsSpan().SequenceEqual(b))
            {
                visit(key, a, b);
            }
        }
    }

    private static Dictionary<string, byte[]> Collect(TriePlace place, TrieSide side, int? only = null)
    {
        Dictionary<string, byte[]> entries = new(StringComparer.Ordinal);
        Stack<(TriePlace Place, int Depth)> pending = new();
        pending.Push((only is int slot ? place with { Slots = new() { [slot] = place.Slots[slot] } } : place, 0));
        while (pending.TryPop(out (TriePlace Place, int Depth) next))
        {
            foreach ((int index, TrieSlot found) in next.Place.Slots)
            {
                foreach ((string key, byte[] value) in found.Entries)
                {
                    entries[key] = value;
                }

                if (found.Link is not null && next.Depth < MaxDepth && side.Below(next.Place, index) is TriePlace below)
                {
                    pending.Push((below, next.Depth + 1));
                }
            }
        }

        return entries;
    }
}
