using System.Globalization;
using Fvm.Ipld;

namespace Fvm.Actors;

/// <summary>Reads the nodes of HAMTs, AMTs and KAMTs in one form, so that they are compared by one algorithm.</summary>
internal static class TrieReader
{
    private const int MaxHeight = 64;

    /// <summary>Reads the head of an AMT's root, and its node.</summary>
    /// <exception cref="CborException">It is malformed.</exception>
    public static (int BitWidth, int Height, SortedDictionary<int, TrieSlot> Slots) ReadAmtRoot(byte[] block)
    {
        CborReader reader = new(block);
        reader.ReadArrayHeader(4);
        uint width = reader.ReadUInt32();
        uint height = reader.ReadUInt32();
        reader.ReadUInt();
        if (width is 0 or > 8 || height > MaxHeight)
        {
            throw new CborException(1, $"an AMT of width {width} and height {height}");
        }

        return ((int)width, (int)height, ReadAmtNode(ref reader, (int)width, (int)height, 0));
    }

    /// <summary>Reads a node of an AMT below the root.</summary>
    /// <exception cref="CborException">It is malformed.</exception>
    public static SortedDictionary<int, TrieSlot> ReadAmtNode(byte[] block, int bitWidth, int height, ulong first)
    {
        CborReader reader = new(block);
        return ReadAmtNode(ref reader, bitWidth, height, first);
    }

    /// <summary>The first index below a slot.</summary>
    public static ulong IndexOf(ulong first, int bitWidth, int height, int slot)
    {
        int shift = bitWidth * height;
        return unchecked(first + (shift < 64 ? (ulong)slot << shift : 0));
    }

    /// <summary>Reads a node of a HAMT or KAMT.</summary>
    /// <exception cref="CborException">It is malformed.</exception>
    public static SortedDictionary<int, TrieSlot> ReadNode(byte[] block, TrieShape shape)
    {
        CborReader reader = new(block);
        reader.ReadArrayHeader(2);
        ReadOnlySpan<byte> bitmap = reader.ReadBytes();
        List<int> bits = [];
        for (int bit = 0; bit < bitmap.Length * 8; bit++)
        {
            if ((bitmap[bitmap.Length - 1 - (bit / 8)] >> (bit % 8) & 1) == 1)
            {
                bits.Add(bit);
            }
        }

        int count = reader.ReadArrayHeader();
        if (count != bits.Count)
        {
            throw new CborException(0, $"{count} pointers, but {bits.Count} bits");
        }

        SortedDictionary<int, TrieSlot> slots = [];
        foreach (int bit in bits)
        {
            slots.Add(bit, ReadPointer(ref reader, shape));
        }

        return slots;
    }

    private static TrieSlot ReadPointer(ref CborReader reader, TrieShape shape)
    {
        if (shape.Kind == TrieKind.Kamt)
        {
            reader.ReadMapHeader();
            if (reader.ReadText() == "l")
            {
                reader.ReadArrayHeader(3);
                Cid target = reader.ReadCid();
                uint length = reader.ReadUInt32();
                return new TrieSlot(target, $"{length}:{Convert.ToHexStringLower(reader.ReadBytes())}", []);
            }
        }
        else if (reader.PeekType() == CborType.Tag)
        {
            return new TrieSlot(reader.ReadCid(), string.Empty, []);
        }

        List<(string Key, byte[] Value)> entries = [];
        for (int left = reader.ReadArrayHeader(); left > 0; left--)
        {
            reader.ReadArrayHeader(2);
            string key = KeyText.Of(shape.Key, reader.ReadBytes());
            entries.Add((key, reader.ReadRaw().ToArray()));
        }

        return new TrieSlot(null, string.Empty, entries);
    }

    private static SortedDictionary<int, TrieSlot> ReadAmtNode(ref CborReader reader, int bitWidth, int height, ulong first)
    {
        reader.ReadArrayHeader(3);
        ReadOnlySpan<byte> bitmap = reader.ReadBytes();
        SortedDictionary<int, TrieSlot> slots = [];
        List<Cid> links = [];
        for (int left = reader.ReadArrayHeader(); left > 0; left--)
        {
            links.Add(reader.ReadCid());
        }

        int values = reader.ReadArrayHeader();
        if ((height == 0 && links.Count > 0) || (height > 0 && values > 0))
        {
            throw new CborException(0, $"links and values do not fit height {height}");
        }

        int rank = 0;
        for (int bit = 0; bit < Math.Min(bitmap.Length * 8, 1 << bitWidth); bit++)
        {
            if ((bitmap[bit / 8] >> (bit % 8) & 1) == 0)
            {
                continue;
            }

            if (rank >= (height == 0 ? values : links.Count))
            {
                throw new CborException(0, "more bits than links and values");
            }

            string key = IndexOf(first, bitWidth, height, bit).ToString(CultureInfo.InvariantCulture);
            slots.Add(bit, height > 0
                ? new TrieSlot(links[rank], string.Empty, [])
                : new TrieSlot(null, string.Empty, [(key, reader.ReadRaw().ToArray())]));
            rank++;
        }

        return slots;
    }
}
