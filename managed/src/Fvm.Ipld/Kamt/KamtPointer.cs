namespace Fvm.Ipld;

/// <summary>A pointer of a KAMT's node: a bucket of entries, or a node with the levels skipped on the way to it.</summary>
internal sealed class KamtPointer
{
    private KamtPointer()
    {
    }

    /// <summary>The entries in the order of their keys; null for a node.</summary>
    public List<KamtEntry>? Bucket { get; private set; }

    /// <summary>The node, if loaded.</summary>
    public KamtNode? Node { get; set; }

    /// <summary>The node's CID; the default value if it has changed since the last flush.</summary>
    public Cid Link { get; set; }

    /// <summary>The levels between this node and that one.</summary>
    public KamtPath Skipped { get; private set; }

    public bool IsDirty => Bucket is null && Link.IsDefault;

    public static KamtPointer ToBucket(List<KamtEntry> bucket) => new() { Bucket = bucket };

    public static KamtPointer ToLink(in Cid link, KamtPath skipped) => new() { Link = link, Skipped = skipped };

    public static KamtPointer ToDirty(KamtNode node, KamtPath skipped) => new() { Node = node, Skipped = skipped };

    /// <summary>The same target, reached by other levels.</summary>
    public KamtPointer By(KamtPath skipped) => new() { Node = Node, Link = Link, Skipped = skipped };
}
