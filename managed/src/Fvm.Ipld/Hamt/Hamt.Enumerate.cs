namespace Fvm.Ipld;

public sealed partial class Hamt
{
    /// <summary>
    /// The entries in trie order: by the keys' hashes, and by key within a bucket. The HAMT must not be modified during enumeration.
    /// </summary>
    /// <param name="keep">Whether loaded nodes stay in memory.</param>
    public IEnumerable<HamtEntry> Entries(bool keep = true) => EntriesBelow(HamtPointer.ToDirty(_root), 0, default, keep);

    /// <summary>The differences between two HAMTs of equal parameters. Subtrees with equal CIDs are not read.</summary>
    /// <exception cref="ArgumentException">The parameters differ.</exception>
    public static IEnumerable<HamtChange> Diff(Hamt before, Hamt after)
    {
        if (before._options != after._options)
        {
            throw new ArgumentException("two HAMTs with different parameters cannot be compared");
        }

        return DiffNodes(before, after);
    }

    private static IEnumerable<HamtChange> DiffNodes(Hamt before, Hamt after)
    {
        Stack<(HamtPointer? Before, HamtPointer? After, int Depth, HamtPath Path)> pending = new();
        pending.Push((HamtPointer.ToDirty(before._root), HamtPointer.ToDirty(after._root), 0, default));
        while (pending.TryPop(out (HamtPointer? Before, HamtPointer? After, int Depth, HamtPath Path) pair))
        {
            (HamtPointer? left, HamtPointer? right, int depth, HamtPath path) = pair;
            if (left is { Bucket: null } && right is { Bucket: null })
            {
                if (!left.Link.IsDefault && left.Link == right.Link)
                {
                    continue;
                }

                HamtNode leftNode = before.NodeOf(left, depth);
                HamtNode rightNode = after.NodeOf(right, depth);
                for (int index = (1 << before._options.BitWidth) - 1; index >= 0; index--)
                {
                    HamtPointer? leftChild = leftNode.Find(index);
                    HamtPointer? rightChild = rightNode.Find(index);
                    if (leftChild is not null || rightChild is not null)
                    {
                        pending.Push((leftChild, rightChild, before.Below(depth), path.With(depth, index)));
                    }
                }

                continue;
            }

            foreach (HamtChange change in DiffEntries(before, left, after, right, depth, path))
            {
                yield return change;
            }
        }
    }

    /// <summary>Compares two subtrees, at least one of which is a bucket or empty.</summary>
    private static IEnumerable<HamtChange> DiffEntries(
        Hamt before,
        HamtPointer? left,
        Hamt after,
        HamtPointer? right,
        int depth,
        HamtPath path)
    {
        bool smallLeft = left is null || left.Bucket is not null;
        HamtEntry[] small = (smallLeft ? left : right)?.Bucket ?? [];
        HamtPointer? large = smallLeft ? right : left;
        bool[] seen = new bool[small.Length];
        IEnumerable<HamtEntry> entries = large is null ? [] : (smallLeft ? after : before).EntriesBelow(large, depth, path, keep: true);
        foreach (HamtEntry entry in entries)
        {
            int same = Find(small, entry.Key.Span);
            if (same < 0)
            {
                yield return smallLeft ? new HamtChange(entry.Key, null, entry.Value) : new HamtChange(entry.Key, entry.Value, null);
                continue;
            }

            seen[same] = true;
            if (!small[same].Value.Span.SequenceEqual(entry.Value.Span))
            {
                yield return smallLeft
                    ? new HamtChange(entry.Key, small[same].Value, entry.Value)
                    : new HamtChange(entry.Key, entry.Value, small[same].Value);
            }
        }

        for (int index = 0; index < small.Length; index++)
        {
            if (!seen[index])
            {
                HamtEntry entry = small[index];
                yield return smallLeft ? new HamtChange(entry.Key, entry.Value, null) : new HamtChange(entry.Key, null, entry.Value);
            }
        }
    }

    private IEnumerable<HamtEntry> EntriesBelow(HamtPointer top, int topDepth, HamtPath topPath, bool keep)
    {
        Stack<(HamtPointer Pointer, int Depth, HamtPath Path)> pending = new();
        pending.Push((top, topDepth, topPath));
        while (pending.TryPop(out (HamtPointer Pointer, int Depth, HamtPath Path) next))
        {
            (HamtPointer pointer, int depth, HamtPath path) = next;
            if (pointer.Bucket is HamtEntry[] bucket)
            {
                foreach (HamtEntry entry in bucket)
                {
                    CheckPlace(entry, depth, path);
                    yield return entry;
                }

                continue;
            }

            Cid link = pointer.Link;
            HamtNode node = keep ? NodeOf(pointer, depth) : pointer.Node ?? LoadNode(in link, depth);
            for (int index = HamtBitmap.MaxBits - 1, left = node.Count; left > 0; index--)
            {
                if (node.Find(index) is HamtPointer below)
                {
                    pending.Push((below, Below(depth), path.With(depth, index)));
                    left--;
                }
            }
        }
    }

    private int Below(int depth) => depth < _options.MaxDepth
        ? depth + 1
        : throw new HamtException("a HAMT is deeper than its hashes are long");

    private void CheckPlace(in HamtEntry entry, int depth, in HamtPath path)
    {
        if (!_options.CheckKeys)
        {
            return;
        }

        HamtHash hash = new(entry.Key.Span);
        for (int level = 0; level < depth; level++)
        {
            if (hash.IndexAt(level, _options.BitWidth) != path.At(level))
            {
                throw new HamtException($"the key {Convert.ToHexStringLower(entry.Key.Span)} is not where its hash says");
            }
        }
    }
}
