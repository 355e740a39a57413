using Fvm.Crypto;

namespace Fvm.Ipld;

/// <summary>Verifies blocks against the digests in their CIDs.</summary>
public static class BlockDigest
{
    /// <summary>Compares a block with its CID's digest.</summary>
    /// <returns>Whether they match; null for an unsupported hash function.</returns>
    public static bool? Matches(in Cid cid, ReadOnlySpan<byte> block)
    {
        Span<byte> digest = stackalloc byte[Cid.MaxDigestLength];
        switch (cid.MultihashCode)
        {
            case MultihashCode.Identity:
                return cid.Digest.SequenceEqual(block);
            case MultihashCode.Blake2b256:
                Blake2b.Hash256(block, digest);
                return cid.Digest.SequenceEqual(digest[..Blake2b.Size256]);
            case MultihashCode.Blake2b512:
                Blake2b.Hash512(block, digest);
                return cid.Digest.SequenceEqual(digest[..Blake2b.Size512]);
            case MultihashCode.Sha2_256:
                Sha256.Hash(block, digest);
                return cid.Digest.SequenceEqual(digest[..Sha256.Size]);
            case MultihashCode.Sha2_512:
                Sha512.Hash(block, digest);
                return cid.Digest.SequenceEqual(digest[..Sha512.Size]);
            default:
                return null;
        }
    }
}
