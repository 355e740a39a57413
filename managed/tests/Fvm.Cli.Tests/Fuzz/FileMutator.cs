using System.Globalization;
using System.Text;

namespace Fvm.Cli.Tests;

/// <summary>
/// Mutates a valid file in one to four places: bit flips, truncations, repetitions, parts of other files, and tokens that occur in texts
/// and headers.
/// </summary>
internal static class FileMutator
{
    private const int MaxLength = 1 << 20;

    private static readonly byte[][] Tokens =
    [
        [0], [0xff], [0xff, 0xff, 0xff, 0xff, 0x7f], [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1], [0x9b, 0, 0, 0, 1, 0, 0, 0, 0],
        [0xd8, 0x2a, 0x58, 0x27], [0x1f, 0x8b, 8, 0], [0x28, 0xb5, 0x2f, 0xfd], "\0asm"u8.ToArray(), "\n"u8.ToArray(), "\u001b[2J"u8.ToArray(),
        "\"\\ud800\""u8.ToArray(), "\"\\u001b[2J\\r\\n\\u202e\""u8.ToArray(), "null"u8.ToArray(), "-1"u8.ToArray(), "1e999"u8.ToArray(), "{}"u8.ToArray(), "[]"u8.ToArray(),
        "18446744073709551616"u8.ToArray(), "9223372036854775807"u8.ToArray(), "\"\""u8.ToArray(), "true"u8.ToArray(), ","u8.ToArray(), "\"f0100\""u8.ToArray(),
    ];

    public static byte[] Mutate(byte[] good, Random random)
    {
        byte[] bytes = good;
        for (int left = random.Next(1, 5); left > 0; left--)
        {
            bytes = Once(bytes, random);
        }

        return bytes;
    }

    private static byte[] Once(byte[] bytes, Random random)
    {
        int at = random.Next(bytes.Length + 1);
        int length = Math.Min(bytes.Length - at, random.Next(1, 64));
        switch (random.Next(8))
        {
            case 0:
                return bytes[..at];
            case 1:
                return [.. bytes[..at], .. bytes[(at + length)..]];
            case 2 when bytes.Length < MaxLength:
                return [.. bytes[..at], .. bytes[at..(at + length)], .. bytes[at..]];
            case 3:
                byte[] token = Tokens[random.Next(Tokens.Length)];
                return [.. bytes[..at], .. token, .. bytes[at..]];
            case 4:
                byte[] over = Tokens[random.Next(Tokens.Length)];
                return [.. bytes[..at], .. over, .. bytes[Math.Min(bytes.Length, at + over.Length)..]];
            case 5:
                return ReplaceValue(bytes, random);
            default:
                byte[] changed = [.. bytes];
                if (changed.Length > 0)
                {
                    changed[Math.Min(at, changed.Length - 1)] ^= (byte)(1 << random.Next(8));
                }

                return changed;
        }
    }

    // Replaces a whole number or string of a text: the text stays valid JSON, so the reader of its fields has to detect the change.
    private static byte[] ReplaceValue(byte[] bytes, Random random)
    {
        if (bytes.Length == 0 || bytes[0] != '{')
        {
            return bytes;
        }

        string text = Encoding.UTF8.GetString(bytes);
        int colon = text.IndexOf(':', random.Next(text.Length));
        int end = colon < 0 ? -1 : text.AsSpan(colon + 1).IndexOfAny(",}]\n");
        if (end < 0)
        {
            return bytes;
        }

        string value = random.Next(4) == 0
            ? random.NextInt64(long.MinValue, long.MaxValue).ToString(CultureInfo.InvariantCulture)
            : Encoding.UTF8.GetString(Tokens[random.Next(9, Tokens.Length)]);
        return Encoding.UTF8.GetBytes($"{text.AsSpan(0, colon + 1)}{value}{text.AsSpan(colon + 1 + end)}");
    }
}
