using Fvm.Ipld;

namespace Fvm;

/// <summary>Commitments to sectors and pieces, and their CIDs (reference: <c>shared/src/commcid</c>).</summary>
internal static class Commitments
{
    /// <summary>The length of a commitment, in bytes.</summary>
    public const int Length = 32;

    /// <summary>The CID of a piece or of a sector's data.</summary>
    public static Cid ToUnsealedCid(ReadOnlySpan<byte> commitment) =>
        Cid.CreateV1(Multicodec.FilCommitmentUnsealed, MultihashCode.Sha2_256Trunc254Padded, commitment);

    /// <summary>Whether a CID is that of a piece or of a sector's data: CommP or CommD.</summary>
    public static bool IsUnsealed(in Cid cid) => cid.Codec == Multicodec.FilCommitmentUnsealed
        && cid.MultihashCode == MultihashCode.Sha2_256Trunc254Padded && cid.DigestLength == Length;
}
