using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Fvm.Ipld;

/// <summary>256 bits, one per possible pointer of a node.</summary>
internal struct HamtBitmap
{
    /// <summary>The length of the longest encoding, in bytes.</summary>
    public const int MaxBytes = 32;

    private Words _words;

    /// <summary>The number of set bits.</summary>
    public readonly int Count
    {
        get
        {
            int count = 0;
            foreach (ulong word in _words)
            {
                count += BitOperations.PopCount(word);
            }

            return count;
        }
    }

    /// <summary>Decodes a big-endian number of at most 32 bytes; leading zeros are allowed.</summary>
    public static HamtBitmap Decode(ReadOnlySpan<byte> bytes)
    {
        Span<byte> padded = stackalloc byte[MaxBytes];
        padded.Clear();
        bytes.CopyTo(padded[(MaxBytes - bytes.Length)..]);
        HamtBitmap bitmap = default;
        for (int index = 0; index < 4; index++)
        {
            bitmap._words[3 - index] = BinaryPrimitives.ReadUInt64BigEndian(padded[(index * 8)..]);
        }

        return bitmap;
    }

    /// <summary>Encodes the number without leading zeros and returns its length in bytes.</summary>
    public readonly int Encode(Span<byte> destination)
    {
        Span<byte> padded = stackalloc byte[MaxBytes];
        for (int index = 0; index < 4; index++)
        {
            BinaryPrimitives.WriteUInt64BigEndian(padded[(index * 8)..], _words[3 - index]);
        }

        ReadOnlySpan<byte> trimmed = padded.TrimStart((byte)0);
        trimmed.CopyTo(destination);
        return trimmed.Length;
    }

    /// <summary>Whether a bit is set.</summary>
    public readonly bool Has(int bit) => ((_words[bit >> 6] >> (bit & 63)) & 1) != 0;

    /// <summary>Sets a bit.</summary>
    public void Set(int bit) => _words[bit >> 6] |= 1UL << (bit & 63);

    /// <summary>Clears a bit.</summary>
    public void Clear(int bit) => _words[bit >> 6] &= ~(1UL << (bit & 63));

    /// <summary>The number of set bits below <paramref name="bit"/>: the position of its pointer.</summary>
    public readonly int RankOf(int bit)
    {
        int word = bit >> 6;
        int rank = BitOperations.PopCount(_words[word] & ((1UL << (bit & 63)) - 1));
        for (int index = 0; index < word; index++)
        {
            rank += BitOperations.PopCount(_words[index]);
        }

        return rank;
    }

    [InlineArray(4)]
    private struct Words
    {
        private ulong _first;
    }
}
