using System.Text;
using System.Text.Json;
using Fvm.Crypto;

namespace Fvm.Node;

/// <summary>
/// Structured data that wallets sign (EIP-712). Its depth is bounded by that of the JSON document, its work by the document's length and by
/// <see cref="MaxTypes"/> and <see cref="MaxFields"/>.
/// </summary>
internal sealed class TypedData
{
    private const int MaxTypes = 256;
    private const int MaxFields = 4_096;
    private const string DomainType = "EIP712Domain";

    // The fields of a domain in their order, for documents that do not declare its type.
    private static readonly Field[] DomainFields =
    [
        new("name", "string"), new("version", "string"), new("chainId", "uint256"), new("verifyingContract", "address"), new("salt", "bytes32"),
    ];

    private readonly SortedDictionary<string, Field[]> _types = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, byte[]> _typeHashes = new(StringComparer.Ordinal);

    private TypedData(JsonElement types, JsonElement domain)
    {
        int fields = 0;
        foreach (JsonProperty type in Object(types, "types").EnumerateObject())
        {
            Field[] declared = [.. Array(type.Value, type.Name).EnumerateArray()
                .Select(static field => new Field(Text(field, "name"), Text(field, "type")))];
            fields += declared.Length;
            if (!_types.TryAdd(type.Name, declared) || _types.Count > MaxTypes || fields > MaxFields)
            {
                throw new EthereumException($"typed data: a type is there twice, or more than {MaxTypes} types or {MaxFields} fields");
            }
        }

        _ = _types.TryAdd(DomainType, [.. DomainFields.Where(field => domain.TryGetProperty(field.Name, out _))]);
    }

    /// <summary>The hash that is signed.</summary>
    /// <exception cref="EthereumException">The document is no typed data.</exception>
    public static byte[] HashOf(JsonElement document)
    {
        try
        {
            JsonElement domain = Object(Member(document, "domain"), "domain");
            TypedData data = new(Member(document, "types"), domain);
            string primary = Text(document, "primaryType");
            byte[] separator = data.HashStruct(DomainType, domain);
            return Keccak256.Hash(primary == DomainType
                ? [0x19, 1, .. separator]
                : [0x19, 1, .. separator, .. data.HashStruct(primary, Object(Member(document, "message"), "message"))]);
        }
        catch (InvalidOperationException)
        {
            // A text with half of a surrogate pair.
            throw new EthereumException("typed data: a text is no valid Unicode");
        }
    }

    private static JsonElement Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement member)
            ? member
            : throw new EthereumException($"typed data: {name} is missing");

    private static JsonElement Object(JsonElement element, string name) => element.ValueKind == JsonValueKind.Object
        ? element
        : throw new EthereumException($"typed data: {name} is no object");

    private static JsonElement Array(JsonElement element, string name) => element.ValueKind == JsonValueKind.Array
        ? element
        : throw new EthereumException($"typed data: {name} is no array");

    private static string Text(JsonElement parent, string name) => Member(parent, name) is { ValueKind: JsonValueKind.String } text
        ? text.GetString()!
        : throw new EthereumException($"typed data: {name} is no text");

    private byte[] HashStruct(string type, JsonElement value)
    {
        if (!_types.TryGetValue(type, out Field[]? fields))
        {
            throw new EthereumException($"typed data: there is no type '{type}'");
        }

        using MemoryStream encoded = new();
        encoded.Write(TypeHash(type));
        foreach (Field field in fields)
        {
            encoded.Write(Encode(field.Type, value.TryGetProperty(field.Name, out JsonElement member) ? member : default, field.Name));
        }

        return Keccak256.Hash(encoded.ToArray());
    }

    private byte[] Encode(string type, JsonElement value, string name)
    {
        if (type.EndsWith(']'))
        {
            return EncodeArray(type, value, name);
        }

        if (!_types.ContainsKey(type))
        {
            return TypedValue.Encode(type, value, name);
        }

        return value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null
            ? new byte[EthHash.Length]
            : HashStruct(type, Object(value, name));
    }

    private byte[] EncodeArray(string type, JsonElement value, string name)
    {
        int bracket = type.LastIndexOf('[');
        string item = type[..Math.Max(bracket, 0)];
        string size = type[(bracket + 1)..^1];
        if (bracket < 1 || (size.Length > 0 && !(int.TryParse(size, out int count) && count == Array(value, name).GetArrayLength())))
        {
            throw new EthereumException($"typed data: {name} is not of the type '{type}'");
        }

        using MemoryStream encoded = new();
        foreach (JsonElement element in Array(value, name).EnumerateArray())
        {
            encoded.Write(Encode(item, element, name));
        }

        return Keccak256.Hash(encoded.ToArray());
    }

    private byte[] TypeHash(string type)
    {
        if (_typeHashes.TryGetValue(type, out byte[]? known))
        {
            return known;
        }

        SortedSet<string> used = new(StringComparer.Ordinal);
        Stack<string> left = new([type]);
        while (left.TryPop(out string? next))
        {
            if (used.Add(next))
            {
                foreach (Field field in _types[next])
                {
                    string inner = field.Type.Split('[')[0];
                    if (_types.ContainsKey(inner))
                    {
                        left.Push(inner);
                    }
                }
            }
        }

        used.Remove(type);
        StringBuilder text = new(Declaration(type));
        foreach (string other in used)
        {
            text.Append(Declaration(other));
        }

        return _typeHashes[type] = Keccak256.Hash(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private string Declaration(string type) =>
        $"{type}({string.Join(',', _types[type].Select(static field => $"{field.Type} {field.Name}"))})";

    private sealed record Field(string Name, string Type);
}
