using System.Numerics;
using System.Runtime.CompilerServices;
using Fvm.Crypto;

namespace Fvm.Ipld;

/// <summary>
/// Says of most BLAKE2b-256 digests that are not in a set that they are not: a Bloom filter with one bit per digest. Keyed, like
/// <see cref="KeyedHash"/>: the author of a block cannot choose links that pass.
/// </summary>
internal readonly struct DigestFilter
{
    // With 32 bits per digest, one in 32 of the others passes.
    private const int BitsPerDigest = 32;

    private readonly ulong[] _bits;
    private readonly int _shift;

    // Copies: reading a static field includes a check of whether its class is initialised.
    private readonly ulong _first = KeyedHash.First;
    private readonly ulong _second = KeyedHash.Second;
    private readonly ulong _third = KeyedHash.Third;
    private readonly ulong _fourth = KeyedHash.Fourth;

    /// <param name="digests">How many digests will be added.</param>
    public DigestFilter(int digests)
    {
        ulong size = BitOperations.RoundUpToPowerOf2((ulong)Math.Max(digests, 2) * BitsPerDigest);
        _bits = new ulong[size / 64];
        _shift = 64 - BitOperations.Log2(size);
    }

    /// <summary>Adds a digest.</summary>
    public void Add(in ShortDigest digest)
    {
        ulong place = PlaceOf(in digest);
        _bits[place / 64] |= 1UL << (int)(place % 64);
    }

    /// <summary>Whether the set may have the digest; if false, it does not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MayHave(in ShortDigest digest)
    {
        ulong place = PlaceOf(in digest);
        return (_bits[place / 64] >> (int)(place % 64) & 1) != 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong PlaceOf(in ShortDigest digest) =>
        (KeyedHash.Mix(digest.A ^ _first, digest.B ^ _second) ^ KeyedHash.Mix(digest.C ^ _third, digest.D ^ _fourth)) >> _shift;
}
