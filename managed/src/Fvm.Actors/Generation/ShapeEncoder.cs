using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Fvm.Ipld;

namespace Fvm.Actors;

/// <summary>
/// Encodes JSON by a shape: objects by the names of fields (or lists) for tuples, decimal text or numbers for amounts and integers, base64 or
/// hexadecimal with 0x for bytes, text for addresses and CIDs.
/// </summary>
internal static class ShapeEncoder
{
    private const int AddressLength = 20;
    private const int MaxDigits = 80;

    /// <summary>Encodes a value.</summary>
    /// <exception cref="FormatException">It does not fit the shape.</exception>
    public static byte[] Encode(Shape shape, int version, JsonElement json)
    {
        CborWriter writer = new();
        Write(writer, shape, version, json, "the parameters");
        return writer.ToArray();
    }

    private static void Write(CborWriter writer, Shape shape, int version, JsonElement json, string place)
    {
        switch (shape)
        {
            case PrimitiveShape primitive:
                Write(writer, primitive.Kind, json, place);
                break;
            case OptionalShape when json.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined:
                writer.WriteNull();
                break;
            case OptionalShape optional:
                Write(writer, optional.Item, version, json, place);
                break;
            case ListShape list:
                if (json.ValueKind != JsonValueKind.Array)
                {
                    throw Expected(place, "a list");
                }

                writer.WriteArrayHeader(json.GetArrayLength());
                foreach (JsonElement item in json.EnumerateArray())
                {
                    Write(writer, list.Item, version, item, $"an item of {place}");
                }

                break;
            case TupleShape tuple:
                WriteTuple(writer, tuple, version, json, place);
                break;
            default:
                writer.WriteCid(CidOf(json, place));
                break;
        }
    }

    private static void WriteTuple(CborWriter writer, TupleShape tuple, int version, JsonElement json, string place)
    {
        FieldRow[] fields = [.. tuple.Fields.Where(field => field.Versions.Contains(version))];
        string names = string.Join(", ", fields.Select(static field => field.Name));
        bool isObject = json.ValueKind == JsonValueKind.Object;
        if (!isObject && (json.ValueKind != JsonValueKind.Array || json.GetArrayLength() != fields.Length))
        {
            throw Expected(place, $"an object with {names}");
        }

        string[] strange = isObject
            ? [.. json.EnumerateObject().Select(static member => member.Name).Where(name => fields.All(field => !Is(field, name)))]
            : [];
        if (strange.Length > 0)
        {
            throw Expected(place, $"no {PrintableText.Of(strange[0])}, but {names}");
        }

        writer.WriteArrayHeader(fields.Length);
        for (int i = 0; i < fields.Length; i++)
        {
            JsonElement field = isObject ? json.EnumerateObject().LastOrDefault(member => Is(fields[i], member.Name)).Value : json[i];
            Write(writer, fields[i].Shape, version, field, $"{fields[i].Name} of {tuple.Name}");
        }

        static bool Is(FieldRow field, string name) =>
            string.Equals(field.Name.Replace("_", string.Empty, StringComparison.Ordinal), name.Replace("_", string.Empty, StringComparison.Ordinal),
                StringComparison.OrdinalIgnoreCase);
    }

    private static void Write(CborWriter writer, Primitive kind, JsonElement json, string place)
    {
        switch (kind)
        {
            case Primitive.Uint:
                writer.WriteUInt(UnsignedOf(json, place));
                break;
            case Primitive.Int or Primitive.Epoch:
                writer.WriteInt(IntegerOf(json, place) is var signed && signed >= long.MinValue && signed <= long.MaxValue
                    ? (long)signed
                    : throw Expected(place, "an integer of 64 bits"));
                break;
            case Primitive.Actor:
                writer.WriteUInt(json.ValueKind == JsonValueKind.String && Address.TryParse(json.GetString(), out Address actor)
                    && actor.TryGetId(out ActorId id) ? id.Value : UnsignedOf(json, place));
                break;
            case Primitive.Bool:
                writer.WriteBool(json.ValueKind is JsonValueKind.True or JsonValueKind.False
                    ? json.GetBoolean()
                    : throw Expected(place, "true or false"));
                break;
            case Primitive.Text or Primitive.Label:
                writer.WriteText(json.ValueKind == JsonValueKind.String ? json.GetString()! : throw Expected(place, "text"));
                break;
            case Primitive.Cid:
                writer.WriteCid(CidOf(json, place));
                break;
            case Primitive.Address:
                writer.WriteBytes(AddressOf(json, place).ToBytes());
                break;
            case Primitive.Token or Primitive.Bigint:
                writer.WriteBytes(TokenAmount.FromAtto(IntegerOf(json, place)).ToBytes());
                break;
            case Primitive.Raw or Primitive.Any:
                writer.WriteRaw(BytesOf(json, place));
                break;
            default:
                writer.WriteBytes(BytesOf(json, place));
                break;
        }
    }

    private static ulong UnsignedOf(JsonElement json, string place) =>
        IntegerOf(json, place) is var number && number >= 0 && number <= ulong.MaxValue
            ? (ulong)number
            : throw Expected(place, "an unsigned integer of 64 bits");

    private static BigInteger IntegerOf(JsonElement json, string place)
    {
        string text = json.ValueKind switch
        {
            JsonValueKind.Number => json.GetRawText(),
            JsonValueKind.String => json.GetString()!,
            _ => string.Empty,
        };
        return text.Length <= MaxDigits
            && BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger number)
            ? number
            : throw Expected(place, "an integer");
    }

    private static Address AddressOf(JsonElement json, string place)
    {
        string? text = json.ValueKind == JsonValueKind.String ? json.GetString() : null;
        if (Address.TryParse(text, out Address address))
        {
            return address;
        }

        return text?.StartsWith("0x", StringComparison.Ordinal) == true && BytesOf(json, place) is { Length: AddressLength } bytes
            ? Address.NewDelegated(ActorId.EthereumAddressManager, bytes)
            : throw Expected(place, "an address");
    }

    private static Cid CidOf(JsonElement json, string place)
    {
        JsonElement text = json.ValueKind == JsonValueKind.Object && json.TryGetProperty("/", out JsonElement link) ? link : json;
        return text.ValueKind == JsonValueKind.String && Cid.TryParse(text.GetString(), out Cid cid) ? cid : throw Expected(place, "a CID");
    }

    private static byte[] BytesOf(JsonElement json, string place)
    {
        if (json.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        string? text = json.ValueKind == JsonValueKind.String ? json.GetString() : null;
        if (text?.StartsWith("0x", StringComparison.Ordinal) == true)
        {
            byte[] bytes = new byte[(text.Length - 2) / 2];
            return text.Length % 2 == 0 && Convert.FromHexString(text.AsSpan(2), bytes, out _, out _) == System.Buffers.OperationStatus.Done
                ? bytes
                : throw Expected(place, "bytes such as 0x1f00");
        }

        return text is not null && json.TryGetBytesFromBase64(out byte[]? decoded) ? decoded : throw Expected(place, "bytes in base64, or with 0x");
    }

    private static FormatException Expected(string place, string what) => new($"{place}: expected {what}");
}
