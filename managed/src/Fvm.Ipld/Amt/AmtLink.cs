namespace Fvm.Ipld;

/// <summary>A link to a node, loaded or not; or a changed node without a CID until it is flushed.</summary>
internal sealed class AmtLink
{
    /// <summary>The node's CID; the default value for a changed node.</summary>
    public Cid Cid { get; set; }

    /// <summary>The node, if loaded or changed.</summary>
    public AmtNode? Node { get; set; }

    /// <summary>Whether the node must be written.</summary>
    public bool IsDirty => Cid.IsDefault;
}
