using System.Globalization;
using System.Numerics;

namespace Fvm.Tracing;

/// <summary>Ethereum's texts of bytes and numbers.</summary>
public static class EthHex
{
    /// <summary>Bytes: two digits each.</summary>
    public static string Of(ReadOnlySpan<byte> bytes) => $"0x{Convert.ToHexStringLower(bytes)}";

    /// <summary>A number without leading zeros.</summary>
    public static string Of(ulong number) => string.Create(CultureInfo.InvariantCulture, $"0x{number:x}");

    /// <summary>An amount in attoFIL, without leading zeros.</summary>
    public static string Of(in TokenAmount amount) => Of(amount.Atto);

    /// <summary>A number without leading zeros.</summary>
    public static string Of(BigInteger number)
    {
        string sign = number.Sign < 0 ? "-" : string.Empty;
        string digits = BigInteger.Abs(number).ToString("x", CultureInfo.InvariantCulture).TrimStart('0');
        return $"{sign}0x{(digits.Length == 0 ? "0" : digits)}";
    }
}
