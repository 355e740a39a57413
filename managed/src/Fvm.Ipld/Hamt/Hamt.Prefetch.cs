namespace Fvm.Ipld;

/// <content>Asking the memory for nodes before they are looked up. None of it can be observed but by a clock.</content>
public sealed partial class Hamt
{
    // Of keys that were prefetched, hence are about to be looked up.
    private HamtRecentHashes _recent;

    /// <summary>
    /// Asks the memory for the next nodes on the ways of two keys that are about to be looked up one after the other: of both, what the search
    /// for the node begins with, then its object and the key's place in it if it has been checked, otherwise its block.
    /// </summary>
    /// <param name="first">The first key; none if it is not looked up.</param>
    /// <param name="second">The second key.</param>
    /// <returns>The second block, to be asked for (<see cref="BlockPrefetch"/>) once the first one has been checked: two at a time are more
    /// than can be on their way.</returns>
    public byte[]? Prefetch(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        if (_prefetching is null)
        {
            return null;
        }

        Cid firstLink = default;
        int firstIndex = 0;
        CachedBlock? firstNode = null;
        bool hasFirst = !first.IsEmpty && TryFindUnread(first, out firstLink, out firstIndex);
        if (hasFirst)
        {
            _prefetching.PrefetchPlace(in firstLink);
        }

        bool hasSecond = TryFindUnread(second, out Cid secondLink, out int secondIndex);
        if (hasSecond)
        {
            _prefetching.PrefetchPlace(in secondLink);
        }

        if (hasFirst)
        {
            byte[]? firstBlock = _prefetching.Glance(in firstLink, out firstNode);
            if (firstNode is not null)
            {
                BlockPrefetch.BeginObject(firstNode);
            }
            else if (firstBlock is not null)
            {
                BlockPrefetch.Begin(firstBlock);
            }
        }

        byte[]? secondBlock = null;
        if (hasSecond)
        {
            secondBlock = _prefetching.Glance(in secondLink, out CachedBlock? secondNode);
            if (secondNode is not null)
            {
                BlockPrefetch.BeginObject(secondNode);
            }

            (firstNode as HamtLayout)?.Prefetch(firstIndex);
            (secondNode as HamtLayout)?.Prefetch(secondIndex);
        }

        return secondBlock;
    }

    // The link to the first node on a key's way that was not read yet, and the index of the key's pointer in it.
    private bool TryFindUnread(ReadOnlySpan<byte> key, out Cid link, out int next)
    {
        HamtHash hash = _recent.Add(key);
        HamtNode node = _root;
        link = default;
        next = 0;
        for (int depth = 0; HamtHash.Has(depth + 2, _options.BitWidth); depth++)
        {
            int index = hash.IndexAt(depth, _options.BitWidth);
            if (!node.Has(index))
            {
                return false;
            }

            next = hash.IndexAt(depth + 1, _options.BitWidth);
            if (node.TryGetDecoded(index, out HamtPointer? pointer))
            {
                if (pointer.Node is null)
                {
                    link = pointer.Link;
                    return pointer.Bucket is null;
                }

                node = pointer.Node;
                continue;
            }

            if (!node.IsLink(index))
            {
                return false;
            }

            if (node.Followed(index) is not HamtLayout below)
            {
                link = node.LinkInBlock(index);
                return true;
            }

            if (!below.Has(next) || !below.IsLink(next))
            {
                return false;
            }

            link = below.LinkAt(next);
            next = hash.IndexAt(depth + 2, _options.BitWidth);
            return true;
        }

        return false;
    }
}
