using Fvm.Ipld;

namespace Fvm;

/// <summary>The state of actors without state: an empty CBOR list, which every store must contain.</summary>
public static class EmptyState
{
    /// <summary>The CID of <see cref="Block"/>.</summary>
    public static readonly Cid Cid = Ipld.Cid.Blake2b256(Multicodec.DagCbor, [0x80]);

    /// <summary>The empty list.</summary>
    public static byte[] Block => [0x80];
}
