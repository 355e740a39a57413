using System.Runtime.CompilerServices;
using Fvm.Crypto;

namespace Fvm.Ipld;

/// <summary>The SHA-256 of a key, read in groups from its first bit.</summary>
internal readonly struct HamtHash
{
    private const int Bits = 256;
    private readonly Digest _digest;

    public HamtHash(ReadOnlySpan<byte> key) => Sha256.Hash(key, _digest);

    /// <summary>Whether there is a group at <paramref name="depth"/>.</summary>
    public static bool Has(int depth, int bitWidth) => depth * bitWidth < Bits;

    /// <summary>The group at <paramref name="depth"/>; the last one may be narrower.</summary>
    /// <exception cref="HamtException">The hash is exhausted: the keys' hashes are equal.</exception>
    public int IndexAt(int depth, int bitWidth)
    {
        int from = depth * bitWidth;
        int left = Bits - from;
        if (left <= 0)
        {
            throw new HamtException("a HAMT is as deep as its hashes are long");
        }

        int width = Math.Min(bitWidth, left);
        ReadOnlySpan<byte> digest = _digest;
        int at = from >> 3;
        int pair = (digest[at] << 8) | (at + 1 < digest.Length ? digest[at + 1] : 0);
        return (pair >> (16 - (from & 7) - width)) & ((1 << width) - 1);
    }

    [InlineArray(Bits / 8)]
    private struct Digest
    {
        private byte _first;
    }
}
