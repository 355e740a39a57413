using System.Numerics;
using System.Runtime.InteropServices;
using NUnit.Framework;

namespace Fvm.Crypto.Tests;

/// <summary>Derives the constants in the sources from the curve parameter.</summary>
internal sealed class ConstantsTests
{
    private const int LimbBits = 50;
    private const int LimbCount = 8;

    // The family BLS12: r = X^4 - X^2 + 1, p = (X - 1)^2 r/3 + X.
    private static readonly BigInteger X = -Numbers.Hex("d201000000010000");
    private static readonly BigInteger R = BigInteger.Pow(X, 4) - BigInteger.Pow(X, 2) + 1;
    private static readonly BigInteger P = ((X - 1) * (X - 1) * R / 3) + X;

    private static readonly double[] ModulusLimbs =
        [FpLanes.P0, FpLanes.P1, FpLanes.P2, FpLanes.P3, FpLanes.P4, FpLanes.P5, FpLanes.P6, FpLanes.P7];

    private static readonly double[] QuotientLimbs =
        [FpLanes.M0, FpLanes.M1, FpLanes.M2, FpLanes.M3, FpLanes.M4, FpLanes.M5, FpLanes.M6, FpLanes.M7];

    [Test]
    public void The_parameter_of_the_curve_is_that_of_the_family()
    {
        BigInteger magnitude = 0;
        for (int bit = 0; bit <= CurveParameter.TopBit; bit++)
        {
            magnitude += CurveParameter.IsSet(bit) ? BigInteger.One << bit : 0;
        }

        Assert.That(magnitude, Is.EqualTo(-X));
        Assert.That(Number(Fp.Modulus), Is.EqualTo(P));
        Assert.That(P % 4, Is.EqualTo((BigInteger)3), "square roots by one power need this");
    }

    [Test]
    public void Factors_of_single_elements_are_powers_of_two_modulo_p()
    {
        Assert.That(Fp.NegativeInverse, Is.EqualTo((ulong)NegativeInverse(64)));
        Assert.That(Number(Fp.Half), Is.EqualTo((P - 1) / 2));
        Assert.That(Number(FieldPower.Exponent), Is.EqualTo((P - 3) / 4));
        Assert.That(Raw(Fp.One), Is.EqualTo(PowerOfTwo(384)));
        Assert.That(Raw(Fp.R2), Is.EqualTo(PowerOfTwo(2 * 384)));
        Assert.That(Raw(Fp.R3), Is.EqualTo(PowerOfTwo(3 * 384)));
        Assert.That(Raw(Fp.R2Shifted), Is.EqualTo(PowerOfTwo((2 * 384) + 256)));
        Assert.That(Raw(Fp.LaneFactor), Is.EqualTo(PowerOfTwo(LimbCount * LimbBits)));

        Span<ulong> lanes = stackalloc ulong[Fp.Limbs];
        Fp.One.ToLaneForm(lanes);
        Assert.That(Number(lanes), Is.EqualTo(PowerOfTwo(LimbCount * LimbBits)));
        Assert.That(Fp.FromLaneForm(lanes), Is.EqualTo(Fp.One), "the factor of the way back");
    }

    [Test]
    public void Limbs_of_the_lanes_are_those_of_p_and_of_the_quotients_multiple()
    {
        BigInteger radix = BigInteger.One << LimbBits;
        BigInteger inverse = NegativeInverse(LimbBits);
        inverse -= inverse > radix / 2 ? radix : 0;
        Assert.That((BigInteger)FpLanes.NegativeInverse, Is.EqualTo(inverse));
        Assert.That(ModulusLimbs, Is.EqualTo(SignedLimbs(P)));

        BigInteger multiple = (inverse * P) + 1;
        Assert.That(multiple % radix, Is.EqualTo(BigInteger.Zero));
        Assert.That(QuotientLimbs, Is.EqualTo(SignedLimbs(multiple / radix)));

        // The nearest double, from an integer quotient with more than 53 bits.
        BigInteger scaled = (BigInteger.One << (350 + 100)) / P;
        Assert.That(FpLanes.TopLimbOverModulus, Is.EqualTo(Math.ScaleB((double)scaled, -100)));
    }

    [Test]
    public void Columns_start_from_minus_the_bits_of_their_anchors()
    {
        Assert.That(BitConverter.DoubleToInt64Bits(FpLanes.LowAnchor), Is.EqualTo(FpLanes.LowBits));
        Assert.That(BitConverter.DoubleToInt64Bits(1L << 52), Is.EqualTo(FpLanes.OneBits));
        Assert.That(FpLanes.HighAnchor, Is.EqualTo(FpLanes.LowAnchor * (1L << LimbBits)));
        Assert.That(FpLanes.ColumnStarts.ToArray(), Is.EqualTo(ColumnStarts(words: 1)));
        Assert.That(FpLanes.PairedColumnStarts.ToArray(), Is.EqualTo(ColumnStarts(words: 2)));
    }

    [Test]
    public void Bounds_of_limbs_and_columns_follow_from_p()
    {
        BigInteger half = BigInteger.One << (LimbBits - 1);
        Assert.That(ModulusLimbs[..^1].Select(static limb => BigInteger.Abs((BigInteger)limb)), Is.All.LessThanOrEqualTo(half));
        Assert.That(ModulusLimbs[^1], Is.LessThan(Math.ScaleB(1, 31)));

        // Sums of two by sums of three limbs, with carries of up to 8 from limbs of up to 2^53.
        BigInteger normal = half + 8;
        BigInteger product = BigInteger.One << 101;
        Assert.That(2 * normal * 3 * normal, Is.LessThan(product));

        // The high anchor plus such a product stays in one binade, in which the last place is a limb.
        Assert.That((BigInteger)FpLanes.HighAnchor - product, Is.EqualTo(BigInteger.One << 102));
        Assert.That((BigInteger)FpLanes.HighAnchor + product, Is.EqualTo(BigInteger.One << 103));
        Assert.That(Math.BitIncrement(FpLanes.HighAnchor) - FpLanes.HighAnchor, Is.EqualTo(Math.ScaleB(1, LimbBits)));

        // A column has at most two terms per row and product, the words' and the quotient's, and stays positive around its offset.
        BigInteger terms = LimbCount * 3 * 2 * (product >> LimbBits);
        Assert.That(terms + (BigInteger.One << (64 - LimbBits)), Is.LessThan(BigInteger.One << 62));

        // (a b + all multiples of p) / 2^400 for a product of values below 5 * 10^4 p^2: at most 0.6 p.
        BigInteger sum = 50_000 * P * P;
        for (int row = 0; row < LimbCount; row++)
        {
            BigInteger multiple = row == LimbCount - 1 ? P : BigInteger.Abs((BigInteger)FpLanes.NegativeInverse) * P;
            sum += half * multiple << (row * LimbBits);
        }

        Assert.That(10 * sum, Is.LessThan(6 * P << (LimbCount * LimbBits)));
    }

    [Test]
    public void Constants_of_the_kernel_follow_from_p()
    {
        BigInteger radix = BigInteger.One << LimbBits;
        BigInteger half = radix / 2;
        ulong[] all = FpLanesConstants.All.ToArray();
        Assert.That(all, Has.Length.EqualTo(FpLanesConstants.Count));
        Assert.That((BigInteger)all[FpLanesConstants.Mask], Is.EqualTo(radix - 1));
        Assert.That((BigInteger)all[FpLanesConstants.NegativeInverse], Is.EqualTo(NegativeInverse(52)));
        Assert.That(all[FpLanesConstants.OneBits], Is.EqualTo(BitConverter.DoubleToUInt64Bits(1L << 52)));
        Assert.That(all[FpLanesConstants.LimbAnchor], Is.EqualTo(BitConverter.DoubleToUInt64Bits((1L << 52) + (1L << 49))));
        Assert.That(all[FpLanesConstants.TopAnchor], Is.EqualTo(BitConverter.DoubleToUInt64Bits(FpLanes.LowAnchor)));
        Assert.That(Sum<ulong>(all.AsSpan(FpLanesConstants.Modulus, LimbCount)), Is.EqualTo(P));

        // 1/p modulo 2^50, so that this multiple of p plus one is a multiple of 2^50.
        BigInteger inverse = radix - NegativeInverse(LimbBits);
        Assert.That((Sum<ulong>(all.AsSpan(FpLanesConstants.Multiple, LimbCount)) * radix) + 1, Is.EqualTo(inverse * P));
        Assert.That(
            all.Skip(FpLanesConstants.Signs).Select(static bits => BitConverter.UInt64BitsToDouble(bits)),
            Is.EqualTo((double[])[-1, 1, -1, 1, -1, 1, -1, 1]));

        // Factors: limbs of 3.4 * 2^49 in magnitude become numbers of 52 bits, and values within the multiple become positive.
        BigInteger[] biases = [.. all.Skip(FpLanesConstants.Biases).Take(LimbCount)
            .Select(static bits => (BigInteger)(BitConverter.UInt64BitsToDouble(bits) - (1L << 52)))];
        Assert.That(Sum<BigInteger>(biases), Is.EqualTo(FpLanesConstants.BiasMultiple * P));
        foreach (BigInteger bias in biases[..^1])
        {
            Assert.That(5 * bias, Is.GreaterThan(17 * half));
            Assert.That((5 * bias) + (17 * half), Is.LessThan((BigInteger)5 << 52));
        }

        // Columns from the last quotient's on: the offsets cancel but for minus 2^49 p.
        BigInteger[] starts = [.. all.Skip(FpLanesConstants.Starts).Take(2 * LimbCount).Select(static start => (BigInteger)(long)start)];
        Assert.That(starts[..(LimbCount - 1)], Is.All.EqualTo(radix - 1));
        starts[(2 * LimbCount) - 1] -= (BigInteger)all[FpLanesConstants.TopAnchor];
        for (int column = LimbCount; column < (2 * LimbCount) - 1; column++)
        {
            // Half a limb, to round, and a limb, from the next column, to stay positive.
            starts[column] -= half + radix;
            starts[column + 1]++;
        }

        Assert.That(Sum<BigInteger>(starts.AsSpan(LimbCount - 1)), Is.EqualTo(-half * P));
        Assert.That(starts[(LimbCount - 1)..].Select(BigInteger.Abs), Is.All.LessThan(radix));

        // A column has at most three products per row in each accumulator, of which the upper one counts four times.
        Assert.That(3 * LimbCount * (BigInteger.One << 52) * 5, Is.LessThan(BigInteger.One << 63));

        // (a b + a' b' + all multiples of p) / 2^400 within 0.8 p, for factors within 100 p before the biases.
        BigInteger factor = (100 + FpLanesConstants.BiasMultiple) * P;
        BigInteger highest = (2 * factor * factor) + (half * P << (LimbBits * (LimbCount - 1)));
        for (int row = 0; row < LimbCount - 1; row++)
        {
            highest += radix * inverse * P << (LimbBits * row);
        }

        Assert.That(10 * highest, Is.LessThan(8 * P << (LimbCount * LimbBits)));

        static BigInteger Sum<TNumber>(ReadOnlySpan<TNumber> limbs)
            where TNumber : INumber<TNumber>
        {
            BigInteger sum = 0;
            for (int i = limbs.Length - 1; i >= 0; i--)
            {
                sum = (sum << LimbBits) + BigInteger.CreateChecked(limbs[i]);
            }

            return sum;
        }
    }

    [Test]
    public void Frobenius_factors_are_powers_of_the_non_residue()
    {
        Fp2<Fp>[] powers =
        [
            Fp2<Fp>.One, Fp12<Fp2<Fp>>.Power1, Fp12<Fp2<Fp>>.Power2, Fp12<Fp2<Fp>>.Power3, Fp12<Fp2<Fp>>.Power4, Fp12<Fp2<Fp>>.Power5,
        ];
        Fp2<Fp>[] norms =
        [
            Fp2<Fp>.One, Fp12<Fp2<Fp>>.Norm1, Fp12<Fp2<Fp>>.Norm2, -Fp2<Fp>.One, Fp12<Fp2<Fp>>.Norm4, Fp12<Fp2<Fp>>.Norm5,
        ];
        Fp2<Fp> nonResidue = Fp2<Fp>.One.MultiplyByNonResidue();
        for (int i = 0; i < powers.Length; i++)
        {
            Assert.That(powers[i], Is.EqualTo(Power(nonResidue, i * (P - 1) / 6)), $"coefficient {i}");
            Assert.That(norms[i], Is.EqualTo(powers[i] * powers[i].Conjugate()), $"norm {i}");
        }

        Assert.That(G2<Fp2<Fp>>.PsiX, Is.EqualTo(Power(nonResidue, (P - 1) / 3).Invert()));
        Assert.That(G2<Fp2<Fp>>.PsiY, Is.EqualTo(Power(nonResidue, (P - 1) / 2).Invert()));
        Assert.That(G2<Fp2<Fp>>.PsiSquareX, Is.EqualTo(Power(Fp2<Fp>.One.Double(), (P - 1) / 3).Invert()));
    }

    [Test]
    public void Constants_of_roots_and_of_the_endomorphism_satisfy_their_equations()
    {
        Assert.That(Fp2SquareRoot<Fp>.Half.Double(), Is.EqualTo(Fp.One));
        Assert.That(MapToCurve<Fp>.NormRoot.Square(), Is.EqualTo(-Element(125)));
        Assert.That(G1<Fp>.B, Is.EqualTo(Element(4)));

        // The one of the two primitive cube roots of unity that multiplies points of G1 by -X^2, which is itself a cube root of unity
        // modulo r.
        Fp beta = G1<Fp>.Beta;
        Assert.That(beta.Square() + beta, Is.EqualTo(-Fp.One));
        Point<Fp> multiple = new Point<Fp>(G1<Fp>.Generator).MultiplyByParameter().MultiplyByParameter();
        Assert.That(G1<Fp>.InSubgroupLanes(G1<Fp>.Generator, multiple), Is.EqualTo(1));
    }

    // The sums that Accumulate adds per column, over all rows and limbs of a product: the bits of the low anchor to a column, those of the
    // high anchor to the next.
    private static ulong[] ColumnStarts(int words)
    {
        long low = BitConverter.DoubleToInt64Bits(FpLanes.LowAnchor);
        long high = BitConverter.DoubleToInt64Bits(FpLanes.HighAnchor);
        long[] sums = new long[2 * LimbCount];
        for (int row = 0; row < LimbCount; row++)
        {
            // The multiple for the quotient starts one column above the word's, except in the last row, which adds a multiple of p itself.
            int quotientAt = row == LimbCount - 1 ? row : row + 1;
            for (int limb = 0; limb < LimbCount; limb++)
            {
                sums[row + limb] += words * low;
                sums[row + limb + 1] += words * high;
                sums[quotientAt + limb] += low;
                sums[quotientAt + limb + 1] += high;
            }
        }

        ulong[] starts = new ulong[sums.Length];
        for (int column = 0; column < sums.Length; column++)
        {
            long offset = (1L << 62) - (column == 0 ? 0 : 1L << (62 - LimbBits)) + (column == LimbCount - 1 ? 0 : 1L << (LimbBits - 1));
            starts[column] = unchecked((ulong)(offset - sums[column]));
        }

        return starts;
    }

    private static double[] SignedLimbs(BigInteger number)
    {
        double[] limbs = new double[LimbCount];
        BigInteger radix = BigInteger.One << LimbBits;
        for (int i = 0; i < LimbCount - 1; i++)
        {
            BigInteger limb = ((number % radix) + radix) % radix;
            limb -= limb > radix / 2 ? radix : 0;
            limbs[i] = (double)limb;
            number = (number - limb) / radix;
        }

        limbs[^1] = (double)number;
        return limbs;
    }

    private static BigInteger NegativeInverse(int bits)
    {
        BigInteger radix = BigInteger.One << bits;
        return radix - BigInteger.ModPow(P, (radix / 2) - 1, radix);
    }

    private static BigInteger PowerOfTwo(int exponent) => BigInteger.ModPow(2, exponent, P);

    private static Fp2<Fp> Power(Fp2<Fp> number, BigInteger exponent)
    {
        Fp2<Fp> power = Fp2<Fp>.One;
        for (int bit = (int)exponent.GetBitLength() - 1; bit >= 0; bit--)
        {
            power = power.Square();
            power = ((exponent >> bit) & 1).IsZero ? power : power * number;
        }

        return power;
    }

    private static Fp Element(int number)
    {
        Assert.That(Fp.TryRead(Numbers.BigEndian(number, Fp.Size), out Fp element), Is.True);
        return element;
    }

    // The raw limbs of an element, in Montgomery form.
    private static BigInteger Raw(Fp element) => Number(MemoryMarshal.Cast<Fp, ulong>(new ReadOnlySpan<Fp>(in element)));

    private static BigInteger Number(ReadOnlySpan<ulong> limbs) =>
        new(MemoryMarshal.AsBytes(limbs), isUnsigned: true, isBigEndian: false);
}
