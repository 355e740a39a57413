using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace Fvm;

/// <content>The decimal text form, in attoFIL and in FIL.</content>
public readonly partial struct TokenAmount
{
    private const int Decimals = 18;

    // Encodable amounts have fewer: 127 bytes are 306 digits.
    private const int MaxDigits = 320;

    /// <summary>Parses an amount in attoFIL: decimal digits with an optional minus sign.</summary>
    public static bool TryParseAtto([NotNullWhen(true)] string? text, out TokenAmount amount)
    {
        amount = Zero;
        if (text is null || text.Length > MaxDigits
            || !BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger atto))
        {
            return false;
        }

        amount = new TokenAmount(atto);
        return true;
    }

    /// <summary>Parses an amount in attoFIL.</summary>
    /// <exception cref="FormatException">The text is not a decimal integer.</exception>
    public static TokenAmount ParseAtto(string text) =>
        TryParseAtto(text, out TokenAmount amount) ? amount : throw new FormatException($"'{text}' is no amount in attoFIL");

    /// <summary>Parses an amount in FIL with up to 18 decimals, such as <c>1.5</c>.</summary>
    public static bool TryParseFil([NotNullWhen(true)] string? text, out TokenAmount amount)
    {
        amount = Zero;
        if (string.IsNullOrEmpty(text) || text.Length > MaxDigits)
        {
            return false;
        }

        int point = text.IndexOf('.', StringComparison.Ordinal);
        string whole = point < 0 ? text : text[..point];
        string fraction = point < 0 ? string.Empty : text[(point + 1)..];
        if (fraction.Length > Decimals || whole.Length == 0 || (point >= 0 && fraction.Length == 0))
        {
            return false;
        }

        foreach (char digit in fraction)
        {
            if (!char.IsAsciiDigit(digit))
            {
                return false;
            }
        }

        return TryParseAtto(whole + fraction.PadRight(Decimals, '0'), out amount);
    }

    /// <summary>The amount in FIL, with a decimal point and at least one decimal, as the reference prints it.</summary>
    public string ToFil()
    {
        string digits = BigInteger.Abs(Atto).ToString(CultureInfo.InvariantCulture).PadLeft(Decimals + 1, '0');
        string fraction = digits[^Decimals..].TrimEnd('0');
        string sign = IsNegative ? "-" : string.Empty;
        return $"{sign}{digits[..^Decimals]}.{(fraction.Length == 0 ? "0" : fraction)}";
    }
}
