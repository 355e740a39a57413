using System.Numerics;
using NUnit.Framework;

namespace Fvm.Tracing.Tests;

/// <summary>The EVM's arithmetic, compared with numbers without limit.</summary>
public sealed class EvmArithmeticTests
{
    private static readonly BigInteger Modulus = BigInteger.One << 256;

    private static readonly BigInteger[] Edges =
    [
        0, 1, 2, 31, 32, 127, 128, 255, 256, ulong.MaxValue, (BigInteger.One << 128) - 1, BigInteger.One << 128, (BigInteger.One << 255) - 1,
        BigInteger.One << 255, (BigInteger.One << 255) + 1, Modulus - 128, Modulus - 2, Modulus - 1,
    ];

    [Test]
    public void Operations_are_those_on_numbers_without_limit()
    {
        Random random = new(7);
        BigInteger[] numbers = [.. Edges, .. Enumerable.Range(0, 40).Select(_ => Draw(random))];
        foreach (BigInteger a in numbers)
        {
            foreach (BigInteger b in numbers)
            {
                Check(a, b, numbers[random.Next(numbers.Length)]);
            }
        }
    }

    private static void Check(BigInteger a, BigInteger b, BigInteger c)
    {
        EthWord x = EvmArithmetic.Of(a);
        EthWord y = EvmArithmetic.Of(b);
        EthWord z = EvmArithmetic.Of(c);
        BigInteger signedA = Signed(a);
        BigInteger signedB = Signed(b);
        Same(a + b, EvmArithmetic.Add(x, y), "ADD");
        Same(a * b, EvmArithmetic.Multiply(x, y), "MUL");
        Same(a - b, EvmArithmetic.Subtract(x, y), "SUB");
        Same(b == 0 ? 0 : a / b, EvmArithmetic.Divide(x, y), "DIV");
        Same(b == 0 ? 0 : BigInteger.Divide(signedA, signedB), EvmArithmetic.DivideSigned(x, y), "SDIV");
        Same(b == 0 ? 0 : a % b, EvmArithmetic.Modulo(x, y), "MOD");
        Same(b == 0 ? 0 : BigInteger.Remainder(signedA, signedB), EvmArithmetic.ModuloSigned(x, y), "SMOD");
        Same(c == 0 ? 0 : (a + b) % c, EvmArithmetic.AddModulo(x, y, z), "ADDMOD");
        Same(c == 0 ? 0 : a * b % c, EvmArithmetic.MultiplyModulo(x, y, z), "MULMOD");
        Same(BigInteger.ModPow(a, b, Modulus), EvmArithmetic.Power(x, y), "EXP");
        Same(a >= 31 ? b : Extended((int)a, b), EvmArithmetic.SignExtend(x, y), "SIGNEXTEND");
        Same(a < b ? 1 : 0, EvmArithmetic.Of(EvmArithmetic.IsLess(x, y)), "LT");
        Same(signedA < signedB ? 1 : 0, EvmArithmetic.Of(EvmArithmetic.IsLessSigned(x, y)), "SLT");
        Same(a & b, EvmArithmetic.And(x, y), "AND");
        Same(a | b, EvmArithmetic.Or(x, y), "OR");
        Same(a ^ b, EvmArithmetic.Xor(x, y), "XOR");
        Same(Modulus - 1 - a, EvmArithmetic.Not(x), "NOT");
        Same(a >= 32 ? 0 : (b >> (8 * (31 - (int)a))) & 0xff, EvmArithmetic.Byte(x, y), "BYTE");
        Same(a >= 256 ? 0 : b << (int)a, EvmArithmetic.ShiftLeft(x, y), "SHL");
        Same(a >= 256 ? 0 : b >> (int)a, EvmArithmetic.ShiftRight(x, y), "SHR");
        Same(a >= 256 ? (signedB < 0 ? -1 : 0) : signedB >> (int)a, EvmArithmetic.ShiftRightSigned(x, y), "SAR");
        Same(256 - (BigInteger)(long)a.GetBitLength(), EvmArithmetic.Of((ulong)EvmArithmetic.LeadingZeros(x)), "CLZ");

        void Same(BigInteger expected, EthWord found, string operation) =>
            Assert.That(found, Is.EqualTo(EvmArithmetic.Of(((expected % Modulus) + Modulus) % Modulus)), $"{operation} {a:x} {b:x} {c:x}");
    }

    private static BigInteger Signed(BigInteger number) => number >= Modulus / 2 ? number - Modulus : number;

    private static BigInteger Extended(int index, BigInteger number)
    {
        BigInteger range = BigInteger.One << (8 * (index + 1));
        BigInteger low = number % range;
        return low >= range / 2 ? low - range : low;
    }

    private static BigInteger Draw(Random random)
    {
        byte[] bytes = new byte[random.Next(1, 33)];
        random.NextBytes(bytes);
        return new BigInteger(bytes, isUnsigned: true);
    }
}
