using Fvm.Ipld;

namespace Fvm;

/// <summary>Commitments to sectors and pieces, and the CIDs that name them (reference: <c>shared/src/commcid</c>).</summary>
public static class Commitments
{
    /// <summary>Bytes of a commitment.</summary>
    public const int Length = 32;

    /// <summary>The CID of a piece or of the data of a sector.</summary>
    public static Cid ToUnsealedCid(ReadOnlySpan<byte> commitment) =>
        Cid.CreateV1(Multicodec.FilCommitmentUnsealed, MultihashCode.Sha2_256Trunc254Padded, commitment);

    /// <summary>Whether a CID names a piece or the data of a sector: CommP or CommD.</summary>
    public static bool IsUnsealed(in Cid cid) => cid.Codec == Multicodec.FilCommitmentUnsealed
        && cid.MultihashCode == MultihashCode.Sha2_256Trunc254Padded && cid.DigestLength == Length;
}
