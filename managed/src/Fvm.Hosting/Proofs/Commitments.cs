using Fvm.Ipld;

namespace Fvm.Hosting;

/// <summary>Commitments from CIDs, and prover IDs.</summary>
internal static class Commitments
{
    /// <summary>CommR.</summary>
    /// <exception cref="ProofException">The CID is not a sealed sector's.</exception>
    public static Bytes32 Sealed(in Cid cid) =>
        Of(in cid, Multicodec.FilCommitmentSealed, MultihashCode.PoseidonBls12_381A2Fc1, "sealed");

    /// <summary>CommD.</summary>
    /// <exception cref="ProofException">The CID is not one of unsealed data.</exception>
    public static Bytes32 Unsealed(in Cid cid) =>
        Of(in cid, Multicodec.FilCommitmentUnsealed, MultihashCode.Sha2_256Trunc254Padded, "unsealed");

    /// <summary>A prover ID: the payload of the miner's ID address, zero-padded.</summary>
    public static Bytes32 Prover(ActorId miner)
    {
        Bytes32 prover = default;
        Span<byte> bytes = prover.Span;
        ulong rest = miner.Value;
        int at = 0;
        while (rest >= 0x80)
        {
            bytes[at++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        bytes[at] = (byte)rest;
        return prover;
    }

    private static Bytes32 Of(in Cid cid, ulong codec, ulong hash, string kind)
    {
        if (cid.Codec != codec || cid.MultihashCode != hash)
        {
            throw new ProofException($"{cid} is not a {kind} commitment");
        }

        return Bytes32.Of(cid.Digest, "the commitment");
    }
}
