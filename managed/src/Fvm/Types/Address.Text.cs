using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Fvm.Crypto;

namespace Fvm;

/// <content>The text form of addresses: network, protocol, and a number or base32 with a four-byte checksum.</content>
public readonly partial struct Address
{
    private const int ChecksumLength = 4;
    private const int MaxTextLength = 138;
    private const int MaxIdDigits = 20;
    private const string Base32Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    // The namespace of Ethereum addresses, whose 20-byte subaddress Ethereum writes in hexadecimal.
    private const ulong EthereumNamespace = 10;

    /// <summary>Parses an address and the network of its first letter.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Address address, out AddressNetwork network)
    {
        address = default;
        network = AddressNetwork.Mainnet;
        if (text is null || text.Length < 3 || text.Length > MaxTextLength || text[0] is not ('f' or 't') || text[1] is < '0' or > '4')
        {
            return false;
        }

        network = text[0] == 'f' ? AddressNetwork.Mainnet : AddressNetwork.Testnet;
        AddressProtocol protocol = (AddressProtocol)(text[1] - '0');
        ReadOnlySpan<char> rest = text.AsSpan(2);
        if (protocol == AddressProtocol.Id)
        {
            bool isId = TryParseId(rest, out ulong id);
            address = new Address(AddressProtocol.Id, id, null);
            return isId;
        }

        ulong manager = 0;
        if (protocol == AddressProtocol.Delegated)
        {
            int separator = rest.IndexOf('f');
            if (separator < 0 || !TryParseId(rest[..separator], out manager))
            {
                return false;
            }

            rest = rest[(separator + 1)..];
        }

        Span<byte> decoded = stackalloc byte[MaxTextLength];
        if (!TryDecodeBase32(rest, decoded, out int length) || length < ChecksumLength)
        {
            return false;
        }

        ReadOnlySpan<byte> payload = decoded[..(length - ChecksumLength)];
        Span<byte> checksum = stackalloc byte[ChecksumLength];
        Checksum(protocol, manager, payload, checksum);
        if (!checksum.SequenceEqual(decoded[payload.Length..length]))
        {
            return false;
        }

        if (protocol != AddressProtocol.Delegated)
        {
            return TryFromPayload(protocol, payload, out address);
        }

        if (payload.Length > MaxSubaddressLength)
        {
            return false;
        }

        address = new Address(protocol, manager, payload.ToArray());
        return true;
    }

    /// <summary>Parses an address of either network.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Address address) => TryParse(text, out address, out _);

    /// <summary>Parses an address of either network.</summary>
    /// <exception cref="FormatException">The text is not an address.</exception>
    public static Address Parse(string text) =>
        TryParse(text, out Address address) ? address : throw new FormatException($"'{text}' is no address");

    /// <summary>The Ethereum form, 0x and 20 bytes in hexadecimal; only f410 addresses have one.</summary>
    public bool TryToEthereum([NotNullWhen(true)] out string? text)
    {
        bool ethereum = Protocol == AddressProtocol.Delegated && _id == EthereumNamespace && _bytes!.Length == 20;
        text = ethereum ? "0x" + Convert.ToHexStringLower(_bytes!) : null;
        return ethereum;
    }

    /// <summary>The text form for mainnet.</summary>
    public override string ToString() => ToString(AddressNetwork.Mainnet);

    /// <summary>The text form for a network.</summary>
    public string ToString(AddressNetwork network)
    {
        string prefix = (network == AddressNetwork.Mainnet ? "f" : "t") + (char)('0' + (int)Protocol);
        string id = _id.ToString(CultureInfo.InvariantCulture);
        if (Protocol == AddressProtocol.Id)
        {
            return prefix + id;
        }

        byte[] checkedPayload = new byte[_bytes!.Length + ChecksumLength];
        _bytes.CopyTo(checkedPayload, 0);
        Checksum(Protocol, _id, _bytes, checkedPayload.AsSpan(_bytes.Length));
        string payload = EncodeBase32(checkedPayload);
        return Protocol == AddressProtocol.Delegated ? $"{prefix}{id}f{payload}" : prefix + payload;
    }

    // Like Rust's u64 parser: a plus sign and leading zeros are allowed.
    private static bool TryParseId(ReadOnlySpan<char> digits, out ulong id)
    {
        id = 0;
        return digits.Length <= MaxIdDigits && (digits.IsEmpty || digits[0] != '-')
            && ulong.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out id);
    }

    private static void Checksum(AddressProtocol protocol, ulong manager, ReadOnlySpan<byte> payload, Span<byte> checksum)
    {
        Span<byte> hashed = stackalloc byte[1 + AddressVarint.MaxLength + MaxTextLength];
        hashed[0] = (byte)protocol;
        int length = 1;
        if (protocol == AddressProtocol.Delegated)
        {
            length += AddressVarint.Write(hashed[1..], manager);
        }

        payload.CopyTo(hashed[length..]);
        Blake2b.Hash(hashed[..(length + payload.Length)], checksum);
    }

    private static string EncodeBase32(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = stackalloc char[(bytes.Length * 8 + 4) / 5];
        int buffer = 0;
        int bits = 0;
        int length = 0;
        foreach (byte value in bytes)
        {
            buffer = (buffer << 8) | value;
            bits += 8;
            while (bits >= 5)
            {
                bits -= 5;
                text[length++] = Base32Alphabet[(buffer >> bits) & 31];
            }

            buffer &= (1 << bits) - 1;
        }

        if (bits > 0)
        {
            text[length++] = Base32Alphabet[(buffer << (5 - bits)) & 31];
        }

        return new string(text[..length]);
    }

    // Strict: no padding, no capitals, and fewer than five leftover bits, all zero.
    private static bool TryDecodeBase32(ReadOnlySpan<char> text, Span<byte> bytes, out int length)
    {
        int buffer = 0;
        int bits = 0;
        length = 0;
        foreach (char letter in text)
        {
            int value = letter switch
            {
                >= 'a' and <= 'z' => letter - 'a',
                >= '2' and <= '7' => letter - '2' + 26,
                _ => -1,
            };
            if (value < 0)
            {
                return false;
            }

            buffer = (buffer << 5) | value;
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                bytes[length++] = (byte)(buffer >> bits);
                buffer &= (1 << bits) - 1;
            }
        }

        return bits < 5 && buffer == 0;
    }
}
