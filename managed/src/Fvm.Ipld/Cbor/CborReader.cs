using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Fvm.Ipld;

/// <summary>
/// Reads DAG-CBOR item by item from a span, without allocating. <see cref="CborRules"/> sets the leniency; the default is the reference's,
/// since it decides whether a message is valid. Each method throws <see cref="CborException"/> for an item of another type, a malformed
/// item, or the end of the input; the reader then stands before or behind the offending head and must be discarded. A fault-noting reader
/// (<see cref="Noting"/>) does not throw but keeps the first fault, moves to the end, and returns zeros and empty items from then on; check
/// <see cref="Fault"/> before using the values. Only skipping always throws.
/// </summary>
public ref partial struct CborReader
{
    // The reference's limit of nested steps (256), less the one taken by a field within a tuple.
    private const int MaxChunkDepth = 255;
    private const int NoMatch = 0xff;

    private readonly ReadOnlySpan<byte> _data;
    private readonly bool _notes;
    private CborRules _rules;
    private int _at;
    private string? _fault;

    /// <summary>A reader at the start of <paramref name="data"/>.</summary>
    public CborReader(ReadOnlySpan<byte> data, CborRules rules = CborRules.Reference)
    {
        _data = data;
        _rules = rules;
        _at = 0;
    }

    private CborReader(ReadOnlySpan<byte> data, CborRules rules, bool notes)
        : this(data, rules) => _notes = notes;

    /// <summary>The leniency for the following items.</summary>
    public CborRules Rules
    {
        readonly get => _rules;
        set => _rules = value;
    }

    /// <summary>The first fault of a fault-noting reader: the message of the <see cref="CborException"/>; null for none.</summary>
    public readonly string? Fault => _fault;

    /// <summary>The number of bytes read.</summary>
    public readonly int Offset => _at;

    /// <summary>The number of bytes left.</summary>
    public readonly int Remaining => _data.Length - _at;

    /// <summary>
    /// A fault-noting reader, for input from actors: an exception takes ten times as long as what the actor pays for.
    /// </summary>
    public static CborReader Noting(ReadOnlySpan<byte> data) => new(data, CborRules.Reference, notes: true);

    /// <summary>Reports a fault in the input as the reader itself does: by an exception, or as a noted fault.</summary>
    /// <param name="at">The offset of the item.</param>
    /// <param name="message">What was expected and what was found.</param>
    /// <exception cref="CborException">The reader does not note faults.</exception>
    public void Refuse(int at, string message)
    {
        if (!_notes)
        {
            throw Error(at, message);
        }

        _fault ??= CborException.TextOf(at, message);
        _at = _data.Length;
    }

    /// <summary>The type of the next item, by its initial byte; consumes nothing.</summary>
    public readonly CborType PeekType()
    {
        if (_at >= _data.Length)
        {
            return CborType.End;
        }

        byte first = _data[_at];
        return (first >> 5) switch
        {
            CborMajor.Unsigned => CborType.UnsignedInteger,
            CborMajor.Negative => CborType.NegativeInteger,
            CborMajor.Bytes => CborType.Bytes,
            CborMajor.Text => CborType.Text,
            CborMajor.Array => CborType.Array,
            CborMajor.Map => CborType.Map,
            CborMajor.Tag => CborType.Tag,
            _ => first switch
            {
                CborMajor.False or CborMajor.True => CborType.Boolean,
                CborMajor.Null => CborType.Null,
                CborMajor.Float32 or CborMajor.Float64 => CborType.Float,
                _ => CborType.Other,
            },
        };
    }

    /// <summary>An integer from 0 to 2^64-1.</summary>
    public ulong ReadUInt() => ReadHead(CborMajor.Unsigned, 27, "an unsigned integer");

    /// <summary>An integer from 0 to 2^32-1; 64-bit heads are rejected even if the value would fit, as in the reference.</summary>
    public uint ReadUInt32() => (uint)ReadHead(CborMajor.Unsigned, 26, "an unsigned integer of 32 bits");

    /// <summary>An integer from 0 to 255; wider heads are rejected even if the value would fit, as in the reference.</summary>
    public byte ReadUInt8() => (byte)ReadHead(CborMajor.Unsigned, 24, "an unsigned integer of 8 bits");

    /// <summary>An integer from -2^63 to 2^63-1.</summary>
    public long ReadInt()
    {
        int start = _at;
        _ = TryPeek("an integer", out byte first);
        bool negative = first >> 5 == CborMajor.Negative;
        ulong argument = ReadHead(negative ? CborMajor.Negative : CborMajor.Unsigned, 27, "an integer");
        if (argument > long.MaxValue)
        {
            Refuse(start, "expected an integer of 64 bits with sign, found one beyond its range");
            return 0;
        }

        return negative ? ~(long)argument : (long)argument;
    }

    /// <summary>A byte string, as a slice of the input; chunks (see <see cref="CborRules"/>) are joined in an array.</summary>
    public ReadOnlySpan<byte> ReadBytes() => ReadString(CborMajor.Bytes, "a byte string", _rules == CborRules.Reference);

    /// <summary>A text in UTF-8, validated.</summary>
    public ReadOnlySpan<byte> ReadTextUtf8()
    {
        int start = _at;
        ReadOnlySpan<byte> text = ReadString(CborMajor.Text, "a text", _rules == CborRules.Reference);
        if (!Utf8.IsValid(text))
        {
            Refuse(start, "expected a text in UTF-8, found other bytes");
            return default;
        }

        return text;
    }

    /// <summary>A text.</summary>
    public string ReadText() => Encoding.UTF8.GetString(ReadTextUtf8());

    /// <summary>True or false.</summary>
    public bool ReadBool()
    {
        if (!TryPeek("a boolean", out byte first))
        {
            return false;
        }

        if (first is not (CborMajor.True or CborMajor.False))
        {
            RefuseHead(first, "a boolean");
            return false;
        }

        _at++;
        return first == CborMajor.True;
    }

    /// <summary>Reads null if it is next.</summary>
    /// <returns>Whether it was; if not, nothing is consumed.</returns>
    public bool TryReadNull()
    {
        bool isNull = _at < _data.Length && _data[_at] == CborMajor.Null;
        _at += isNull ? 1 : 0;
        return isNull;
    }

    /// <summary>A null.</summary>
    public void ReadNull()
    {
        if (!TryReadNull() && TryPeek("null", out byte first))
        {
            RefuseHead(first, "null");
        }
    }

    /// <summary>A 64-bit floating-point number.</summary>
    public double ReadDouble()
    {
        if (!TryPeek("a floating point number of 64 bits", out byte first))
        {
            return 0;
        }

        if (first != CborMajor.Float64)
        {
            RefuseHead(first, "a floating point number of 64 bits");
            return 0;
        }

        if (Remaining < 9)
        {
            Refuse(_at, "a floating point number is cut off");
            return 0;
        }

        double value = BinaryPrimitives.ReadDoubleBigEndian(_data[(_at + 1)..]);
        _at += 9;
        return value;
    }

    /// <summary>The start of an array.</summary>
    /// <returns>The number of items; never more than the remaining bytes, so it is safe as a capacity.</returns>
    public int ReadArrayHeader() => ReadCount(CborMajor.Array, 1, "an array");

    /// <summary>The start of an array of exactly <paramref name="expected"/> items.</summary>
    public void ReadArrayHeader(int expected)
    {
        int start = _at;
        int count = ReadCount(CborMajor.Array, 1, "an array");
        if (count != expected && _fault is null)
        {
            Refuse(start, $"expected an array of {expected} items, found {count}");
        }
    }

    /// <summary>The start of a map.</summary>
    /// <returns>The number of key-value pairs; never more than half the remaining bytes.</returns>
    public int ReadMapHeader() => ReadCount(CborMajor.Map, 2, "a map");

    /// <summary>A link: tag 42 around a byte string of a zero byte and a binary CID.</summary>
    public Cid ReadCid()
    {
        int start = _at;
        if (CborLink.StartsWith(_data[start..], out _))
        {
            _at += CborLink.Length;
            return CborLink.CidOf(_data[start..]);
        }

        ulong tag = ReadHead(CborMajor.Tag, 27, "a link");
        if (_fault is not null)
        {
            return default;
        }

        if (tag != CborMajor.LinkTag)
        {
            Refuse(start, $"expected a link (tag 42), found tag {tag}");
            return default;
        }

        if (!TryPeek("the bytes of a link", out byte first))
        {
            return default;
        }

        if (first >> 5 != CborMajor.Bytes)
        {
            RefuseHead(first, "the bytes of a link");
            return default;
        }

        ReadOnlySpan<byte> bytes = ReadString(CborMajor.Bytes, "the bytes of a link", _rules != CborRules.Canonical);
        if (_fault is not null)
        {
            return default;
        }

        if (bytes.Length <= 1 || bytes[0] != 0)
        {
            Refuse(start, "expected a link that starts with a zero byte");
            return default;
        }

        if (!Cid.TryRead(bytes[1..], out Cid cid, out int read)
            || (_rules == CborRules.Canonical && read != bytes.Length - 1))
        {
            Refuse(start, $"expected a CID in a link, found {Convert.ToHexStringLower(bytes[1..Math.Min(bytes.Length, 17)])}…");
            return default;
        }

        return cid;
    }

    /// <summary>Skips a link in the form of <see cref="CborLink"/>, if one with the codec is next; otherwise consumes nothing.</summary>
    internal bool TrySkipLink(ulong codec)
    {
        bool found = CborLink.StartsWith(_data[_at..], out byte actual) && actual == codec;
        _at += found ? CborLink.Length : 0;
        return found;
    }

    /// <summary>Skips bytes that are known to be whole items.</summary>
    internal void SkipKnown(int length)
    {
        if (_fault is null)
        {
            _at += length;
        }
    }

    /// <summary>Checks that no input is left.</summary>
    public void EnsureEnd()
    {
        if (_at != _data.Length)
        {
            Refuse(_at, $"expected the end, found {_data.Length - _at} more bytes");
        }
    }
}
