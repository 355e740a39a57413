namespace Fvm.Crypto;

/// <summary>
/// Computes a * G + b * P with shared doublings, by interleaved wNAF (Handbook of Elliptic and Hyperelliptic Curve Cryptography, 9.1.4 and
/// 9.1.5). The multiples of P get a common Z, on whose isomorphic curve (<see cref="Secp256k1Affine.Scale"/>) they are affine without an
/// inversion: the formulas do not contain the coefficient in which both curves differ. Immutable, and thread-safe.
/// </summary>
internal sealed class Secp256k1Multiplication
{
    // A half of a scalar has at most 128 bits; its recoding has at most one more digit.
    private const int MaxDigits = 129;
    private const int PointWindow = 5;
    private const int PointMultiples = 1 << (PointWindow - 2);
    private const int GeneratorWindow = 10;

    // Odd multiples of G and of lambda * G.
    private readonly Secp256k1Affine[] _generatorMultiples = new Secp256k1Affine[1 << (GeneratorWindow - 2)];
    private readonly Secp256k1Affine[] _generatorImages;

    /// <param name="kernel">The kernel; null for portable code.</param>
    public Secp256k1Multiplication(Secp256k1Kernel? kernel)
    {
        Kernel = kernel;
        FillOddMultiples(Secp256k1Affine.Generator, _generatorMultiples, new Secp256k1Field[_generatorMultiples.Length], out Secp256k1Field z);
        Secp256k1Field inverse = z.Invert();
        _generatorMultiples = Array.ConvertAll(_generatorMultiples, point => point.Scale(inverse));
        _generatorImages = Array.ConvertAll(_generatorMultiples, static point => point.Endomorphism());
    }

    /// <summary>The kernel that multiplies here; null for portable code.</summary>
    public Secp256k1Kernel? Kernel { get; }

    /// <summary>a * G + b * point.</summary>
    public Secp256k1Point Combine(in Secp256k1Scalar a, in Secp256k1Scalar b, in Secp256k1Affine point)
    {
        Span<short> g1 = stackalloc short[MaxDigits];
        Span<short> g2 = stackalloc short[MaxDigits];
        Span<short> p1 = stackalloc short[MaxDigits];
        Span<short> p2 = stackalloc short[MaxDigits];
        int digits = Math.Max(Recode(a, GeneratorWindow, g1, g2), Recode(b, PointWindow, p1, p2));

        Span<Secp256k1Affine> multiples = stackalloc Secp256k1Affine[PointMultiples];
        Span<Secp256k1Affine> images = stackalloc Secp256k1Affine[PointMultiples];
        FillOddMultiples(point, multiples, stackalloc Secp256k1Field[PointMultiples], out Secp256k1Field z);
        for (int i = 0; i < images.Length; i++)
        {
            images[i] = new(Multiply(multiples[i].X, Secp256k1Affine.Beta), multiples[i].Y);
        }

        Secp256k1Point sum = Secp256k1Point.Infinity;
        for (int i = digits - 1; i >= 0; i--)
        {
            Double(ref sum);
            AddScaledDigit(ref sum, g1[i], _generatorMultiples, z);
            AddScaledDigit(ref sum, g2[i], _generatorImages, z);
            AddDigit(ref sum, p1[i], multiples);
            AddDigit(ref sum, p2[i], images);
        }

        // Back from the isomorphic curve.
        return new(sum.X, sum.Y, sum.Z * z);
    }

    private Secp256k1Field Multiply(in Secp256k1Field a, in Secp256k1Field b) => Kernel is null ? a * b : Kernel.Multiply(a, b);

    private void Double(ref Secp256k1Point point)
    {
        if (Kernel is null)
        {
            point = point.Double();
        }
        else
        {
            Kernel.Double(ref point);
        }
    }

    // Adds a multiple on the same curve as the sum.
    private void AddDigit(ref Secp256k1Point sum, int digit, ReadOnlySpan<Secp256k1Affine> multiples)
    {
        if (digit == 0)
        {
            return;
        }

        ref readonly Secp256k1Affine multiple = ref multiples[Math.Abs(digit) >> 1];
        if (Kernel is null || sum.IsInfinity || !Kernel.TryAdd(ref sum, multiple, digit < 0, out _))
        {
            sum += digit < 0 ? -multiple : multiple;
        }
    }

    // Adds a multiple on the original curve; the sum is on the isomorphic one of this scale.
    private void AddScaledDigit(ref Secp256k1Point sum, int digit, ReadOnlySpan<Secp256k1Affine> multiples, in Secp256k1Field scale)
    {
        if (digit == 0)
        {
            return;
        }

        ref readonly Secp256k1Affine multiple = ref multiples[Math.Abs(digit) >> 1];
        if (Kernel is null || sum.IsInfinity || !Kernel.TryAddScaled(ref sum, multiple, digit < 0, scale))
        {
            Secp256k1Affine scaled = multiple.Scale(scale);
            sum += digit < 0 ? -scaled : scaled;
        }
    }

    // The digits of both halves of a scalar; returns the number of digits used.
    private static int Recode(in Secp256k1Scalar scalar, int window, Span<short> first, Span<short> second)
    {
        Span<ulong> half1 = stackalloc ulong[Secp256k1Endomorphism.Limbs];
        Span<ulong> half2 = stackalloc ulong[Secp256k1Endomorphism.Limbs];
        Secp256k1Endomorphism.Split(scalar, half1, out bool negative1, half2, out bool negative2);
        return Math.Max(
            Recode(new UInt128(half1[1], half1[0]), negative1, window, first),
            Recode(new UInt128(half2[1], half2[0]), negative2, window, second));
    }

    // The width-w non-adjacent form: odd digits below 2^(w-1) in magnitude, each followed by w - 1 zeros.
    private static int Recode(UInt128 value, bool negative, int window, Span<short> digits)
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
            digits[i] = (short)(negative ? -digit : digit);
            used = i + 1;
            i += window;
        }

        return used;
    }

    // point, 3 * point, 5 * point, ... on the isomorphic curve of the scale z; none is infinity, as the order is a large prime.
    private void FillOddMultiples(
        in Secp256k1Affine point, Span<Secp256k1Affine> multiples, Span<Secp256k1Field> ratios, out Secp256k1Field z)
    {
        // On the isomorphic curve of its Z, twice the point is affine. Each sum has another Z, the product of the ratios.
        Secp256k1Point twice = new(point);
        Double(ref twice);
        Secp256k1Affine step = new(twice.X, twice.Y);
        Secp256k1Point sum = new(point.Scale(twice.Z));
        multiples[0] = new(sum.X, sum.Y);
        for (int i = 1; i < multiples.Length; i++)
        {
            if (Kernel is null || !Kernel.TryAdd(ref sum, step, negative: false, out ratios[i]))
            {
                sum = Secp256k1Point.Add(sum, step, out ratios[i]);
            }

            multiples[i] = new(sum.X, sum.Y);
        }

        // To the curve on which the last is affine.
        Secp256k1Field scale = Secp256k1Field.One;
        for (int i = multiples.Length - 1; i > 0; i--)
        {
            scale = Multiply(scale, ratios[i]);
            Secp256k1Field square = Multiply(scale, scale);
            ref Secp256k1Affine multiple = ref multiples[i - 1];
            multiple = new(Multiply(multiple.X, square), Multiply(multiple.Y, Multiply(square, scale)));
        }

        z = Multiply(sum.Z, twice.Z);
    }
}
