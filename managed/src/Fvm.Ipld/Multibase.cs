using System.Numerics;

namespace Fvm.Ipld;

/// <summary>Base16, base32, base36 and base58 under their multibase prefixes: the subset for CIDs.</summary>
public static class Multibase
{
    private const string Base32Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    private const string Base36Alphabet = "0123456789abcdefghijklmnopqrstuvwxyz";
    private const string Base58Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    /// <summary>Maximum length of text to decode, as decoding base36 and base58 takes quadratic time.</summary>
    private const int MaxTextLength = 256;

    /// <summary>Base32 in lower case without padding, prefixed with <paramref name="prefix"/>.</summary>
    public static string EncodeBase32(char prefix, ReadOnlySpan<byte> bytes)
    {
        Span<char> text = stackalloc char[1 + ((MaxTextLength * 8) + 4) / 5];
        text[0] = prefix;
        int written = 1;
        uint pending = 0;
        int bits = 0;
        foreach (byte value in bytes)
        {
            pending = (pending << 8) | value;
            bits += 8;
            while (bits >= 5)
            {
                bits -= 5;
                text[written++] = Base32Alphabet[(int)(pending >> bits) & 31];
            }
        }

        if (bits > 0)
        {
            text[written++] = Base32Alphabet[(int)(pending << (5 - bits)) & 31];
        }

        return new string(text[..written]);
    }

    /// <summary>Base58 in Bitcoin's alphabet, without a prefix.</summary>
    public static string EncodeBase58(ReadOnlySpan<byte> bytes)
    {
        int zeros = 0;
        while (zeros < bytes.Length && bytes[zeros] == 0)
        {
            zeros++;
        }

        BigInteger rest = new(bytes, isUnsigned: true, isBigEndian: true);
        List<char> reversed = [];
        while (!rest.IsZero)
        {
            rest = BigInteger.DivRem(rest, 58, out BigInteger digit);
            reversed.Add(Base58Alphabet[(int)digit]);
        }

        for (int count = 0; count < zeros; count++)
        {
            reversed.Add(Base58Alphabet[0]);
        }

        reversed.Reverse();
        return new string(reversed.ToArray());
    }

    /// <summary>Decodes text by its multibase prefix: f F (base16), b B (base32), k K (base36), z (base58).</summary>
    public static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = [];
        if (text.Length is < 2 or > MaxTextLength)
        {
            return false;
        }

        string digits = text[1..];
        switch (text[0])
        {
            case 'f' or 'F':
                return TryDecodeBits(digits, 4, Base36Alphabet[..16], ignoreCase: true, out bytes);
            case 'b':
                return TryDecodeBits(digits, 5, Base32Alphabet, ignoreCase: false, out bytes);
            case 'B':
                return TryDecodeBits(digits, 5, Base32Alphabet.ToUpperInvariant(), ignoreCase: false, out bytes);
            case 'k' or 'K':
                return TryDecodeNumber(digits, Base36Alphabet, ignoreCase: true, out bytes);
            case 'z':
                return TryDecodeNumber(digits, Base58Alphabet, ignoreCase: false, out bytes);
            default:
                return false;
        }
    }

    /// <summary>Decodes base58 without a prefix.</summary>
    public static bool TryDecodeBase58(string text, out byte[] bytes)
    {
        bytes = [];
        return text.Length <= MaxTextLength && TryDecodeNumber(text, Base58Alphabet, ignoreCase: false, out bytes);
    }

    /// <summary>Decodes a base with whole bits per digit. Leftover bits must be zero and fewer than a digit.</summary>
    private static bool TryDecodeBits(string digits, int width, string alphabet, bool ignoreCase, out byte[] bytes)
    {
        bytes = [];
        byte[] buffer = new byte[digits.Length * width / 8];
        uint pending = 0;
        int bits = 0;
        int written = 0;
        foreach (char symbol in digits)
        {
            int digit = alphabet.IndexOf(ignoreCase ? char.ToLowerInvariant(symbol) : symbol, StringComparison.Ordinal);
            if (digit < 0)
            {
                return false;
            }

            pending = (pending << width) | (uint)digit;
            bits += width;
            if (bits >= 8)
            {
                bits -= 8;
                buffer[written++] = (byte)(pending >> bits);
            }
        }

        if (bits >= width || (pending & ((1u << bits) - 1)) != 0)
        {
            return false;
        }

        bytes = buffer;
        return true;
    }

    /// <summary>Decodes a positional number; each leading zero digit stands for a zero byte.</summary>
    private static bool TryDecodeNumber(string digits, string alphabet, bool ignoreCase, out byte[] bytes)
    {
        bytes = [];
        BigInteger value = BigInteger.Zero;
        int zeros = 0;
        foreach (char symbol in digits)
        {
            int digit = alphabet.IndexOf(ignoreCase ? char.ToLowerInvariant(symbol) : symbol, StringComparison.Ordinal);
            if (digit < 0)
            {
                return false;
            }

            zeros += value.IsZero && digit == 0 ? 1 : 0;
            value = (value * alphabet.Length) + digit;
        }

        byte[] number = value.IsZero ? [] : value.ToByteArray(isUnsigned: true, isBigEndian: true);
        bytes = new byte[zeros + number.Length];
        number.CopyTo(bytes, zeros);
        return true;
    }
}
