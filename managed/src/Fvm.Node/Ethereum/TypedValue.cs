using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Fvm.Crypto;
using Fvm.Tracing;

namespace Fvm.Node;

/// <summary>The values of EIP-712's basic types, as words of 32 bytes.</summary>
internal static class TypedValue
{
    private const int WordBits = 256;
    private const int MaxDigits = 80;

    /// <exception cref="EthereumException">The type is unknown, or the value is not of it.</exception>
    public static byte[] Encode(string type, JsonElement value, string name)
    {
        byte[]? word = type switch
        {
            "string" => value.ValueKind == JsonValueKind.String ? Keccak256.Hash(Encoding.UTF8.GetBytes(value.GetString()!)) : null,
            "bytes" => TryBytes(value, out byte[] bytes) ? Keccak256.Hash(bytes) : null,
            "bool" => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? Word(value.GetBoolean() ? 1 : 0) : null,
            "address" => value.ValueKind == JsonValueKind.String && EthAddress.TryParse(value.GetString(), out EthAddress address)
                ? [.. new byte[EthHash.Length - EthAddress.Length], .. address.ToBytes()]
                : null,
            _ when TrySize(type, "bytes", 1, EthHash.Length, 1, out int length) => EncodeFixed(value, length),
            _ when TrySize(type, "uint", 8, WordBits, 8, out int bits) => EncodeNumber(value, BigInteger.Zero, BigInteger.One << bits),
            _ when TrySize(type, "int", 8, WordBits, 8, out int bits) =>
                EncodeNumber(value, -(BigInteger.One << (bits - 1)), BigInteger.One << (bits - 1)),
            _ => throw new EthereumException($"typed data: there is no type '{type}'"),
        };
        return word ?? throw new EthereumException($"typed data: {name} is not of the type '{type}'");
    }

    private static bool TrySize(string type, string prefix, int smallest, int largest, int step, out int size)
    {
        size = largest;
        return type.StartsWith(prefix, StringComparison.Ordinal)
            && ((type.Length == prefix.Length && prefix != "bytes")
                || (int.TryParse(type.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out size)
                    && size >= smallest && size <= largest && size % step == 0));
    }

    private static byte[]? EncodeFixed(JsonElement value, int length) =>
        TryBytes(value, out byte[] bytes) && bytes.Length == length ? [.. bytes, .. new byte[EthHash.Length - length]] : null;

    private static byte[]? EncodeNumber(JsonElement value, in BigInteger first, in BigInteger end) =>
        TryNumber(value, out BigInteger number) && number >= first && number < end ? Word(number) : null;

    private static bool TryNumber(JsonElement value, out BigInteger number)
    {
        number = default;
        string? text = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        };
        if (text is null || text.Length is 0 or > MaxDigits)
        {
            return false;
        }

        return text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? BigInteger.TryParse("0" + text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
            : BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }

    private static bool TryBytes(JsonElement value, out byte[] bytes)
    {
        bytes = [];
        string? text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        if (text is null || !text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) || text.Length % 2 != 0)
        {
            return false;
        }

        bytes = new byte[(text.Length - 2) / 2];
        return Convert.FromHexString(text.AsSpan(2), bytes, out _, out _) == System.Buffers.OperationStatus.Done;
    }

    private static byte[] Word(BigInteger number)
    {
        byte[] word = new byte[EthHash.Length];
        BigInteger unsigned = number.Sign < 0 ? number + (BigInteger.One << WordBits) : number;
        int length = unsigned.GetByteCount(isUnsigned: true);
        _ = unsigned.TryWriteBytes(word.AsSpan(word.Length - length), out _, isUnsigned: true, isBigEndian: true);
        return word;
    }
}
