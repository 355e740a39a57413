// Addresses, amounts and bytes as people write them.
namespace Fvm.Vectors;

/// <summary>Reads what arguments and specifications give as text.</summary>
public static class InputText
{
    private const string HexPrefix = "0x";
    private const int EthereumLength = 20;
    private const byte IdPrefix = 0xff;

    // The manager of Ethereum addresses (FIP-0055).
    private const ulong EthereumNamespace = 10;

    /// <summary>
    /// Reads an address: f0… to f4…, t0… to t4…, or <c>0x</c> and 20 bytes in hexadecimal as Ethereum writes it: an f410 address, or an ID
    /// address if it starts with 0xff and 11 bytes of zero (FIP-0055).
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

    /// <summary>Reads hexadecimal digits, with <c>0x</c> before them or not; no digits are no bytes.</summary>
    public static bool TryParseHex(string text, out byte[] bytes)
    {
        ReadOnlySpan<char> digits = text.AsSpan(text.StartsWith(HexPrefix, StringComparison.Ordinal) ? HexPrefix.Length : 0);
        bytes = new byte[digits.Length / 2];
        return digits.Length % 2 == 0 && Convert.FromHexString(digits, bytes, out _, out _) == System.Buffers.OperationStatus.Done;
    }
}
