// Links between AMT nodes.
namespace Fvm.Ipld;

/// <summary>A link to a node, read or not yet; or a node that was changed and has no CID until it is flushed.</summary>
internal sealed class AmtLink
{
    /// <summary>The node's CID; the default value for a changed node.</summary>
    public Cid Cid { get; set; }

    /// <summary>The node, if it was read or changed.</summary>
    public AmtNode? Node { get; set; }

    /// <summary>Whether the node has to be written.</summary>
    public bool IsDirty => Cid.IsDefault;
}
