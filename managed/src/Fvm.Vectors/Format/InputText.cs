namespace Fvm.Vectors;

/// <summary>Parses addresses, amounts and bytes in their human-readable forms, for arguments and specifications.</summary>
public static class InputText
{
    private const string HexPrefix = "0x";
    private const int EthereumLength = 20;
    private const byte IdPrefix = 0xff;

    // The Ethereum Address Manager (FIP-0055).
    private const ulong EthereumNamespace = 10;

    /// <summary>
    /// Parses an address: f0… to f4…, t0… to t4…, or <c>0x</c> and 20 hexadecimal bytes in Ethereum's form: an f410 address, or an ID address if
    /// they begin with 0xff and 11 zero bytes (FIP-0055).
    /// </summary>
    public static bool TryParseAddress(string text, out Address address)
    {
        if (!text.StartsWith(HexPrefix, StringComparison.Ordinal))
        {
            return Address.TryParse(text, out address);
        }

        address = default;
        if (!TryParseHex(text, out byte[] bytes) || bytes.Length != EthereumLength)
        {
            return false;
        }

        const int IdStart = EthereumLength - sizeof(ulong);
        bool isId = bytes[0] == IdPrefix && bytes.AsSpan(1, IdStart - 1).IndexOfAnyExcept((byte)0) < 0;
        address = isId
            ? Address.NewId(System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(IdStart)))
            : Address.NewDelegated(new ActorId(EthereumNamespace), bytes);
        return true;
    }

    /// <summary>Parses hexadecimal digits, with or without <c>0x</c>; no digits are an empty array.</summary>
    public static bool TryParseHex(string text, out byte[] bytes)
    {
        ReadOnlySpan<char> digits = text.AsSpan(text.StartsWith(HexPrefix, StringComparison.Ordinal) ? HexPrefix.Length : 0);
        bytes = new byte[digits.Length / 2];
        return digits.Length % 2 == 0 && Convert.FromHexString(digits, bytes, out _, out _) == System.Buffers.OperationStatus.Done;
    }
}
