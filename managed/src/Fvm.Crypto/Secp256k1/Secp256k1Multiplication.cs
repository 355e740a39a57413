namespace Fvm.Crypto;

/// <summary>
/// Computes a * G + b * P with shared doublings, by interleaved wNAF (Handbook of Elliptic and Hyperelliptic Curve Cryptography, 9.1.4 and
/// 9.1.5).
/// </summary>
internal static class Secp256k1Multiplication
{
    // A half of a scalar has at most 128 bits; its recoding has at most one more digit.
    private const int MaxDigits = 129;
    private const int PointWindow = 5;
    private const int GeneratorWindow = 8;

    // Odd multiples of G and of lambda * G.
    private static readonly Secp256k1Affine[] GeneratorMultiples = OddMultiples(Secp256k1Affine.Generator, GeneratorWindow);
    private static readonly Secp256k1Affine[] GeneratorImages = Array.ConvertAll(GeneratorMultiples, static point => point.Endomorphism());

    /// <summary>a * G + b * point.</summary>
    public static Secp256k1Point Combine(in Secp256k1Scalar a, in Secp256k1Scalar b, in Secp256k1Affine point)
    {
        Span<sbyte> g1 = stackalloc sbyte[MaxDigits];
        Span<sbyte> g2 = stackalloc sbyte[MaxDigits];
        Span<sbyte> p1 = stackalloc sbyte[MaxDigits];
        Span<sbyte> p2 = stackalloc sbyte[MaxDigits];
        int digits = Math.Max(Recode(a, GeneratorWindow, g1, g2), Recode(b, PointWindow, p1, p2));

        Span<Secp256k1Affine> multiples = stackalloc Secp256k1Affine[1 << (PointWindow - 2)];
        Span<Secp256k1Affine> images = stackalloc Secp256k1Affine[1 << (PointWindow - 2)];
        FillOddMultiples(point, multiples);
        for (int i = 0; i < images.Length; i++)
        {
            images[i] = multiples[i].Endomorphism();
        }

        Secp256k1Point sum = Secp256k1Point.Infinity;
        for (int i = digits - 1; i >= 0; i--)
        {
            sum = sum.Double();
            AddDigit(ref sum, g1[i], GeneratorMultiples);
            AddDigit(ref sum, g2[i], GeneratorImages);
            AddDigit(ref sum, p1[i], multiples);
            AddDigit(ref sum, p2[i], images);
        }

        return sum;
    }

    private static void AddDigit(ref Secp256k1Point sum, int digit, ReadOnlySpan<Secp256k1Affine> multiples)
    {
        if (digit > 0)
        {
            sum += multiples[digit >> 1];
        }
        else if (digit < 0)
        {
            sum += -multiples[-digit >> 1];
        }
    }

    // The digits of both halves of a scalar; returns the number of digits used.
    private static int Recode(in Secp256k1Scalar scalar, int window, Span<sbyte> first, Span<sbyte> second)
    {
        Span<ulong> half1 = stackalloc ulong[Secp256k1Endomorphism.Limbs];
        Span<ulong> half2 = stackalloc ulong[Secp256k1Endomorphism.Limbs];
        Secp256k1Endomorphism.Split(scalar, half1, out bool negative1, half2, out bool negative2);
        return Math.Max(
            Recode(new UInt128(half1[1], half1[0]), negative1, window, first),
            Recode(new UInt128(half2[1], half2[0]), negative2, window, second));
    }

    // The width-w non-adjacent form: odd digits below 2^(w-1) in magnitude, each followed by w - 1 zeros.
    private static int Recode(UInt128 value, bool negative, int window, Span<sbyte> digits)
    {
        digits.Clear();
        int used = 0;
        int carry = 0;
        for (int i = 0; i < 128 || carry != 0;)
        {
            UInt128 rest = i < 128 ? value >> i : 0;
            if (rest == 0 && carry == 0)
            {
                break;
            }

            if (((int)(uint)rest & 1) == carry)
            {
                i++;
                continue;
            }

            int digit = ((int)(uint)rest & ((1 << window) - 1)) + carry;
            carry = digit >> (window - 1);
            digit -= carry << window;
            digits[i] = (sbyte)(negative ? -digit : digit);
            used = i + 1;
            i += window;
        }

        return used;
    }

    private static Secp256k1Affine[] OddMultiples(in Secp256k1Affine point, int window)
    {
        Secp256k1Affine[] multiples = new Secp256k1Affine[1 << (window - 2)];
        FillOddMultiples(point, multiples);
        return multiples;
    }

    // point, 3 * point, 5 * point, ...; none is infinity, as the order is a large prime.
    private static void FillOddMultiples(in Secp256k1Affine point, Span<Secp256k1Affine> multiples)
    {
        Span<Secp256k1Point> points = stackalloc Secp256k1Point[multiples.Length];
        points[0] = new(point);
        Secp256k1Point twice = points[0].Double();
        for (int i = 1; i < points.Length; i++)
        {
            points[i] = points[i - 1] + twice;
        }

        Secp256k1Point.Normalize(points, multiples);
    }
}
