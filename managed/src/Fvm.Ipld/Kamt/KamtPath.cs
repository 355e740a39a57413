namespace Fvm.Ipld;

/// <summary>
/// Bits of a key, most significant first: what is left of a key, or the levels that a link skips. Its nodes' indices are the bits of each
/// level as a number; the last level of a key has fewer.
/// </summary>
internal readonly struct KamtPath
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly int _start;

    private KamtPath(ReadOnlyMemory<byte> bytes, int start, int length)
    {
        _bytes = bytes;
        _start = start;
        Length = length;
    }

    /// <summary>No bits.</summary>
    public static KamtPath Empty => default;

    /// <summary>The number of bits.</summary>
    public int Length { get; }

    /// <summary>The path of a key.</summary>
    public static KamtPath OfKey(byte[] key) => new(key, 0, key.Length * 8);

    /// <summary>The first bits of some bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="length">The number of bits, at most those of the bytes.</param>
    public static KamtPath OfBits(byte[] bytes, int length) => new(bytes, 0, length);

    /// <summary>The number of the first bits.</summary>
    /// <param name="width">How many; fewer if there are fewer.</param>
    public int First(int width)
    {
        int number = 0;
        ReadOnlySpan<byte> bytes = _bytes.Span;
        for (int bit = _start; bit < _start + Math.Min(width, Length); bit++)
        {
            number = (number << 1) | ((bytes[bit / 8] >> (7 - (bit % 8))) & 1);
        }

        return number;
    }

    /// <summary>What follows the first bits.</summary>
    public KamtPath Skip(int bits)
    {
        int skipped = Math.Min(bits, Length);
        return new KamtPath(_bytes, _start + skipped, Length - skipped);
    }

    /// <summary>The first bits.</summary>
    public KamtPath Take(int bits) => new(_bytes, _start, Math.Min(bits, Length));

    /// <summary>The number of bits, in whole levels, that both begin with.</summary>
    public int CommonWith(KamtPath other, int width)
    {
        int common = 0;
        while (common < Length && common < other.Length && Skip(common).First(width) == other.Skip(common).First(width))
        {
            common += Math.Min(width, Length - common);
        }

        return common;
    }

    /// <summary>This path, then a level's index, then another path.</summary>
    public KamtPath Join(int index, int width, KamtPath tail)
    {
        byte[] bytes = new byte[(Length + width + tail.Length + 7) / 8];
        CopyTo(bytes, 0);
        for (int bit = 0; bit < width; bit++)
        {
            Set(bytes, Length + bit, (index >> (width - 1 - bit)) & 1);
        }

        tail.CopyTo(bytes, Length + width);
        return new KamtPath(bytes, 0, Length + width + tail.Length);
    }

    /// <summary>This path, then another.</summary>
    public KamtPath Join(KamtPath tail) => tail.Length == 0 ? this : Join(0, 0, tail);

    /// <summary>Whether it begins with another path.</summary>
    public bool BeginsWith(KamtPath head) => head.CommonWith(this, 1) == head.Length;

    /// <summary>The bits in whole bytes, filled up with zeros.</summary>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[(Length + 7) / 8];
        CopyTo(bytes, 0);
        return bytes;
    }

    private void CopyTo(byte[] target, int at)
    {
        for (int bit = 0; bit < Length; bit++)
        {
            Set(target, at + bit, Skip(bit).First(1));
        }
    }

    private static void Set(byte[] bytes, int bit, int value) => bytes[bit / 8] |= (byte)(value << (7 - (bit % 8)));
}
