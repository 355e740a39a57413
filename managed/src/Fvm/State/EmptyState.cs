using Fvm.Ipld;

namespace Fvm;

/// <summary>The state of actors without state: an empty list in CBOR, which every store has to have.</summary>
public static class EmptyState
{
    /// <summary>The CID of <see cref="Block"/>.</summary>
    public static readonly Cid Cid = Ipld.Cid.Blake2b256(Multicodec.DagCbor, [0x80]);

    /// <summary>The empty list.</summary>
    public static byte[] Block => [0x80];
}
