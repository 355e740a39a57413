namespace Fvm.Ipld;

public ref partial struct CborReader
{
    /// <summary>Maximum nesting of arrays and maps in a skipped item: the reference's limit for values of unknown type.</summary>
    public const int MaxDepth = 127;

    /// <summary>Reads one whole item and returns its bytes.</summary>
    public ReadOnlySpan<byte> ReadRaw()
    {
        int start = _at;
        Skip();
        return _data[start.._at];
    }

    /// <summary>
    /// Skips one whole item and validates it: DAG-CBOR, texts in UTF-8, links with valid CIDs, map keys of type text (under
    /// <see cref="CborRules.Canonical"/> sorted and unique). Not recursive; nesting deeper than <see cref="MaxDepth"/> is rejected.
    /// </summary>
    public void Skip()
    {
        Container current = new() { Left = 1 };
        Span<Container> outer = stackalloc Container[8];
        int depth = 0;
        while (true)
        {
            while (current.Left == 0)
            {
                if (depth == 0)
                {
                    return;
                }

                current = outer[--depth];
            }

            bool isKey = current.IsMap && (current.Left & 1) == 0;
            current.Left--;
            int start = _at;
            CborType type = PeekType();
            if (isKey)
            {
                SkipKey(ref current);
            }
            else if (type is CborType.Array or CborType.Map)
            {
                bool isMap = type == CborType.Map;
                RefuseIndefinite();
                int count = isMap ? ReadMapHeader() : ReadArrayHeader();
                if (depth == MaxDepth)
                {
                    throw Error(start, $"arrays and maps nest deeper than {MaxDepth}");
                }

                if (depth == outer.Length)
                {
                    Container[] grown = new Container[MaxDepth];
                    outer.CopyTo(grown);
                    outer = grown;
                }

                outer[depth++] = current;
                current = new Container { Left = isMap ? 2L * count : count, IsMap = isMap, KeyAt = -1 };
            }
            else
            {
                SkipScalar(type);
            }
        }
    }

    private void SkipScalar(CborType type)
    {
        switch (type)
        {
            case CborType.UnsignedInteger:
                ReadHead(CborMajor.Unsigned, 27, "an item");
                break;
            case CborType.NegativeInteger:
                ReadHead(CborMajor.Negative, 27, "an item");
                break;
            case CborType.Bytes:
                RefuseIndefinite();
                ReadBytes();
                break;
            case CborType.Text:
                RefuseIndefinite();
                ReadTextUtf8();
                break;
            case CborType.Tag:
                RefuseIndefinite();
                ReadCid();
                break;
            case CborType.Boolean or CborType.Null:
                _at++;
                break;
            case CborType.Float:
                SkipFloat();
                break;
            case CborType.End:
                throw Error(_at, "expected an item, found the end");
            default:
                throw Error(_at, Unexpected(_data[_at], "an item of DAG-CBOR"));
        }
    }

    private void SkipKey(ref Container map)
    {
        int start = _at;
        if (!TryPeek("a key of a map", out byte first))
        {
            throw Error(start, "expected a key of a map, found the end");
        }

        if (first >> 5 != CborMajor.Text)
        {
            throw Error(_at, Unexpected(first, "a text as key of a map"));
        }

        ReadOnlySpan<byte> key = ReadTextUtf8();
        if (_rules != CborRules.Canonical)
        {
            return;
        }

        int at = _at - key.Length;
        if (map.KeyAt >= 0)
        {
            ReadOnlySpan<byte> previous = _data.Slice(map.KeyAt, map.KeyLength);
            int order = previous.Length != key.Length ? previous.Length - key.Length : previous.SequenceCompareTo(key);
            if (order >= 0)
            {
                throw Error(start, order == 0 ? "a key of a map is there twice" : "the keys of a map are not sorted");
            }
        }

        map.KeyAt = at;
        map.KeyLength = key.Length;
    }

    private void SkipFloat()
    {
        if (_data[_at] == CborMajor.Float64)
        {
            double value = ReadDouble();
            if (_rules == CborRules.Canonical && !double.IsFinite(value))
            {
                throw Error(_at - 9, "DAG-CBOR has only finite numbers");
            }
        }
        else if (_rules == CborRules.Canonical || Remaining < 5)
        {
            throw Error(_at, Unexpected(_data[_at], "a floating point number of 64 bits"));
        }
        else
        {
            _at += 5;
        }
    }

    private readonly void RefuseIndefinite()
    {
        if ((_data[_at] & 0x1f) == 0x1f)
        {
            throw Error(_at, Unexpected(_data[_at], "an item of definite length"));
        }
    }

    /// <summary>An open array or map.</summary>
    private struct Container
    {
        /// <summary>The number of remaining items; for a map, keys plus values.</summary>
        public long Left;
        public bool IsMap;
        public int KeyAt;
        public int KeyLength;
    }
}
