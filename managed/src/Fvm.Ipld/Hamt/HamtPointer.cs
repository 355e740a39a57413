// What hangs below a node.
namespace Fvm.Ipld;

/// <summary>
/// One of three: a bucket of entries; a link to a node, read or not yet; or a node that was changed and has no CID until it is flushed.
/// </summary>
internal sealed class HamtPointer
{
    /// <summary>The entries, sorted by key, if this is a bucket.</summary>
    public HamtEntry[]? Bucket { get; set; }

    /// <summary>The node, if it was read or changed.</summary>
    public HamtNode? Node { get; set; }

    /// <summary>The node's CID; the default value for a bucket and for a changed node.</summary>
    public Cid Link { get; set; }

    /// <summary>Whether this is a node that has to be written.</summary>
    public bool IsDirty => Bucket is null && Link.IsDefault;

    public static HamtPointer ToBucket(HamtEntry[] bucket) => new() { Bucket = bucket };

    public static HamtPointer ToLink(in Cid link) => new() { Link = link };

    public static HamtPointer ToDirty(HamtNode node) => new() { Node = node };
}
