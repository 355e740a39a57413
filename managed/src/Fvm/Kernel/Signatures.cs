using Fvm.Crypto;

namespace Fvm;

/// <summary>Signatures of accounts, verified against their addresses (reference: <c>shared/src/crypto/signature.rs</c>).</summary>
internal static class Signatures
{
    /// <summary>Whether an account signed a message. A malformed signature is invalid.</summary>
    public static bool Verify(SignatureType type, ReadOnlySpan<byte> signature, in Address signer, ReadOnlySpan<byte> plaintext) => type switch
    {
        SignatureType.Bls => signer.Protocol == AddressProtocol.Bls
            && BlsSignatures.Verify(signature, signer.Payload.Span, plaintext) == BlsVerdict.Valid,
        SignatureType.Secp256k1 => signer.Protocol == AddressProtocol.Secp256k1 && VerifySecp256k1(signature, signer, plaintext),
        _ => false,
    };

    /// <summary>Whether each key signed its message.</summary>
    public static bool VerifyBlsAggregate(
        ReadOnlySpan<byte> signature, ReadOnlySpan<byte> publicKeys, IReadOnlyList<ReadOnlyMemory<byte>> plaintexts) =>
        BlsSignatures.VerifyAggregate(signature, publicKeys, plaintexts) == BlsVerdict.Valid;

    // Recovers the key from the signature and compares its address.
    private static bool VerifySecp256k1(ReadOnlySpan<byte> signature, in Address signer, ReadOnlySpan<byte> plaintext)
    {
        if (signature.Length != Secp256k1.SignatureSize) return false;

        Span<byte> hash = stackalloc byte[Blake2b.Size256];
        Blake2b.Hash256(plaintext, hash);
        Span<byte> publicKey = stackalloc byte[Secp256k1.PublicKeySize];
        return Secp256k1.TryRecover(hash, signature, publicKey) && Address.NewSecp256k1(publicKey) == signer;
    }
}
