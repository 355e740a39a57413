using System.Numerics;
using System.Runtime.InteropServices;
using NUnit.Framework;

namespace Fvm.Crypto.Tests;

/// <summary>Derives the constants in the sources from the field and the order of the curve (SEC 2, section 2.4.1).</summary>
internal sealed class Secp256k1ConstantsTests
{
    private static readonly BigInteger P = (BigInteger.One << 256) - (BigInteger.One << 32) - 977;
    private static readonly BigInteger N = Numbers.Hex("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
    private static readonly BigInteger Lambda = Numbers.Hex("5363ad4cc05c30e0a5261c028812645a122e22ea20816678df02967c1b23bd72");

    [Test]
    public void Constants_of_the_field_and_of_scalars_follow_from_their_moduli()
    {
        Assert.That(Number(Secp256k1Field.Modulus), Is.EqualTo(P));
        Assert.That((BigInteger)Secp256k1Field.Fold, Is.EqualTo((BigInteger.One << 256) - P));
        Assert.That(Secp256k1Field.NegativeInverse, Is.EqualTo(NegativeInverse(P)));
        Assert.That(Number(Secp256k1Scalar.Order), Is.EqualTo(N));
        Assert.That(Number(Secp256k1Scalar.Fold), Is.EqualTo((BigInteger.One << 256) - N));
        Assert.That(Number(Secp256k1Scalar.Half), Is.EqualTo((N - 1) / 2));
        Assert.That(Secp256k1Scalar.NegativeInverse, Is.EqualTo(NegativeInverse(N)));
        Assert.That(Numbers.FromBigEndian(Secp256k1.OrderGap), Is.EqualTo(P - N));
    }

    [Test]
    public void Constants_of_the_endomorphism_are_a_short_basis_of_its_lattice()
    {
        BigInteger a = Number(Secp256k1Endomorphism.A);
        BigInteger b = Number(Secp256k1Endomorphism.B);
        BigInteger sum = Number(Secp256k1Endomorphism.Sum);
        Assert.That(((Lambda * Lambda) + Lambda + 1) % N, Is.EqualTo(BigInteger.Zero), "a cube root of one");
        Assert.That(sum, Is.EqualTo(a + b));
        Assert.That((a - (b * Lambda)) % N, Is.EqualTo(BigInteger.Zero));
        Assert.That((sum + (a * Lambda)) % N, Is.EqualTo(BigInteger.Zero));
        Assert.That((a * a) + (b * sum), Is.EqualTo(N), "the determinant of a basis of the whole lattice");
        Assert.That(Number(Secp256k1Endomorphism.ScaledA), Is.EqualTo(Rounded(a << 384, N)));
        Assert.That(Number(Secp256k1Endomorphism.ScaledB), Is.EqualTo(Rounded(b << 384, N)));

        byte[] bytes = new byte[32];
        Secp256k1Affine.Beta.Write(bytes);
        BigInteger beta = Numbers.FromBigEndian(bytes);
        Assert.That(((beta * beta) + beta + 1) % P, Is.EqualTo(BigInteger.Zero), "a cube root of one");
    }

    private static BigInteger Rounded(BigInteger number, BigInteger divisor) => ((2 * number) + divisor) / (2 * divisor);

    private static ulong NegativeInverse(BigInteger modulus)
    {
        BigInteger radix = BigInteger.One << 64;
        return (ulong)(radix - BigInteger.ModPow(modulus, (radix / 2) - 1, radix));
    }

    private static BigInteger Number(ReadOnlySpan<ulong> limbs) =>
        new(MemoryMarshal.AsBytes(limbs), isUnsigned: true, isBigEndian: false);
}
