// Codes of block formats.
namespace Fvm.Ipld;

/// <summary>Codes of the block formats that Filecoin uses, from the multicodec table.</summary>
public static class Multicodec
{
    /// <summary>Bytes without structure.</summary>
    public const ulong Raw = 0x55;

    /// <summary>CBOR whose links are not followed.</summary>
    public const ulong Cbor = 0x51;

    /// <summary>Protobuf nodes of IPFS; the only codec of a CIDv0.</summary>
    public const ulong DagPb = 0x70;

    /// <summary>CBOR with links.</summary>
    public const ulong DagCbor = 0x71;

    /// <summary>The root of an unsealed sector or piece: a commitment, not a block of the chain's store.</summary>
    public const ulong FilCommitmentUnsealed = 0xf101;

    /// <summary>The root of a sealed sector: a commitment, not a block of the chain's store.</summary>
    public const ulong FilCommitmentSealed = 0xf102;
}
