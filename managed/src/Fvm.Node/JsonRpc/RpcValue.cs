using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Fvm.Tracing;

namespace Fvm.Node;

/// <summary>
/// A value of a request, with its place for error messages. Readers accept what tools send (numbers as hexadecimal text, decimal text or JSON
/// number) and refuse the rest with <see cref="RpcErrorCode.InvalidParams"/>.
/// </summary>
/// <param name="Element">The value; undefined if it is missing.</param>
/// <param name="Place">Such as <c>parameter 1 (call), from</c>.</param>
internal readonly record struct RpcValue(JsonElement Element, string Place)
{
    private const int MaxShown = 40;
    private const int MaxNumberText = 80;

    /// <summary>Whether it is missing or null, which is the same.</summary>
    public bool IsMissing => Element.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    public bool IsObject => Element.ValueKind == JsonValueKind.Object;

    public bool IsArray => Element.ValueKind == JsonValueKind.Array;

    public bool IsText => Element.ValueKind == JsonValueKind.String;

    /// <summary>A member of this object, which may be missing.</summary>
    public RpcValue this[string name] => IsObject
        ? new(Element.TryGetProperty(name, out JsonElement member) ? member : default, $"{Place}, {name}")
        : throw Expected("an object");

    /// <summary>The items of this array.</summary>
    /// <param name="limit">How many there may be.</param>
    public RpcValue[] Items(int limit)
    {
        if (!IsArray)
        {
            throw Expected("an array");
        }

        int count = Element.GetArrayLength();
        if (count > limit)
        {
            throw new RpcException(RpcErrorCode.LimitExceeded, $"{Place}: {count} items are more than {limit}");
        }

        RpcValue[] items = new RpcValue[count];
        int i = 0;
        foreach (JsonElement item in Element.EnumerateArray())
        {
            items[i] = new RpcValue(item, $"{Place}, item {i}");
            i++;
        }

        return items;
    }

    /// <summary>The members of this object, in their order.</summary>
    public IEnumerable<(string Name, RpcValue Value)> Members()
    {
        if (!IsObject)
        {
            throw Expected("an object");
        }

        string place = Place;
        return Element.EnumerateObject().Select(member => (NameOf(member), new RpcValue(member.Value, $"{place}, {NameOf(member)}")));

        string NameOf(JsonProperty member)
        {
            try
            {
                return member.Name;
            }
            catch (InvalidOperationException)
            {
                throw RpcException.InvalidParams($"{place}: a member's name is no valid Unicode");
            }
        }
    }

    public string Text()
    {
        if (!IsText)
        {
            throw Expected("a text");
        }

        try
        {
            return Element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            throw RpcException.InvalidParams($"{Place}: the text is no valid Unicode");
        }
    }

    public bool Bool() => Element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Expected("true or false"),
    };

    /// <summary>A number that is not negative.</summary>
    public BigInteger BigNumber()
    {
        string? text = Element.ValueKind switch
        {
            JsonValueKind.String => Text(),
            JsonValueKind.Number => Element.GetRawText(),
            _ => null,
        };
        if (text is null || text.Length > MaxNumberText || !TryParseNumber(text, out BigInteger number))
        {
            throw Expected("a quantity such as \"0x1f\"");
        }

        return number;
    }

    /// <summary>A number of 64 bits.</summary>
    public ulong Number()
    {
        BigInteger number = BigNumber();
        return number <= ulong.MaxValue ? (ulong)number : throw Expected("a quantity of at most 64 bits");
    }

    /// <summary>An amount in attoFIL (wei), of at most 256 bits.</summary>
    public TokenAmount Amount()
    {
        BigInteger number = BigNumber();
        return number.GetBitLength() <= 256 ? TokenAmount.FromAtto(number) : throw Expected("a quantity of at most 256 bits");
    }

    /// <summary>Bytes in hexadecimal.</summary>
    public byte[] Bytes()
    {
        string text = IsText ? Text() : throw Expected("bytes such as \"0x1f00\"");
        if (!text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) || text.Length % 2 != 0)
        {
            throw Expected("bytes such as \"0x1f00\": 0x and an even number of digits");
        }

        byte[] bytes = new byte[(text.Length - 2) / 2];
        return Convert.FromHexString(text.AsSpan(2), bytes, out _, out _) == System.Buffers.OperationStatus.Done
            ? bytes
            : throw Expected("bytes such as \"0x1f00\": 0x and hexadecimal digits");
    }

    /// <summary>An Ethereum address, or one of Filecoin's that has an Ethereum form.</summary>
    public EthAddress EthAddress()
    {
        string text = IsText ? Text() : throw Expected("an address");
        if (Tracing.EthAddress.TryParse(text, out EthAddress address)
            || (Address.TryParse(text, out Address filecoin) && Tracing.EthAddress.TryOf(filecoin, out address)))
        {
            return address;
        }

        throw Expected("an address: 0x and 40 hexadecimal digits");
    }

    /// <summary>An address of Filecoin, or an Ethereum address.</summary>
    public Address FilecoinAddress()
    {
        string text = IsText ? Text() : throw Expected("an address");
        if (Tracing.EthAddress.TryParse(text, out EthAddress ethereum))
        {
            return ethereum.ToFilecoin();
        }

        return Address.TryParse(text, out Address address) ? address : throw Expected("an address such as f0100, t410f… or 0x…");
    }

    public EthHash Hash() => IsText && EthHash.TryParse(Text(), out EthHash hash)
        ? hash
        : throw Expected("a hash: 0x and 64 hexadecimal digits");

    /// <summary>A word of 32 bytes, as such or as a quantity: storage slots are sent in both forms.</summary>
    public EthHash Word()
    {
        if (IsText && EthHash.TryParse(Text(), out EthHash hash))
        {
            return hash;
        }

        BigInteger number = BigNumber();
        return number.GetByteCount(isUnsigned: true) <= EthHash.Length ? EthHash.OfNumber(number) : throw Expected("a word of 32 bytes");
    }

    /// <summary>A block: a tag, a number, a hash, or an object with one of the latter two.</summary>
    public BlockReference Block()
    {
        if (IsObject)
        {
            if (!this["blockHash"].IsMissing)
            {
                RpcValue canonical = this["requireCanonical"];
                return new(BlockReferenceKind.Hash, Hash: this["blockHash"].Hash(), RequiresCanonical: !canonical.IsMissing && canonical.Bool());
            }

            return this["blockNumber"].IsMissing ? throw Expected("blockHash or blockNumber") : this["blockNumber"].Block();
        }

        string? text = IsText ? Text() : null;
        return text switch
        {
            "latest" => BlockReference.Latest,
            "pending" => BlockReference.Pending,
            "safe" => new(BlockReferenceKind.Safe),
            "finalized" => new(BlockReferenceKind.Finalized),
            "earliest" => new(BlockReferenceKind.Earliest),
            _ when EthHash.TryParse(text, out EthHash hash) => BlockReference.OfHash(hash),
            _ when (text is null ? Element.ValueKind == JsonValueKind.Number : IsNumber(text)) => BlockReference.OfNumber(Number()),
            _ => throw Expected("a block: latest, pending, safe, finalized, earliest, a quantity, or a hash"),
        };
    }

    /// <summary>The error for a value of another form.</summary>
    public RpcException Expected(string what) => RpcException.InvalidParams(
        IsMissing ? $"{Place} is missing: expected {what}" : $"{Place}: expected {what}, found {Shown()}");

    private static bool IsNumber(string text) => text.Length <= MaxNumberText && TryParseNumber(text, out _);

    private static bool TryParseNumber(string text, out BigInteger number)
    {
        number = default;
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            // A leading digit, else the highest bit is a sign. "0x" alone is zero to geth's and Lotus' readers of some fields.
            return BigInteger.TryParse("0" + text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number);
        }

        return BigInteger.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private string Shown()
    {
        string raw = Element.GetRawText();
        return PrintableText.Of(raw.Length <= MaxShown ? raw : raw[..MaxShown] + "…");
    }
}
