namespace Fvm;

/// <summary>Module <c>crypto</c>: signatures and hashes.</summary>
internal static partial class CryptoSyscalls
{
    private const uint BlsSignatureLength = 96;
    private const uint BlsPublicKeyLength = 48;
    private const uint SecpSignatureLength = 65;
    private const uint HashLength = 32;

    private delegate Outcome VerifySigner(
        Kernel kernel, SignatureType type, ReadOnlySpan<byte> signature, in Address signer, ReadOnlySpan<byte> plaintext, out bool valid);

    /// <summary>verify_signature(type, signature offset, length, address offset, length, plaintext offset, length) → 0 or -1</summary>
    public static Outcome VerifySignature(ref SyscallFrame frame) => SignatureVerdict(
        ref frame,
        static (kernel, type, signature, in signer, plaintext, out valid) =>
            kernel.VerifySignature(type, signature, signer, plaintext, out valid));

    /// <summary>The same before NV18, for any address of an account.</summary>
    public static Outcome VerifyAccountSignature(ref SyscallFrame frame) => SignatureVerdict(
        ref frame,
        static (kernel, type, signature, in signer, plaintext, out valid) =>
            kernel.VerifyAccountSignature(type, signature, signer, plaintext, out valid));

    /// <summary>
    /// verify_bls_aggregate(signers, signature offset, public keys offset, plaintexts offset, plaintext lengths offset) → 0 or -1
    /// </summary>
    public static Outcome VerifyBlsAggregate(ref SyscallFrame frame)
    {
        uint signers = frame.U32(0);
        ulong keysLength = (ulong)signers * BlsPublicKeyLength;
        if (keysLength > uint.MaxValue)
        {
            return Outcome.Error(ErrorNumber.IllegalArgument, $"number of signatures aggregated ({signers}) exceeds limit");
        }

        if (!frame.TrySliceAt(frame.U32(1), BlsSignatureLength, out Span<byte> signature)) return frame.Refusal;
        if (!frame.TrySliceAt(frame.U32(2), (uint)keysLength, out Span<byte> publicKeys)) return frame.Refusal;
        if (!frame.TrySliceAt(frame.U32(4), signers * sizeof(uint), out Span<byte> lengths)) return frame.Refusal;

        // The reference sums in 32 bits with wrap-around; a wrapped sum does not match the texts, which the kernel detects after its charge.
        uint total = 0;
        for (int i = 0; i < lengths.Length; i += sizeof(uint))
        {
            total = unchecked(total + System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(lengths[i..]));
        }

        if (!frame.TrySliceAt(frame.U32(3), total, out Span<byte> plaintexts)) return frame.Refusal;
        if (!frame.Passed(frame.Kernel.VerifyBlsAggregate(signature, publicKeys, plaintexts, lengths, out bool valid))) return frame.Refusal;

        return frame.ReturnVerdict(valid);
    }

    /// <summary>recover_secp_public_key(hash offset, signature offset) → 65 bytes</summary>
    public static Outcome RecoverSecpPublicKey(ref SyscallFrame frame)
    {
        if (!frame.TrySliceAt(frame.U32(0), HashLength, out Span<byte> hash)) return frame.Refusal;
        if (!frame.TrySliceAt(frame.U32(1), SecpSignatureLength, out Span<byte> signature)) return frame.Refusal;

        return frame.Kernel.RecoverSecpPublicKey(hash, signature, frame.Result);
    }

    /// <summary>hash(code, data offset, data length, digest offset, digest length) → length</summary>
    public static Outcome Hash(ref SyscallFrame frame)
    {
        if (!frame.TrySlice(3, out Span<byte> into)) return frame.Refusal;
        if (!frame.TrySlice(1, out Span<byte> data)) return frame.Refusal;

        Span<byte> digest = stackalloc byte[Kernel.MaxDigestLength];
        if (!frame.Passed(frame.Kernel.Hash(frame.U64(0), data, digest, out int length))) return frame.Refusal;

        // A buffer that is too small receives the digest's prefix.
        int written = Math.Min(length, into.Length);
        digest[..written].CopyTo(into);
        return frame.Return((uint)written);
    }

    private static Outcome SignatureVerdict(ref SyscallFrame frame, VerifySigner verify)
    {
        uint number = frame.U32(0);
        SignatureType type = (SignatureType)number;
        if (type is not (SignatureType.Secp256k1 or SignatureType.Bls))
        {
            return Outcome.Error(ErrorNumber.IllegalArgument, $"unknown signature type {number}");
        }

        if (!frame.TrySlice(1, out Span<byte> signature)) return frame.Refusal;
        if (!frame.TryReadAddress(3, out Address signer)) return frame.Refusal;
        if (!frame.TrySlice(5, out Span<byte> plaintext)) return frame.Refusal;
        if (!frame.Passed(verify(frame.Kernel, type, signature, signer, plaintext, out bool valid))) return frame.Refusal;

        return frame.ReturnVerdict(valid);
    }
}
