using System.Numerics;

namespace Fvm.Node;

/// <summary>
/// Reads Ethereum's Recursive Length Prefix (yellow paper, appendix B) item by item, without recursion and without allocation of what a length
/// claims. Only the canonical form is accepted: lengths and numbers without leading zeros, a byte below 0x80 as itself. Lotus reads some other
/// forms too, and writes them back canonically, with another hash than the sender's.
/// </summary>
internal ref struct RlpReader(ReadOnlySpan<byte> data)
{
    private const byte ShortString = 0x80;
    private const byte LongString = 0xb8;
    private const byte ShortList = 0xc0;
    private const byte LongList = 0xf8;
    private const int MaxShort = 55;
    private const int MaxNumberLength = 32;

    private ReadOnlySpan<byte> _rest = data;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>Whether the next item is a list.</summary>
    public readonly bool IsAtList => !_rest.IsEmpty && _rest[0] >= ShortList;

    /// <summary>The number of items up to the end, all of which are well-formed on the outside.</summary>
    /// <exception cref="EthereumException">One is malformed.</exception>
    public readonly int Count()
    {
        RlpReader reader = this;
        int count = 0;
        for (; !reader.IsAtEnd; count++)
        {
            _ = reader.Next(out _);
        }

        return count;
    }

    /// <summary>A byte string.</summary>
    /// <exception cref="EthereumException">The next item is malformed, or a list.</exception>
    public ReadOnlySpan<byte> ReadBytes(string name)
    {
        ReadOnlySpan<byte> content = Next(out bool isList);
        return isList ? throw new EthereumException($"RLP: {name} is a list instead of bytes") : content;
    }

    /// <summary>A list, as a reader of its items.</summary>
    /// <exception cref="EthereumException">The next item is malformed, or not a list.</exception>
    public RlpReader ReadList(string name)
    {
        ReadOnlySpan<byte> content = Next(out bool isList);
        return isList ? new RlpReader(content) : throw new EthereumException($"RLP: {name} is no list");
    }

    /// <summary>A number of at most 63 bits.</summary>
    /// <exception cref="EthereumException">The next item is malformed or larger.</exception>
    public ulong ReadUInt63(string name)
    {
        ReadOnlySpan<byte> bytes = ReadNumber(name);
        if (bytes.Length > sizeof(ulong) || (bytes.Length == sizeof(ulong) && bytes[0] >= 0x80))
        {
            throw new EthereumException($"RLP: {name} is above 2^63-1");
        }

        ulong value = 0;
        foreach (byte digit in bytes)
        {
            value = (value << 8) | digit;
        }

        return value;
    }

    /// <summary>A number of at most 256 bits.</summary>
    /// <exception cref="EthereumException">The next item is malformed or larger.</exception>
    public BigInteger ReadUInt256(string name) => new(ReadNumber(name), isUnsigned: true, isBigEndian: true);

    private ReadOnlySpan<byte> ReadNumber(string name)
    {
        ReadOnlySpan<byte> bytes = ReadBytes(name);
        if (bytes.Length > MaxNumberLength)
        {
            throw new EthereumException($"RLP: {name} is longer than {MaxNumberLength} bytes");
        }

        return bytes.IsEmpty || bytes[0] != 0 ? bytes : throw new EthereumException($"RLP: {name} has leading zeros");
    }

    private ReadOnlySpan<byte> Next(out bool isList)
    {
        if (_rest.IsEmpty)
        {
            throw new EthereumException("RLP: an item is missing");
        }

        byte head = _rest[0];
        isList = head >= ShortList;
        int start = head < ShortString ? 0 : 1;
        ulong length = head switch
        {
            < ShortString => 1,
            < LongString => (ulong)(head - ShortString),
            < ShortList => ReadLength(head - LongString + 1, ref start),
            < LongList => (ulong)(head - ShortList),
            _ => ReadLength(head - LongList + 1, ref start),
        };
        if (length > (ulong)(_rest.Length - start))
        {
            throw new EthereumException("RLP: an item is cut off");
        }

        ReadOnlySpan<byte> content = _rest.Slice(start, (int)length);
        if (head == ShortString + 1 && content[0] < ShortString)
        {
            throw new EthereumException("RLP: a byte below 0x80 has a length before it");
        }

        _rest = _rest[(start + (int)length)..];
        return content;
    }

    private readonly ulong ReadLength(int size, ref int start)
    {
        if (_rest.Length < 1 + size)
        {
            throw new EthereumException("RLP: a length is cut off");
        }

        ulong length = 0;
        for (int i = 1; i <= size; i++)
        {
            length = (length << 8) | _rest[i];
        }

        start += size;
        return _rest[1] != 0 && length > MaxShort ? length : throw new EthereumException("RLP: a length is not in its shortest form");
    }
}
