namespace Fvm.Ipld;

public sealed partial class Amt
{
    /// <summary>The values in index order. The AMT must not be modified during enumeration.</summary>
    /// <param name="start">The first index to return.</param>
    /// <param name="keep">Whether loaded nodes stay in memory.</param>
    /// <exception cref="AmtException">There are more values than the root's count: a few blocks linked from many places cannot expand to more
    /// values than can be enumerated.</exception>
    public IEnumerable<AmtEntry> Entries(ulong start = 0, bool keep = true)
    {
        ulong left = Count;
        foreach (AmtEntry entry in EntriesBelow(new AmtLink { Node = _root }, Height, 0, start, keep))
        {
            if (left-- == 0)
            {
                throw new AmtException($"there are more values than the {Count} that the root counts");
            }

            yield return entry;
        }
    }

    /// <summary>The differences between two AMTs of equal bit width, by index. Subtrees with equal CIDs are not read.</summary>
    /// <exception cref="ArgumentException">The bit widths differ.</exception>
    public static IEnumerable<AmtChange> Diff(Amt before, Amt after)
    {
        if (before.BitWidth != after.BitWidth)
        {
            throw new ArgumentException("two AMTs with different bit widths cannot be compared");
        }

        return DiffNodes(before, after);
    }

    private static IEnumerable<AmtChange> DiffNodes(Amt before, Amt after)
    {
        Stack<(AmtSide Before, AmtSide After, ulong Offset)> pending = new();
        AmtSide beforeRoot = new(new AmtLink { Node = before._root }, before.Height);
        AmtSide afterRoot = new(new AmtLink { Node = after._root }, after.Height);
        pending.Push((beforeRoot, afterRoot, 0));
        while (pending.TryPop(out (AmtSide Before, AmtSide After, ulong Offset) pair))
        {
            (AmtSide left, AmtSide right, ulong offset) = pair;
            if (left.Link is null || right.Link is null)
            {
                foreach (AmtChange change in OneSided(before, left, after, right, offset))
                {
                    yield return change;
                }

                continue;
            }

            if (left.Height == right.Height && !left.Link.IsDirty && left.Link.Cid == right.Link.Cid)
            {
                continue;
            }

            AmtNode leftNode = before.NodeOf(left.Link, left.Height);
            AmtNode rightNode = after.NodeOf(right.Link, right.Height);
            int height = Math.Max(left.Height, right.Height);
            if (height == 0)
            {
                for (int digit = 0; digit < leftNode.Values!.Length; digit++)
                {
                    ReadOnlyMemory<byte> old = leftNode.Values[digit];
                    ReadOnlyMemory<byte> current = rightNode.Values![digit];
                    if (!old.Span.SequenceEqual(current.Span))
                    {
                        yield return new AmtChange(offset + (ulong)digit, OrNull(old), OrNull(current));
                    }
                }

                continue;
            }

            // The lower of two sides of unequal height is treated as the first child of a virtual node.
            for (int digit = (1 << before.BitWidth) - 1; digit >= 0; digit--)
            {
                AmtSide leftChild = left.Height == height ? left.Child(leftNode, digit) : digit == 0 ? left : default;
                AmtSide rightChild = right.Height == height ? right.Child(rightNode, digit) : digit == 0 ? right : default;
                if (leftChild.Link is not null || rightChild.Link is not null)
                {
                    pending.Push((leftChild, rightChild, before.OffsetOf(offset, height, digit)));
                }
            }
        }
    }

    private static IEnumerable<AmtChange> OneSided(Amt before, AmtSide left, Amt after, AmtSide right, ulong offset)
    {
        AmtSide side = left.Link is null ? right : left;
        foreach (AmtEntry entry in (left.Link is null ? after : before).EntriesBelow(side.Link!, side.Height, offset, 0, keep: true))
        {
            yield return left.Link is null
                ? new AmtChange(entry.Index, null, entry.Value)
                : new AmtChange(entry.Index, entry.Value, null);
        }
    }

    // A conditional with a bare null would yield an empty memory, to which null also converts.
    private static ReadOnlyMemory<byte>? OrNull(ReadOnlyMemory<byte> value) => value.IsEmpty ? (ReadOnlyMemory<byte>?)null : value;

    private IEnumerable<AmtEntry> EntriesBelow(AmtLink top, int topHeight, ulong topOffset, ulong start, bool keep)
    {
        Stack<(AmtLink Link, int Height, ulong Offset)> pending = new();
        pending.Push((top, topHeight, topOffset));
        while (pending.TryPop(out (AmtLink Link, int Height, ulong Offset) next))
        {
            (AmtLink link, int height, ulong offset) = next;
            AmtNode node = keep ? NodeOf(link, height) : link.Node ?? LoadNode(link.Cid, height);
            if (node.Values is not null)
            {
                for (int digit = 0; digit < node.Values.Length; digit++)
                {
                    ulong index = offset + (ulong)digit;
                    if (!node.Values[digit].IsEmpty && index >= start)
                    {
                        yield return new AmtEntry(index, node.Values[digit]);
                    }
                }

                continue;
            }

            for (int digit = node.Links!.Length - 1; digit >= 0; digit--)
            {
                if (node.Links[digit] is AmtLink child && !EndsBefore(start, offset, height, digit))
                {
                    pending.Push((child, height - 1, OffsetOf(offset, height, digit)));
                }
            }
        }
    }

    /// <summary>The first index below a child. A child that only indices beyond 64 bits could reach is rejected.</summary>
    private ulong OffsetOf(ulong offset, int height, int digit)
    {
        int shift = BitWidth * height;
        if (digit > 0 && (shift >= 64 || (ulong)digit > ulong.MaxValue >> shift))
        {
            throw new AmtException($"a link at height {height} leads to indices beyond 64 bits");
        }

        return offset + (shift >= 64 ? 0 : (ulong)digit << shift);
    }

    /// <summary>Whether all indices below a child are before <paramref name="start"/>.</summary>
    private bool EndsBefore(ulong start, ulong offset, int height, int digit)
    {
        int shift = BitWidth * height;
        if (shift >= 64)
        {
            return false;
        }

        ulong first = offset + ((ulong)digit << shift);
        return start > first && (start - first) >> shift != 0;
    }

    /// <summary>A subtree on one side of a comparison, or nothing.</summary>
    private readonly record struct AmtSide(AmtLink? Link, int Height)
    {
        public AmtSide Child(AmtNode node, int digit) => new(node.Links![digit], Height - 1);
    }
}
