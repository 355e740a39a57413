namespace Fvm.Ipld;

/// <content>Differences between two maps, found without reading what they share.</content>
public sealed partial class Kamt
{
    /// <summary>The differences to another map of the same parameters, in the order of keys. Nodes with equal CIDs are not read.</summary>
    public IEnumerable<KamtDifference> DifferencesTo(Kamt other)
    {
        Walk before = new(this);
        Walk after = new(other);
        while (true)
        {
            if (!before.TryPeek(out KamtPointer? left, out KamtPath leftPath))
            {
                if (!after.TryPeek(out _, out _)) yield break;

                if (after.TryTakeEntry(out KamtEntry added)) yield return new KamtDifference(added.Key, null, added.Value);
            }
            else if (!after.TryPeek(out KamtPointer? right, out KamtPath rightPath))
            {
                if (before.TryTakeEntry(out KamtEntry removed)) yield return new KamtDifference(removed.Key, removed.Value, null);
            }
            else
            {
                // Of two places, the one that begins first is taken; of two that begin together, the link to more keys is followed.
                int order = Compare(leftPath, rightPath);
                bool areLinks = left.Bucket is null && right.Bucket is null;
                if (areLinks && order == 0 && leftPath.Length == rightPath.Length && !left.IsDirty && left.Link == right.Link)
                {
                    before.Skip();
                    after.Skip();
                    continue;
                }

                bool takeLeft = order < 0 || (order == 0 && left.Bucket is null && (right.Bucket is not null || leftPath.Length <= rightPath.Length));
                bool takeRight = order > 0 || (order == 0 && !takeLeft && right.Bucket is null);
                if (takeLeft)
                {
                    if (before.TryTakeEntry(out KamtEntry removed)) yield return new KamtDifference(removed.Key, removed.Value, null);
                }
                else if (takeRight)
                {
                    if (after.TryTakeEntry(out KamtEntry added)) yield return new KamtDifference(added.Key, null, added.Value);
                }
                else
                {
                    before.TryTakeEntry(out KamtEntry old);
                    after.TryTakeEntry(out KamtEntry now);
                    if (!old.Value.AsSpan().SequenceEqual(now.Value)) yield return new KamtDifference(now.Key, old.Value, now.Value);
                }
            }
        }
    }

    // By the first key below each.
    private static int Compare(KamtPath left, KamtPath right)
    {
        Span<byte> first = stackalloc byte[KeyLength];
        Span<byte> second = stackalloc byte[KeyLength];
        first.Clear();
        second.Clear();
        left.ToBytes().CopyTo(first);
        right.ToBytes().CopyTo(second);
        return first.SequenceCompareTo(second);
    }

    /// <summary>The places of a map in the order of keys: entries, and links that are followed on demand.</summary>
    private sealed class Walk
    {
        private readonly Kamt _map;
        private readonly Stack<(KamtPointer Pointer, KamtPath Path)> _left = new();

        public Walk(Kamt map)
        {
            _map = map;
            map.PushAll(_left, map._root, KamtPath.Empty);
            SplitTop();
        }

        /// <summary>The next place: an entry with its key's path, or a link with the path of all keys below.</summary>
        public bool TryPeek([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out KamtPointer? pointer, out KamtPath path)
        {
            bool found = _left.TryPeek(out (KamtPointer Pointer, KamtPath Path) top);
            pointer = top.Pointer;
            path = !found ? default
                : top.Pointer.Bucket is List<KamtEntry> bucket ? KamtPath.OfKey(bucket[0].Key)
                : top.Path.Join(top.Pointer.Skipped);
            return found;
        }

        public void Skip()
        {
            _left.Pop();
            SplitTop();
        }

        /// <summary>Takes the next place if it is an entry; follows it if it is a link.</summary>
        public bool TryTakeEntry(out KamtEntry entry)
        {
            (KamtPointer pointer, KamtPath path) = _left.Pop();
            bool isEntry = pointer.Bucket is not null;
            entry = isEntry ? pointer.Bucket![0] : default;
            if (isEntry)
            {
                RequirePlace(entry, path);
            }
            else
            {
                KamtPath below = path.Join(pointer.Skipped);
                _map.PushAll(_left, _map.NodeOf(pointer, KeyBits - below.Length), below);
            }

            SplitTop();
            return isEntry;
        }

        // A bucket of several entries becomes several of one.
        private void SplitTop()
        {
            if (_left.TryPeek(out (KamtPointer Pointer, KamtPath Path) top) && top.Pointer.Bucket is { Count: > 1 } bucket)
            {
                _left.Pop();
                for (int at = bucket.Count - 1; at >= 0; at--)
                {
                    _left.Push((KamtPointer.ToBucket([bucket[at]]), top.Path));
                }
            }
        }
    }
}
