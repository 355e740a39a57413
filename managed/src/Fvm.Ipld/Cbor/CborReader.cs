// DAG-CBOR, read.
using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Fvm.Ipld;

/// <summary>
/// Reads DAG-CBOR item by item from a span, without allocating. What is forgiven says <see cref="CborRules"/>; the default is what the
/// reference forgives, since that decides whether a message exists. Each method throws <see cref="CborException"/> for an item of
/// another kind, a malformed one, or the end of the bytes; the reader is then where it was or past the bad head, and of no more use.
/// A reader that notes faults (<see cref="Noting"/>) does not throw there: it keeps the first fault, goes to the end, and gives zeros and
/// empty items from then on; whoever uses one looks at <see cref="Fault"/> before the values. Only skipping always throws.
/// </summary>
public ref partial struct CborReader
{
    // The reference's limit of nested steps (256), less the one that a field within a tuple has taken.
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

    /// <summary>What is forgiven in the items to come.</summary>
    public CborRules Rules
    {
        readonly get => _rules;
        set => _rules = value;
    }

    /// <summary>The first fault of a reader that notes faults: the text that <see cref="CborException"/> would have; null for none.</summary>
    public readonly string? Fault => _fault;

    /// <summary>How many bytes are read.</summary>
    public readonly int Offset => _at;

    /// <summary>How many bytes are left.</summary>
    public readonly int Remaining => _data.Length - _at;

    /// <summary>
    /// A reader that notes faults: for what an actor hands over, since an exception takes ten times as long as what the actor pays for.
    /// </summary>
    public static CborReader Noting(ReadOnlySpan<byte> data) => new(data, CborRules.Reference, notes: true);

    /// <summary>Refuses what has been read, as the reader itself does: by an exception, or by a note.</summary>
    /// <param name="at">Where the item starts.</param>
    /// <param name="message">What was expected, and what was found.</param>
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

    /// <summary>The kind of the next item, by its first byte; nothing is read.</summary>
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

    /// <summary>A number from 0 to 2^64-1.</summary>
    public ulong ReadUInt() => ReadHead(CborMajor.Unsigned, 27, "an unsigned integer");

    /// <summary>A number from 0 to 2^32-1; heads of 64 bits are refused even where the value would fit, as the reference does.</summary>
    public uint ReadUInt32() => (uint)ReadHead(CborMajor.Unsigned, 26, "an unsigned integer of 32 bits");

    /// <summary>A number from 0 to 255; wider heads are refused even where the value would fit, as the reference does.</summary>
    public byte ReadUInt8() => (byte)ReadHead(CborMajor.Unsigned, 24, "an unsigned integer of 8 bits");

    /// <summary>A number from -2^63 to 2^63-1.</summary>
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

    /// <summary>A byte string, as part of the data; chunks (see <see cref="CborRules"/>) are joined in an array.</summary>
    public ReadOnlySpan<byte> ReadBytes() => ReadString(CborMajor.Bytes, "a byte string", _rules == CborRules.Reference);

    /// <summary>A text in UTF-8, checked.</summary>
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

    /// <summary>Reads a null if one is next.</summary>
    /// <returns>Whether there was one; if not, nothing is read.</returns>
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

    /// <summary>A floating point number of 64 bits.</summary>
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
    /// <returns>How many items follow; never more than there are bytes left, so it is safe as a capacity.</returns>
    public int ReadArrayHeader() => ReadCount(CborMajor.Array, 1, "an array");

    /// <summary>The start of an array that has to have <paramref name="expected"/> items.</summary>
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
    /// <returns>How many pairs of key and value follow; never more than half the bytes left.</returns>
    public int ReadMapHeader() => ReadCount(CborMajor.Map, 2, "a map");

    /// <summary>A link: tag 42 around a byte string of a zero byte and a binary CID.</summary>
    public Cid ReadCid()
    {
        int start = _at;
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

    /// <summary>Checks that nothing is left.</summary>
    public void EnsureEnd()
    {
        if (_at != _data.Length)
        {
            Refuse(_at, $"expected the end, found {_data.Length - _at} more bytes");
        }
    }
}
