using Fvm.Crypto;
using Fvm.Ipld;

namespace Fvm.Sidecar;

/// <summary>Blocks whose digests were verified, named by their CIDs. Read-only.</summary>
/// <param name="blocks">The blocks.</param>
internal sealed class BlockSet(Dictionary<Cid, byte[]> blocks) : IBlockstore
{
    /// <summary>Bytes of a set's name.</summary>
    public const int DigestLength = 32;

    /// <summary>The number of blocks.</summary>
    public int Count => blocks.Count;

    /// <summary>Their size together.</summary>
    public long Bytes { get; } = blocks.Values.Sum(static block => (long)block.Length);

    /// <summary>BLAKE2b-256 of the CIDs in the order of their bytes.</summary>
    public byte[] Digest()
    {
        byte[][] cids = [.. blocks.Keys.Select(static cid => cid.ToBytes())];
        Array.Sort(cids, static (a, b) => a.AsSpan().SequenceCompareTo(b));
        byte[] digest = new byte[DigestLength];
        Blake2b.Hash256(cids.SelectMany(static cid => cid).ToArray(), digest);
        return digest;
    }

    public byte[]? Get(in Cid cid) => blocks.GetValueOrDefault(cid);

    public bool Has(in Cid cid) => blocks.ContainsKey(cid);

    public void Put(in Cid cid, byte[] block) => throw new BlockstoreException("uploaded blocks are only read");

    public void PutMany(IEnumerable<KeyValuePair<Cid, byte[]>> many) => throw new BlockstoreException("uploaded blocks are only read");
}
