namespace Fvm.Ipld;

/// <summary>
/// One of three: a bucket of entries; a link to a node, loaded or not; or a changed node without a CID until it is flushed.
/// </summary>
internal sealed class HamtPointer
{
    /// <summary>The entries, sorted by key; null if this is not a bucket.</summary>
    public HamtEntry[]? Bucket { get; set; }

    /// <summary>The node, if loaded or changed.</summary>
    public HamtNode? Node { get; set; }

    /// <summary>The node's CID; the default value for a bucket and for a changed node.</summary>
    public Cid Link { get; set; }

    /// <summary>Whether this is a node that must be written.</summary>
    public bool IsDirty => Bucket is null && Link.IsDefault;

    public static HamtPointer ToBucket(HamtEntry[] bucket) => new() { Bucket = bucket };

    public static HamtPointer ToLink(in Cid link) => new() { Link = link };

    public static HamtPointer ToUnchanged(HamtLayout node) => new() { Link = node.Cid, Node = new HamtNode(node) };

    public static HamtPointer ToDirty(HamtNode node) => new() { Node = node };
}
