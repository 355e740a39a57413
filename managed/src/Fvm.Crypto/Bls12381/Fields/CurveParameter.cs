namespace Fvm.Crypto;

/// <summary>
/// The curve parameter x = -0xd201000000010000 (https://datatracker.ietf.org/doc/draft-irtf-cfrg-pairing-friendly-curves, section 4.2.1):
/// length of the Miller loop, multiplier of the fast subgroup checks.
/// </summary>
internal static class CurveParameter
{
    /// <summary>The highest bit of |x|.</summary>
    public const int TopBit = 63;

    private const ulong Magnitude = 0xd201_0000_0001_0000;

    /// <summary>Whether a bit of |x| is set.</summary>
    public static bool IsSet(int bit) => ((Magnitude >> bit) & 1) != 0;
}
