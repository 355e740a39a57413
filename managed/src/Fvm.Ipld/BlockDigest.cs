// Digests of blocks, for checking them against their CIDs.
using Fvm.Crypto;

namespace Fvm.Ipld;

/// <summary>Whether blocks have the digest that their CID says.</summary>
public static class BlockDigest
{
    /// <summary>Compares a block with its CID.</summary>
    /// <returns>Null for a hash function that is not known here; otherwise whether the digest is the block's.</returns>
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
