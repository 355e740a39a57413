using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Fvm.Ipld;

/// <summary>256 bits, one per possible pointer of a node.</summary>
internal struct HamtBitmap
{
    /// <summary>The length of the longest encoding, in bytes.</summary>
    public const int MaxBytes = 32;

    /// <summary>The number of bits.</summary>
    public const int MaxBits = 8 * MaxBytes;

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

    /// <summary>The first 64 bits.</summary>
    public readonly ulong FirstWord => _words[0];

    /// <summary>A bitmap of 64 bits, of which the others are clear.</summary>
    public static HamtBitmap Of(ulong firstWord)
    {
        HamtBitmap bitmap = default;
        bitmap._words[0] = firstWord;
        return bitmap;
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

    /// <summary>The first set bit from <paramref name="bit"/> on; <see cref="MaxBits"/> if there is none.</summary>
    public readonly int NextFrom(int bit)
    {
        for (int word = bit >> 6, from = bit & 63; word < 4; word++, from = 0)
        {
            ulong left = _words[word] >> from << from;
            if (left != 0)
            {
                return (word << 6) + BitOperations.TrailingZeroCount(left);
            }
        }

        return MaxBits;
    }

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

    /// <summary>The set bit with <paramref name="rank"/> others below it, where there is one.</summary>
    public readonly int IndexOf(int rank)
    {
        int index = NextFrom(0);
        for (; rank > 0; rank--)
        {
            index = NextFrom(index + 1);
        }

        return index;
    }

    [InlineArray(4)]
    private struct Words
    {
        private ulong _first;
    }
}
