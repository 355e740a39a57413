namespace Fvm.Ipld;

public sealed partial class Hamt
{
    /// <summary>
    /// Visits all readable entries and reports missing and malformed nodes. Each node is read once, however many links lead to it: in a valid
    /// HAMT there is only one, because no key can be below two.
    /// </summary>
    /// <param name="store">Holds the nodes.</param>
    /// <param name="root">The root.</param>
    /// <param name="options">The parameters.</param>
    /// <param name="visit">Receives each entry.</param>
    public static HamtSurvey Survey(IBlockstore store, in Cid root, HamtOptions options, Action<HamtEntry> visit)
    {
        Hamt map = new(store, options);
        List<Cid> missing = [];
        List<(Cid, string)> malformed = [];
        HashSet<Cid> seen = [];
        int nodes = 0;
        Stack<(HamtPointer Pointer, int Depth, HamtPath Path, Cid Node)> pending = new();
        pending.Push((HamtPointer.ToLink(in root), 0, default, root));
        while (pending.TryPop(out (HamtPointer Pointer, int Depth, HamtPath Path, Cid Node) next))
        {
            (HamtPointer pointer, int depth, HamtPath path, Cid holder) = next;
            try
            {
                if (pointer.Bucket is HamtEntry[] bucket)
                {
                    foreach (HamtEntry entry in bucket)
                    {
                        map.CheckPlace(entry, depth, path);
                        visit(entry);
                    }

                    continue;
                }

                holder = pointer.Link;
                if (!seen.Add(holder))
                {
                    throw new HamtException("more than one link leads to it");
                }

                HamtNode node = map.LoadNode(in holder, depth);
                nodes++;
                for (int index = 255, rank = node.Count; rank > 0; index--)
                {
                    if (node.Bitmap.Has(index))
                    {
                        pending.Push((node[--rank], map.Below(depth), path.With(depth, index), holder));
                    }
                }
            }
            catch (HamtException error) when (!error.Missing.IsDefault)
            {
                missing.Add(error.Missing);
            }
            catch (Exception error) when (error is HamtException or BlockstoreException)
            {
                malformed.Add((holder, error.Message));
            }
        }

        return new HamtSurvey(nodes, missing, malformed);
    }
}
