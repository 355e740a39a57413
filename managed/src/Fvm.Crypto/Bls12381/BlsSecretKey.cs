using System.Numerics;

namespace Fvm.Crypto;

/// <summary>
/// A secret key that signs in Filecoin's variant of BLS. Not in constant time: for the keys of tests and local networks, which everybody knows.
/// </summary>
public sealed class BlsSecretKey
{
    /// <summary>Bytes of a secret key.</summary>
    public const int Size = 32;

    private const int Bits = 255;
    private const byte Compressed = 0x80;
    private const byte High = 0x20;

    // The order of both groups (draft-irtf-cfrg-pairing-friendly-curves, section 4.2.1).
    private static readonly BigInteger Order = new(
        Convert.FromHexString("73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001"), isUnsigned: true, isBigEndian: true);

    private readonly BigInteger _scalar;

    private BlsSecretKey(BigInteger scalar)
    {
        _scalar = scalar;
        Point<Fp> point = Multiply(new Point<Fp>(G1<Fp>.Generator));
        Affine<Fp> affine = point.ToAffine(out _);
        PublicKey = new byte[BlsSignatures.PublicKeySize];
        affine.X.Write(PublicKey);
        PublicKey[0] |= FlagsOf(affine.Y.HighLanes);
    }

    /// <summary>The public key, compressed, 48 bytes.</summary>
    public byte[] PublicKey { get; }

    /// <summary>The key of a number, which is taken modulo the order of the groups.</summary>
    /// <param name="bytes">The number, big-endian, 32 bytes.</param>
    /// <exception cref="ArgumentException">It has another length, or is zero modulo the order.</exception>
    public static BlsSecretKey Create(ReadOnlySpan<byte> bytes)
    {
        BigInteger scalar = new BigInteger(bytes, isUnsigned: true, isBigEndian: true) % Order;
        return bytes.Length == Size && !scalar.IsZero
            ? new BlsSecretKey(scalar)
            : throw new ArgumentException($"a secret key is {Size} bytes of a number that is not zero modulo the order", nameof(bytes));
    }

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
        Affine<Fp2<Fp>> affine = Multiply(new Point<Fp2<Fp>>(hash[0])).ToAffine(out _);
        byte[] signature = new byte[BlsSignatures.SignatureSize];
        affine.X.C1.Write(signature);
        affine.X.C0.Write(signature.AsSpan(Fp.Size));
        signature[0] |= FlagsOf(affine.Y.HighLanes);
        return signature;
    }

    private static byte FlagsOf(int high) => (byte)(high != 0 ? Compressed | High : Compressed);

    // The scalar is not zero and below the order, so that no sum below its highest bit is infinity.
    private Point<TField> Multiply<TField>(Point<TField> point)
        where TField : struct, IField<TField>
    {
        BigInteger scalar = _scalar;
        Point<TField> result = point;
        int top = (int)scalar.GetBitLength() - 1;
        for (int bit = Math.Min(top, Bits) - 1; bit >= 0; bit--)
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
