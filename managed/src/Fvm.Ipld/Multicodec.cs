namespace Fvm.Ipld;

/// <summary>Codes of the block formats that Filecoin uses, from the multicodec table.</summary>
public static class Multicodec
{
    /// <summary>Raw bytes.</summary>
    public const ulong Raw = 0x55;

    /// <summary>CBOR; its links are not followed.</summary>
    public const ulong Cbor = 0x51;

    /// <summary>IPFS protobuf nodes; the only codec of CIDv0.</summary>
    public const ulong DagPb = 0x70;

    /// <summary>CBOR with links.</summary>
    public const ulong DagCbor = 0x71;

    /// <summary>The commitment (CommD) to an unsealed sector or piece; never a block in the store.</summary>
    public const ulong FilCommitmentUnsealed = 0xf101;

    /// <summary>The commitment (CommR) to a sealed sector; never a block in the store.</summary>
    public const ulong FilCommitmentSealed = 0xf102;
}
