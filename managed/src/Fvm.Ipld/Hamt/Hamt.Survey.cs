namespace Fvm.Ipld;

public sealed partial class Hamt
{
    /// <summary>
    /// Visits all readable entries, and reports missing and malformed nodes. Each node is read once, however many links lead to it: in a valid
    /// HAMT there is only one, because no key can be below two. Memory is that of one path and the CIDs of the nodes read.
    /// </summary>
    /// <param name="store">Holds the nodes.</param>
    /// <param name="root">The root.</param>
    /// <param name="options">The parameters.</param>
    /// <param name="visitor">Receives what is found.</param>
    /// <param name="cancelled">Ends the walk before the next node.</param>
    /// <returns>The number of nodes read.</returns>
    /// <exception cref="OperationCanceledException">The walk was cancelled.</exception>
    public static int Walk(
        IBlockstore store, in Cid root, HamtOptions options, IHamtVisitor visitor, CancellationToken cancelled = default)
    {
        Hamt map = new(store, options);
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
                        visitor.Entry(in holder, in entry);
                    }

                    continue;
                }

                cancelled.ThrowIfCancellationRequested();
                holder = pointer.Link;
                if (seen.Contains(holder))
                {
                    visitor.Malformed(in holder, "more than one link leads to it");
                }
                else if (map.GetNode(in holder, depth, out CachedBlock? shared) is not byte[] block)
                {
                    visitor.Missing(in holder);
                }
                else
                {
                    seen.Add(holder);
                    HamtNode node = map.NodeIn(in holder, block, shared, depth);
                    nodes++;
                    for (int index = HamtBitmap.MaxBits - 1, left = node.Count; left > 0; index--)
                    {
                        if (node.Find(index) is HamtPointer below)
                        {
                            pending.Push((below, map.Below(depth), path.With(depth, index), holder));
                            left--;
                        }
                    }
                }
            }
            catch (Exception error) when (error is HamtException or BlockstoreException)
            {
                visitor.Malformed(in holder, error.Message);
            }
        }

        return nodes;
    }

    /// <summary>Like <see cref="Walk"/>, with lists of the missing and malformed nodes.</summary>
    /// <param name="store">Holds the nodes.</param>
    /// <param name="root">The root.</param>
    /// <param name="options">The parameters.</param>
    /// <param name="visit">Receives each entry.</param>
    public static HamtSurvey Survey(IBlockstore store, in Cid root, HamtOptions options, Action<HamtEntry> visit)
    {
        Surveyor surveyor = new(visit);
        int nodes = Walk(store, in root, options, surveyor);
        return new HamtSurvey(nodes, surveyor.AllMissing, surveyor.AllMalformed);
    }

    private sealed class Surveyor(Action<HamtEntry> visit) : IHamtVisitor
    {
        private readonly HashSet<Cid> _missing = [];

        public List<Cid> AllMissing { get; } = [];

        public List<(Cid Node, string Reason)> AllMalformed { get; } = [];

        public void Entry(in Cid node, in HamtEntry entry) => visit(entry);

        public void Missing(in Cid node)
        {
            if (_missing.Add(node))
            {
                AllMissing.Add(node);
            }
        }

        public void Malformed(in Cid node, string reason) => AllMalformed.Add((node, reason));
    }
}
