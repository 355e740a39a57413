namespace Fvm.Actors;

/// <summary>
/// Decodes RLE+: version 0 in two bits, the value of the first run in one, then run lengths: <c>1</c> is one, <c>01</c> and four bits, <c>00</c> and
/// a varint. Bits are least significant first.
/// </summary>
internal ref struct BitfieldDecoder(ReadOnlySpan<byte> bytes)
{
    private const int MaxRuns = 1 << 16;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private long _at;

    /// <summary>The runs of integers in the set; null if the bytes are malformed or have too many.</summary>
    public static List<(ulong First, ulong Last)>? Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return [];
        }

        BitfieldDecoder decoder = new(bytes);
        return decoder.Read(2) == 0 ? decoder.ReadRuns() : null;
    }

    private List<(ulong First, ulong Last)>? ReadRuns()
    {
        List<(ulong First, ulong Last)> runs = [];
        bool isSet = Read(1) == 1;
        ulong next = 0;
        while (TryReadLength(out ulong length))
        {
            if (length == 0)
            {
                // The rest is padding.
                return runs;
            }

            if (length > ulong.MaxValue - next || runs.Count >= MaxRuns)
            {
                return null;
            }

            if (isSet)
            {
                runs.Add((next, next + length - 1));
            }

            next += length;
            isSet = !isSet;
        }

        return null;
    }

    // False for a varint that is too long.
    private bool TryReadLength(out ulong length)
    {
        length = 1;
        if (Read(1) == 1)
        {
            return true;
        }

        if (Read(1) == 1)
        {
            length = Read(4);
            return true;
        }

        length = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            ulong part = Read(8);
            length |= (part & 0x7f) << shift;
            if (part < 0x80)
            {
                return true;
            }
        }

        return false;
    }

    // Beyond the end there are zeros.
    private ulong Read(int count)
    {
        ulong value = 0;
        for (int bit = 0; bit < count; bit++, _at++)
        {
            long index = _at / 8;
            if (index < _bytes.Length && (_bytes[(int)index] >> (int)(_at % 8) & 1) == 1)
            {
                value |= 1UL << bit;
            }
        }

        return value;
    }
}
