using System.Diagnostics.CodeAnalysis;
using Fvm.Crypto;
using Fvm.Tracing;
using NBitcoin.Secp256k1;

namespace Fvm.Node;

/// <summary>A private key on secp256k1, and its addresses on both chains.</summary>
internal sealed class EthKey
{
    public const int Length = 32;

    private readonly ECPrivKey _key;

    private EthKey(ECPrivKey key)
    {
        _key = key;
        PublicKey = new byte[Secp256k1.PublicKeySize];
        _key.CreatePubKey().WriteToSpan(compressed: false, PublicKey, out _);
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
        key = bytes.Length == Length && ECPrivKey.TryCreate(bytes, out ECPrivKey? created) ? new EthKey(created) : null;
        return key is not null;
    }

    /// <summary>The private key.</summary>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Length];
        _key.WriteToSpan(bytes);
        return bytes;
    }

    /// <summary>The compressed public key, 33 bytes.</summary>
    public byte[] ToCompressed()
    {
        byte[] bytes = new byte[1 + Length];
        _key.CreatePubKey().WriteToSpan(compressed: true, bytes, out _);
        return bytes;
    }

    /// <summary>The key plus a number modulo the order of the curve; false if the number is not below it, or the sum is zero.</summary>
    public bool TryAdd(ReadOnlySpan<byte> number, [NotNullWhen(true)] out EthKey? sum)
    {
        sum = _key.TryTweakAdd(number, out ECPrivKey? added) && added is not null ? new EthKey(added) : null;
        return sum is not null;
    }

    /// <summary>Signs a hash with a nonce by RFC 6979.</summary>
    /// <returns>r, s (which is low) and the parity, 65 bytes.</returns>
    public byte[] Sign(ReadOnlySpan<byte> hash)
    {
        if (!_key.TrySignRecoverable(hash, out SecpRecoverableECDSASignature? signature) || signature is null)
        {
            throw new ArgumentException($"a hash has {Secp256k1.HashSize} bytes", nameof(hash));
        }

        byte[] bytes = new byte[Secp256k1.SignatureSize];
        signature.WriteToSpanCompact(bytes.AsSpan(0, bytes.Length - 1), out int parity);
        bytes[^1] = (byte)parity;
        return bytes;
    }
}
