using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Fvm.Crypto;

/// <summary>
/// A secret key that signs in Filecoin's variant of BLS. Not in constant time: for the keys of tests and local networks, which everybody knows.
/// </summary>
public sealed class BlsSecretKey
{
    /// <summary>Bytes of a secret key.</summary>
    public const int Size = 32;

    // The order of both groups (draft-irtf-cfrg-pairing-friendly-curves, section 4.2.1).
    private static readonly BigInteger Order = new(
        Convert.FromHexString("73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001"), isUnsigned: true, isBigEndian: true);

    private readonly BigInteger _scalar;

    private BlsSecretKey(BigInteger scalar)
    {
        _scalar = scalar;
        Point<Fp> point = Multiply(new Point<Fp>(G1<Fp>.Generator));
        PublicKey = new byte[BlsSignatures.PublicKeySize];
        G1Encoding.Write(point.ToAffine(out _), PublicKey);
    }

    /// <summary>The public key, compressed, 48 bytes.</summary>
    public byte[] PublicKey { get; }

    /// <summary>As <see cref="Create"/>; false where that throws.</summary>
    public static bool TryCreate(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out BlsSecretKey? key)
    {
        BigInteger scalar = new BigInteger(bytes, isUnsigned: true, isBigEndian: true) % Order;
        key = bytes.Length == Size && !scalar.IsZero ? new BlsSecretKey(scalar) : null;
        return key is not null;
    }

    /// <summary>The key of a number, which is taken modulo the order of the groups.</summary>
    /// <param name="bytes">The number, big-endian, 32 bytes.</param>
    /// <exception cref="ArgumentException">It has another length, or is zero modulo the order.</exception>
    public static BlsSecretKey Create(ReadOnlySpan<byte> bytes) => TryCreate(bytes, out BlsSecretKey? key)
        ? key
        : throw new ArgumentException($"a secret key is {Size} bytes of a number that is not zero modulo the order", nameof(bytes));

    /// <summary>The secret key, big-endian.</summary>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Size];
        int length = _scalar.GetByteCount(isUnsigned: true);
        _ = _scalar.TryWriteBytes(bytes.AsSpan(Size - length), out _, isUnsigned: true, isBigEndian: true);
        return bytes;
    }

    /// <summary>Signs a message.</summary>
    /// <returns>The signature, compressed, 96 bytes.</returns>
    public byte[] Sign(ReadOnlyMemory<byte> message)
    {
        Span<Affine<Fp2<Fp>>> hash = new Affine<Fp2<Fp>>[1];
        HashToG2<Fp>.Hash([message], BlsSignatures.Tag, hash);
        byte[] signature = new byte[BlsSignatures.SignatureSize];
        G2Encoding.Write(Multiply(new Point<Fp2<Fp>>(hash[0])).ToAffine(out _), signature);
        return signature;
    }

    // The scalar is not zero and below the order, so that no sum below its highest bit is infinity.
    private Point<TField> Multiply<TField>(Point<TField> point)
        where TField : struct, IField<TField>
    {
        BigInteger scalar = _scalar;
        Point<TField> result = point;
        for (int bit = (int)scalar.GetBitLength() - 2; bit >= 0; bit--)
        {
            result = result.Double();
            if (!((scalar >> bit) & BigInteger.One).IsZero)
            {
                result += point;
            }
        }

        return result;
    }
}
