using Fvm.Ipld;

namespace Fvm.Actors;

/// <summary>The trie of one of two states.</summary>
internal sealed class TrieSide(StateComparer comparer, IBlockstore store, TrieShape shape, string path)
{
    private int _bitWidth;

    /// <summary>The root's node; null if it is missing or malformed, which is reported.</summary>
    public TriePlace? Root(in Cid cid)
    {
        try
        {
            if (comparer.Load(store, cid, path) is not byte[] block)
            {
                return null;
            }

            if (shape.Kind != TrieKind.Amt)
            {
                return new TriePlace(TrieReader.ReadNode(block, shape), 0, 0);
            }

            (_bitWidth, int height, SortedDictionary<int, TrieSlot> slots) = TrieReader.ReadAmtRoot(block);
            return new TriePlace(slots, height, 0);
        }
        catch (CborException error)
        {
            comparer.Problem(path, $"the node {cid} is malformed: {error.Message}");
            return null;
        }
    }

    /// <summary>The node below a slot; null if it is missing or malformed, which is reported.</summary>
    public TriePlace? Below(TriePlace place, int slot)
    {
        Cid cid = place.Slots[slot].Link!.Value;
        try
        {
            if (comparer.Load(store, cid, path) is not byte[] block)
            {
                return null;
            }

            if (shape.Kind != TrieKind.Amt)
            {
                return new TriePlace(TrieReader.ReadNode(block, shape), place.Height + 1, 0);
            }

            ulong first = TrieReader.IndexOf(place.First, _bitWidth, place.Height, slot);
            return new TriePlace(TrieReader.ReadAmtNode(block, _bitWidth, place.Height - 1, first), place.Height - 1, first);
        }
        catch (CborException error)
        {
            comparer.Problem(path, $"the node {cid} is malformed: {error.Message}");
            return null;
        }
    }
}
