namespace Fvm.Crypto;

/// <summary>
/// ECDSA over secp256k1 in the variant of Filecoin and Ethereum: recovery of the public key from the signature (SEC 1,
/// https://www.secg.org/sec1-v2.pdf, section 4.1.6).
/// </summary>
public static class Secp256k1
{
    /// <summary>Bytes of a message hash.</summary>
    public const int HashSize = 32;

    /// <summary>Bytes of a signature: r, s (32 big-endian bytes each) and the recovery id.</summary>
    public const int SignatureSize = 65;

    /// <summary>Bytes of a private key.</summary>
    public const int PrivateKeySize = 32;

    /// <summary>Bytes of an uncompressed public key: 4, x, y (32 big-endian bytes each).</summary>
    public const int PublicKeySize = 65;

    private static readonly Secp256k1Multiplication Multiplication = new(Secp256k1Kernel.Create());

    // p - n, big-endian.
    internal static ReadOnlySpan<byte> OrderGap =>
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
        0x45, 0x51, 0x23, 0x19, 0x50, 0xb7, 0x5f, 0xc4, 0x40, 0x2d, 0xa1, 0x72, 0x2f, 0xc9, 0xba, 0xee,
    ];

    /// <summary>
    /// Recovers the public key of a signature. As in the reference, a high s is accepted: it is replaced by n - s, and the lowest bit of
    /// the recovery id is flipped. Recovery ids 0 to 3 are valid; bit 1 is set if the x coordinate of the nonce point is not below n.
    /// </summary>
    /// <param name="hash32">The signed hash, 32 bytes.</param>
    /// <param name="signature65">r, s and the recovery id.</param>
    /// <param name="publicKey65">Receives the uncompressed key; untouched on failure.</param>
    /// <returns>False if r or s is zero or not below n, the recovery id is above 3, no point has that x, or the key is infinity.</returns>
    /// <exception cref="ArgumentException">The length of a span is wrong (the key's may be longer).</exception>
    public static bool TryRecover(ReadOnlySpan<byte> hash32, ReadOnlySpan<byte> signature65, Span<byte> publicKey65) =>
        TryRecover(Multiplication, hash32, signature65, publicKey65);

    /// <summary>The same by a given implementation of the curve.</summary>
    internal static bool TryRecover(
        Secp256k1Multiplication multiplication, ReadOnlySpan<byte> hash32, ReadOnlySpan<byte> signature65, Span<byte> publicKey65)
    {
        if (hash32.Length != HashSize || signature65.Length != SignatureSize || publicKey65.Length < PublicKeySize)
        {
            throw new ArgumentException("A hash has 32 bytes, a signature 65, a public key 65.");
        }

        if (!Secp256k1Scalar.TryRead(signature65[..32], out Secp256k1Scalar r) || r.IsZero
            || !Secp256k1Scalar.TryRead(signature65[32..64], out Secp256k1Scalar s) || s.IsZero)
        {
            return false;
        }

        byte recoveryId = signature65[64];
        if (s.IsHigh)
        {
            s = -s;
            recoveryId ^= 1;
        }

        if (recoveryId > 3
            || !TryReadNonceX(signature65[..32], aboveOrder: (recoveryId & 2) != 0, out Secp256k1Field x)
            || !Secp256k1Affine.TryDecompress(multiplication.Kernel, x, odd: (recoveryId & 1) != 0, out Secp256k1Affine nonce))
        {
            return false;
        }

        // Q = (s R - z G) / r. The signature verifies under this Q by construction.
        Secp256k1Scalar inverse = r.Invert();
        Secp256k1Scalar z = Secp256k1Scalar.ReadReduced(hash32);
        Secp256k1Point key = multiplication.Combine(-(inverse * z), inverse * s, nonce);
        if (key.IsInfinity)
        {
            return false;
        }

        Write(key, publicKey65);
        return true;
    }

    /// <summary>
    /// The public key of a private key. The time that it takes depends on the private key: for keys of local networks, which protect nothing.
    /// </summary>
    /// <param name="privateKey32">The private key, 32 big-endian bytes.</param>
    /// <param name="publicKey65">Receives the uncompressed key; untouched on failure.</param>
    /// <returns>False if the private key is zero or not below n.</returns>
    /// <exception cref="ArgumentException">The length of a span is wrong (the public key's may be longer).</exception>
    public static bool TryGetPublicKey(ReadOnlySpan<byte> privateKey32, Span<byte> publicKey65)
    {
        if (privateKey32.Length != PrivateKeySize || publicKey65.Length < PublicKeySize)
        {
            throw new ArgumentException("A private key has 32 bytes, a public key 65.");
        }

        if (!Secp256k1Scalar.TryRead(privateKey32, out Secp256k1Scalar scalar) || scalar.IsZero)
        {
            return false;
        }

        Write(Multiplication.Combine(scalar, default, Secp256k1Affine.Generator), publicKey65);
        return true;
    }

    /// <summary>The sum of a private key and a number, modulo n, as BIP-32 derives keys.</summary>
    /// <param name="privateKey32">The private key, 32 big-endian bytes.</param>
    /// <param name="number32">The number, 32 big-endian bytes.</param>
    /// <param name="sum32">Receives the sum; untouched on failure.</param>
    /// <returns>False if one of both is not below n, or the sum is zero.</returns>
    public static bool TryAddToPrivateKey(ReadOnlySpan<byte> privateKey32, ReadOnlySpan<byte> number32, Span<byte> sum32)
    {
        if (!Secp256k1Scalar.TryRead(privateKey32, out Secp256k1Scalar key) || !Secp256k1Scalar.TryRead(number32, out Secp256k1Scalar number))
        {
            return false;
        }

        Secp256k1Scalar sum = key + number;
        if (sum.IsZero)
        {
            return false;
        }

        sum.Write(sum32);
        return true;
    }

    private static void Write(in Secp256k1Point key, Span<byte> publicKey65)
    {
        Secp256k1Affine affine = key.ToAffine();
        publicKey65[0] = 4;
        affine.X.Write(publicKey65[1..]);
        affine.Y.Write(publicKey65[33..]);
    }

    // r is the x coordinate of the nonce point modulo n. Since n is below p, x may also have been r + n, unless that is not below p.
    private static bool TryReadNonceX(ReadOnlySpan<byte> r, bool aboveOrder, out Secp256k1Field x)
    {
        _ = Secp256k1Field.TryRead(r, out x);
        if (!aboveOrder)
        {
            return true;
        }

        x += new Secp256k1Field(Secp256k1Scalar.Order[0], Secp256k1Scalar.Order[1], Secp256k1Scalar.Order[2], Secp256k1Scalar.Order[3]);
        return r.SequenceCompareTo(OrderGap) < 0;
    }
}
