namespace Fvm.Crypto;

/// <summary>
/// Verification of BLS signatures on BLS12-381 in Filecoin's variant: public keys are compressed points of G1 (48 bytes), signatures
/// compressed points of G2 (96 bytes). Source: https://datatracker.ietf.org/doc/draft-irtf-cfrg-bls-signature, sections 2 and 3.1, with the
/// ciphersuite and the checks of the reference's crate bls-signatures 0.15.
/// </summary>
public static class BlsSignatures
{
    /// <summary>Bytes of a signature.</summary>
    public const int SignatureSize = 96;

    /// <summary>Bytes of a public key.</summary>
    public const int PublicKeySize = 48;

    /// <summary>The domain separation tag of the ciphersuite; its final "NUL" denotes the scheme with distinct messages.</summary>
    internal static ReadOnlySpan<byte> Tag => "BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_"u8;

    /// <summary>The tag of the proof-of-possession ciphersuite, compiled into the peers of the interoperability tests.</summary>
    internal static ReadOnlySpan<byte> ProofOfPossessionTag => "BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_"u8;

    /// <summary>Verifies the signature of one message under one key.</summary>
    /// <param name="signature">96 bytes; another length is malformed.</param>
    /// <param name="publicKey">48 bytes; another length is malformed.</param>
    /// <param name="message">The message itself, not its hash.</param>
    public static BlsVerdict Verify(ReadOnlySpan<byte> signature, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message) =>
        publicKey.Length == PublicKeySize ? VerifySingle(signature, publicKey, message, Tag) : BlsVerdict.Malformed;

    /// <summary>Verifies an aggregate of one signature per message, each under the key at the same index.</summary>
    /// <param name="signature">96 bytes; another length is malformed.</param>
    /// <param name="publicKeys">48 bytes per key.</param>
    /// <param name="messages">One per key.</param>
    /// <returns>
    /// Always valid without keys and messages, whatever the signature. Otherwise malformed if the signature or a key is; invalid if a key
    /// is the point at infinity or two messages are equal; otherwise by the product of pairings.
    /// </returns>
    public static BlsVerdict VerifyAggregate(
        ReadOnlySpan<byte> signature, ReadOnlySpan<byte> publicKeys, IReadOnlyList<ReadOnlyMemory<byte>> messages) =>
        VerifyAggregate(signature, publicKeys, messages, Tag);

    /// <summary>The same under another domain separation tag.</summary>
    internal static BlsVerdict VerifyAggregate(
        ReadOnlySpan<byte> signature, ReadOnlySpan<byte> publicKeys, IReadOnlyList<ReadOnlyMemory<byte>> messages, ReadOnlySpan<byte> tag)
    {
        if (publicKeys.Length % PublicKeySize != 0 || publicKeys.Length / PublicKeySize != messages.Count)
        {
            return BlsVerdict.Malformed;
        }

        if (messages.Count == 0)
        {
            return BlsVerdict.Valid;
        }

        if (messages.Count == 1)
        {
            return VerifySingle(signature, publicKeys, messages[0].Span, tag);
        }

        return signature.Length == SignatureSize ? VerifyProduct(signature, publicKeys, messages, tag) : BlsVerdict.Malformed;
    }

    private static BlsVerdict VerifySingle(
        ReadOnlySpan<byte> signature, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> tag)
    {
        if (signature.Length != SignatureSize)
        {
            return BlsVerdict.Malformed;
        }

        // The fast path leaves points at infinity; only then, and in portable code, the message is copied.
        return FpLanes.IsSupported && SingleVerification.TryRun(signature, publicKey, message, tag, out BlsVerdict verdict)
            ? verdict
            : VerifyProduct(signature, publicKey, [message.ToArray()], tag);
    }

    private static BlsVerdict VerifyProduct(
        ReadOnlySpan<byte> signature, ReadOnlySpan<byte> publicKeys, IReadOnlyList<ReadOnlyMemory<byte>> messages, ReadOnlySpan<byte> tag) =>
        FpLanes.IsSupported
            ? AggregateVerification<FpLanes, PairedFp2, PackedFp12>.Run(signature, publicKeys, messages, tag)
            : AggregateVerification<Fp, Fp2<Fp>, Fp12<Fp2<Fp>>>.Run(signature, publicKeys, messages, tag);
}
