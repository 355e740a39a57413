namespace Fvm;

/// <summary>Module <c>crypto</c>: signatures and hashes.</summary>
internal static partial class CryptoSyscalls
{
    private const uint BlsSignatureLength = 96;
    private const uint BlsPublicKeyLength = 48;
    private const uint SecpSignatureLength = 65;
    private const uint HashLength = 32;

    /// <summary>verify_signature(type, signature offset, length, address offset, length, plaintext offset, length) → 0 or -1</summary>
    public static Outcome VerifySignature(ref SyscallFrame frame)
    {
        Outcome outcome = ReadSignature(ref frame, out SignatureType type, out Span<byte> signature, out Address signer, out Span<byte> plaintext);
        if (!outcome.IsOk) return outcome;

        outcome = frame.Kernel.VerifySignature(type, signature, signer, plaintext, out bool valid);
        return outcome.IsOk ? frame.ReturnVerdict(valid) : outcome;
    }

    /// <summary>The same before NV18, of any address of an account.</summary>
    public static Outcome VerifyAccountSignature(ref SyscallFrame frame)
    {
        Outcome outcome = ReadSignature(ref frame, out SignatureType type, out Span<byte> signature, out Address signer, out Span<byte> plaintext);
        if (!outcome.IsOk) return outcome;

        outcome = frame.Kernel.VerifyAccountSignature(type, signature, signer, plaintext, out bool valid);
        return outcome.IsOk ? frame.ReturnVerdict(valid) : outcome;
    }

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

        Outcome outcome = frame.SliceAt(frame.U32(1), BlsSignatureLength, out Span<byte> signature);
        if (!outcome.IsOk) return outcome;

        outcome = frame.SliceAt(frame.U32(2), (uint)keysLength, out Span<byte> publicKeys);
        if (!outcome.IsOk) return outcome;

        outcome = frame.SliceAt(frame.U32(4), signers * sizeof(uint), out Span<byte> lengths);
        if (!outcome.IsOk) return outcome;

        // The reference sums in 32 bits and wraps; a sum that wrapped does not match the texts, which the kernel finds after its charge.
        uint total = 0;
        for (int i = 0; i < lengths.Length; i += sizeof(uint))
        {
            total = unchecked(total + System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(lengths[i..]));
        }

        outcome = frame.SliceAt(frame.U32(3), total, out Span<byte> plaintexts);
        if (!outcome.IsOk) return outcome;

        outcome = frame.Kernel.VerifyBlsAggregate(signature, publicKeys, plaintexts, lengths, out bool valid);
        return outcome.IsOk ? frame.ReturnVerdict(valid) : outcome;
    }

    /// <summary>recover_secp_public_key(hash offset, signature offset) → 65 bytes</summary>
    public static Outcome RecoverSecpPublicKey(ref SyscallFrame frame)
    {
        Outcome outcome = frame.SliceAt(frame.U32(0), HashLength, out Span<byte> hash);
        if (!outcome.IsOk) return outcome;

        outcome = frame.SliceAt(frame.U32(1), SecpSignatureLength, out Span<byte> signature);
        return outcome.IsOk ? frame.Kernel.RecoverSecpPublicKey(hash, signature, frame.Result) : outcome;
    }

    /// <summary>hash(code, data offset, data length, digest offset, digest length) → length</summary>
    public static Outcome Hash(ref SyscallFrame frame)
    {
        Outcome outcome = frame.Slice(3, out Span<byte> into);
        if (!outcome.IsOk) return outcome;

        outcome = frame.Slice(1, out Span<byte> data);
        if (!outcome.IsOk) return outcome;

        Span<byte> digest = stackalloc byte[Kernel.MaxDigestLength];
        outcome = frame.Kernel.Hash(frame.U64(0), data, digest, out int length);
        if (!outcome.IsOk) return outcome;

        // A buffer that is too small takes the digest's beginning.
        int written = Math.Min(length, into.Length);
        digest[..written].CopyTo(into);
        return frame.Return((uint)written);
    }

    private static Outcome ReadSignature(
        ref SyscallFrame frame, out SignatureType type, out Span<byte> signature, out Address signer, out Span<byte> plaintext)
    {
        uint number = frame.U32(0);
        type = (SignatureType)number;
        signature = default;
        signer = default;
        plaintext = default;
        if (number is not ((uint)SignatureType.Secp256k1 or (uint)SignatureType.Bls))
        {
            return Outcome.Error(ErrorNumber.IllegalArgument, $"unknown signature type {number}");
        }

        Outcome outcome = frame.Slice(1, out signature);
        if (!outcome.IsOk) return outcome;

        outcome = frame.ReadAddress(3, out signer);
        return outcome.IsOk ? frame.Slice(5, out plaintext) : outcome;
    }
}
