using System.Buffers.Binary;

namespace Fvm.Ipld;

public ref partial struct CborReader
{
    private int ReadCount(byte major, int bytesPerItem, string expected)
    {
        int start = _at;
        ulong count = ReadHead(major, 27, expected);
        if (count > (ulong)(Remaining / bytesPerItem))
        {
            Refuse(start, $"{expected} claims {count} items, but {Remaining} bytes are left");
            return 0;
        }

        return (int)count;
    }

    private ReadOnlySpan<byte> ReadString(byte major, string expected, bool inChunks)
    {
        if (!TryPeek(expected, out byte first))
        {
            return default;
        }

        if (inChunks && first == ((major << 5) | 0x1f))
        {
            return ReadChunks(major, expected);
        }

        int start = _at;
        ulong length = ReadHead(major, 27, expected);
        if (length > (ulong)Remaining)
        {
            Refuse(start, $"{expected} claims {length} bytes, but {Remaining} are left");
            return default;
        }

        ReadOnlySpan<byte> value = _data.Slice(_at, (int)length);
        _at += (int)length;
        return value;
    }

    /// <summary>Reads an indefinite-length string, possibly of nested ones, each closed by a break.</summary>
    private byte[] ReadChunks(byte major, string expected)
    {
        List<byte> joined = [];
        int depth = 0;
        do
        {
            if (!TryPeek(expected, out byte first))
            {
                return [];
            }

            if (first == ((major << 5) | 0x1f))
            {
                _at++;
                if (++depth > MaxChunkDepth)
                {
                    Refuse(_at, $"{expected} has chunks nested deeper than {MaxChunkDepth}");
                    return [];
                }
            }
            else if (first == CborMajor.Break)
            {
                _at++;
                depth--;
            }
            else
            {
                int start = _at;
                ulong length = ReadHead(major, 27, expected);
                if (length > (ulong)Remaining)
                {
                    Refuse(start, $"a chunk of {expected} claims {length} bytes, but {Remaining} are left");
                    return [];
                }

                joined.AddRange(_data.Slice(_at, (int)length));
                _at += (int)length;
            }
        }
        while (depth > 0);
        return joined.ToArray();
    }

    /// <summary>Reads an item's head and returns its argument, if the item has the expected major type.</summary>
    /// <param name="major">The major type.</param>
    /// <param name="widest">The widest accepted argument: 24 for 8 bits, 25 for 16, 26 for 32, 27 for 64.</param>
    /// <param name="expected">The name of the expected item, for the error.</param>
    private ulong ReadHead(byte major, int widest, string expected)
    {
        if (!TryPeek(expected, out byte first))
        {
            return 0;
        }

        int form = _rules == CborRules.Reference
            ? first & ~(major << 5)
            : first >> 5 == major ? first & 0x1f : NoMatch;
        if (form < 24)
        {
            _at++;
            return (ulong)form;
        }

        if (form > widest)
        {
            RefuseHead(first, expected);
            return 0;
        }

        return ReadArgument(form, expected);
    }

    /// <summary>Reads the argument after the initial byte, for additional information 24 to 27.</summary>
    private ulong ReadArgument(int form, string expected)
    {
        int width = 1 << (form - 24);
        if (Remaining <= width)
        {
            Refuse(_at, $"the head of {expected} is cut off");
            return 0;
        }

        ReadOnlySpan<byte> argument = _data[(_at + 1)..];
        ulong value = form switch
        {
            24 => argument[0],
            25 => BinaryPrimitives.ReadUInt16BigEndian(argument),
            26 => BinaryPrimitives.ReadUInt32BigEndian(argument),
            _ => BinaryPrimitives.ReadUInt64BigEndian(argument),
        };
        if (_rules == CborRules.Canonical && (form == 24 ? value < 24 : value >> (width * 4) == 0))
        {
            Refuse(_at, $"the head of {expected} is longer than needed");
            return 0;
        }

        _at += 1 + width;
        return value;
    }

    // At the end of the input: false, and a fault.
    private bool TryPeek(string expected, out byte first)
    {
        if (_at < _data.Length)
        {
            first = _data[_at];
            return true;
        }

        first = 0;
        if (_fault is null)
        {
            Refuse(_at, $"expected {expected}, found the end");
        }

        return false;
    }

    private void RefuseHead(byte first, string expected) => Refuse(_at, Unexpected(first, expected));

    private readonly string Unexpected(byte first, string expected)
    {
        bool indefinite = (first & 0x1f) == 0x1f && first >> 5 is >= CborMajor.Bytes and <= CborMajor.Map;
        string found = indefinite ? "an item of indefinite length" : Describe(PeekType());
        return $"expected {expected}, found {found} (0x{first:x2})";
    }

    private static CborException Error(int offset, string message) => new(offset, message);

    private static string Describe(CborType type) => type switch
    {
        CborType.UnsignedInteger => "an unsigned integer",
        CborType.NegativeInteger => "a negative integer",
        CborType.Bytes => "a byte string",
        CborType.Text => "a text",
        CborType.Array => "an array",
        CborType.Map => "a map",
        CborType.Tag => "a tag",
        CborType.Boolean => "a boolean",
        CborType.Null => "null",
        CborType.Float => "a floating point number",
        _ => "an unknown item",
    };
}
