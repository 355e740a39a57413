using System.Diagnostics.CodeAnalysis;
using Fvm.Crypto;
using Fvm.Tracing;
using NBitcoin.Secp256k1;

namespace Fvm.Node;

/// <summary>A private key on secp256k1, and its addresses on both chains.</summary>
internal sealed class EthKey
{
    public const int Length = Secp256k1.PrivateKeySize;

    private readonly byte[] _bytes;

    // The library that signs makes tables on first use, which takes longer than a chain to start.
    private readonly Lazy<ECPrivKey> _signer;

    private EthKey(byte[] bytes, byte[] publicKey)
    {
        _bytes = bytes;
        _signer = new Lazy<ECPrivKey>(() => ECPrivKey.Create(_bytes));
        PublicKey = publicKey;
        EthAddress = EthAddress.OfPublicKey(PublicKey);
    }

    /// <summary>The uncompressed public key, 65 bytes.</summary>
    public byte[] PublicKey { get; }

    public EthAddress EthAddress { get; }

    /// <summary>The f1 address.</summary>
    public Address Secp256k1Address => Address.NewSecp256k1(PublicKey);

    /// <summary>A key from its bytes; false unless they are a number from 1 to the order of the curve less 1.</summary>
    public static bool TryCreate(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out EthKey? key)
    {
        byte[] publicKey = new byte[Secp256k1.PublicKeySize];
        key = bytes.Length == Length && Secp256k1.TryGetPublicKey(bytes, publicKey) ? new EthKey(bytes.ToArray(), publicKey) : null;
        return key is not null;
    }

    /// <summary>The private key.</summary>
    public byte[] ToBytes() => [.. _bytes];

    /// <summary>The compressed public key, 33 bytes.</summary>
    public byte[] ToCompressed() => [(byte)(2 + (PublicKey[^1] & 1)), .. PublicKey.AsSpan(1, Length)];

    /// <summary>The key plus a number modulo the order of the curve; false if the number is not below it, or the sum is zero.</summary>
    public bool TryAdd(ReadOnlySpan<byte> number, [NotNullWhen(true)] out EthKey? sum)
    {
        byte[] bytes = new byte[Length];
        sum = null;
        return Secp256k1.TryAddToPrivateKey(_bytes, number, bytes) && TryCreate(bytes, out sum);
    }

    /// <summary>Signs a hash with a nonce by RFC 6979.</summary>
    /// <returns>r, s (which is low) and the parity, 65 bytes.</returns>
    public byte[] Sign(ReadOnlySpan<byte> hash)
    {
        if (!_signer.Value.TrySignRecoverable(hash, out SecpRecoverableECDSASignature? signature) || signature is null)
        {
            throw new ArgumentException($"a hash has {Secp256k1.HashSize} bytes", nameof(hash));
        }

        byte[] bytes = new byte[Secp256k1.SignatureSize];
        signature.WriteToSpanCompact(bytes.AsSpan(0, bytes.Length - 1), out int parity);
        bytes[^1] = (byte)parity;
        return bytes;
    }
}
