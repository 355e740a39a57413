using System.Text.Json;

namespace Fvm.Vectors;

/// <summary>A JSON object with its path, for errors that name the location.</summary>
internal readonly struct JsonFields
{
    private readonly JsonElement _element;
    private readonly string _path;

    public JsonFields(JsonElement element, string path)
    {
        _element = element;
        _path = path;
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw Error(path, "an object", element);
        }
    }

    /// <summary>The field; null if absent or JSON null.</summary>
    public JsonElement? Optional(string name) =>
        _element.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>Whether the field is present, even as JSON null.</summary>
    public bool Has(string name) => _element.TryGetProperty(name, out _);

    public JsonElement Required(string name) =>
        _element.TryGetProperty(name, out JsonElement value)
            ? value
            : throw Refused(name, "is missing");

    /// <summary>Rejects fields not in <paramref name="known"/>, and duplicate fields.</summary>
    public void RequireOnly(params ReadOnlySpan<string> known)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (JsonProperty field in _element.EnumerateObject())
        {
            if (!known.Contains(field.Name))
            {
                string? near = NearestName.Of(field.Name, known);
                throw Refused(field.Name, near is null
                    ? $"is unknown; known fields: {string.Join(", ", known)}"
                    : $"is unknown; did you mean {near}?");
            }

            if (!seen.Add(field.Name))
            {
                throw Refused(field.Name, "occurs twice");
            }
        }
    }

    /// <summary>An error about a field; the message starts with the field's path.</summary>
    public JsonFieldException Refused(string name, string why, Exception? inner = null) => new(PathOf(name), $"{PathOf(name)} {why}", inner);

    public JsonFields Object(string name) => new(Required(name), PathOf(name));

    public string Text(string name)
    {
        JsonElement value = Required(name);
        return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Error(PathOf(name), "a string", value);
    }

    public ulong Number(string name)
    {
        JsonElement value = Required(name);
        return value.ValueKind == JsonValueKind.Number && value.TryGetUInt64(out ulong number)
            ? number
            : throw Error(PathOf(name), "a number from 0 to 2^64-1", value);
    }

    public long SignedNumber(string name)
    {
        JsonElement value = Required(name);
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number)
            ? number
            : throw Error(PathOf(name), "a 64-bit number", value);
    }

    public uint SmallNumber(string name)
    {
        JsonElement value = Required(name);
        return value.ValueKind == JsonValueKind.Number && value.TryGetUInt32(out uint number)
            ? number
            : throw Error(PathOf(name), "a number from 0 to 2^32-1", value);
    }

    public bool Flag(string name, bool otherwise)
    {
        JsonElement? value = Optional(name);
        return value?.ValueKind switch
        {
            null => otherwise,
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw Error(PathOf(name), "true or false", value.Value),
        };
    }

    /// <summary>An amount: a decimal string, or an integer of any size.</summary>
    public string Amount(string name)
    {
        JsonElement value = Required(name);
        string text = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Number => value.GetRawText(),
            _ => throw Error(PathOf(name), "an amount in attoFIL", value),
        };
        ReadOnlySpan<char> digits = text.AsSpan(text.StartsWith('-') ? 1 : 0);
        return digits.Length is > 0 and <= 100 && !digits.ContainsAnyExceptInRange('0', '9')
            ? text
            : throw Error(PathOf(name), "an amount in attoFIL", value);
    }

    public byte[] Bytes(string name)
    {
        JsonElement value = Required(name);
        return value.ValueKind == JsonValueKind.String && value.TryGetBytesFromBase64(out byte[]? bytes)
            ? bytes
            : throw Error(PathOf(name), "base64", value);
    }

    /// <summary>A link: an object whose only field, <c>/</c>, is a CID as text.</summary>
    public string Link(string name) => Object(name).Text("/");

    public JsonElement List(string name) => AsList(Required(name), PathOf(name));

    /// <summary>The elements of a list as objects with paths; an absent optional list is empty.</summary>
    public IEnumerable<JsonFields> Objects(string name, bool required)
    {
        JsonElement? list = required ? Required(name) : Optional(name);
        return list is null ? [] : Enumerate(AsList(list.Value, PathOf(name)), PathOf(name));
    }

    public string PathOf(string name) => _path.Length == 0 ? name : $"{_path}.{name}";

    public static JsonFieldException Error(string path, string wanted, JsonElement found)
    {
        string text = found.GetRawText();
        string shown = text.Length <= 40 ? text : text[..40] + "…";
        return new JsonFieldException(path, $"{(path.Length == 0 ? "the document" : path)} is not {wanted}: {shown}");
    }

    private static JsonElement AsList(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.Array ? value : throw Error(path, "a list", value);

    private static IEnumerable<JsonFields> Enumerate(JsonElement list, string path)
    {
        int index = 0;
        foreach (JsonElement element in list.EnumerateArray())
        {
            yield return new JsonFields(element, $"{path}[{index++}]");
        }
    }
}
