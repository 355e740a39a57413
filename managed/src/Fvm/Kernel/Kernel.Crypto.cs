using System.Buffers.Binary;
using Fvm.Crypto;

namespace Fvm;

internal sealed partial class Kernel
{
    /// <summary>The length of the longest digest, in bytes.</summary>
    public const int MaxDigestLength = 64;

    /// <summary>Verifies an account's signature.</summary>
    public Outcome VerifySignature(
        SignatureType type, ReadOnlySpan<byte> signature, in Address signer, ReadOnlySpan<byte> plaintext, out bool valid)
    {
        valid = false;
        if (!TryCharge(Prices.OnVerifySignature(type, plaintext.Length))) return Outcome.OutOfGas;

        // Only key addresses: account keys are not looked up in the state.
        if (signer.Protocol is not (AddressProtocol.Bls or AddressProtocol.Secp256k1))
        {
            return Outcome.Error(ErrorNumber.IllegalArgument, $"address protocol {signer.Protocol} not supported");
        }

        valid = Signatures.Verify(type, signature, signer, plaintext);
        return Outcome.Ok;
    }

    /// <summary>Verifies an account's signature; accepts any address of the account (before NV18).</summary>
    public Outcome VerifyAccountSignature(
        SignatureType type, ReadOnlySpan<byte> signature, in Address signer, ReadOnlySpan<byte> plaintext, out bool valid)
    {
        valid = false;
        if (!TryCharge(Prices.OnVerifySignature(type, plaintext.Length))) return Outcome.OutOfGas;

        if (ResolveToKey(signer, charges: true, out Address key).Failed(out Outcome outcome)) return outcome;

        valid = Signatures.Verify(type, signature, key, plaintext);
        return Outcome.Ok;
    }

    /// <summary>Verifies an aggregate of BLS signatures (FIP-0079).</summary>
    /// <param name="signature">The aggregate, 96 bytes.</param>
    /// <param name="publicKeys">The signers' keys, 48 bytes each.</param>
    /// <param name="plaintexts">The signed messages, concatenated.</param>
    /// <param name="plaintextLengths">The length of each message in bytes, as 4 bytes little-endian.</param>
    /// <param name="valid">Whether the aggregate is valid.</param>
    public Outcome VerifyBlsAggregate(
        ReadOnlySpan<byte> signature,
        ReadOnlySpan<byte> publicKeys,
        ReadOnlySpan<byte> plaintexts,
        ReadOnlySpan<byte> plaintextLengths,
        out bool valid)
    {
        valid = false;
        int signers = plaintextLengths.Length / sizeof(uint);
        if (!TryCharge(Prices.OnVerifyAggregateSignature(signers, plaintexts.Length))) return Outcome.OutOfGas;

        // The gas charged per signer bounds this allocation.
        ReadOnlyMemory<byte>[] messages = new ReadOnlyMemory<byte>[signers];
        ReadOnlyMemory<byte> all = plaintexts.ToArray();
        ulong at = 0;
        for (int i = 0; i < signers; i++)
        {
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(plaintextLengths[(i * sizeof(uint))..]);
            if (at + length > (ulong)all.Length) return Outcome.Error(ErrorNumber.IllegalArgument, "bls signature plaintext out of bounds");

            messages[i] = all.Slice((int)at, (int)length);
            at += length;
        }

        if (at != (ulong)all.Length) return Outcome.Error(ErrorNumber.IllegalArgument, "plaintexts buffer length doesn't match");

        valid = Signatures.VerifyBlsAggregate(signature, publicKeys, messages);
        return Outcome.Ok;
    }

    /// <summary>Recovers the public key of a secp256k1 signature of a hash.</summary>
    /// <param name="hash">The hash, 32 bytes.</param>
    /// <param name="signature">r, s and the recovery ID, 65 bytes.</param>
    /// <param name="publicKey">Receives the uncompressed key, 65 bytes.</param>
    public Outcome RecoverSecpPublicKey(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature, Span<byte> publicKey)
    {
        if (!TryCharge(Prices.OnRecoverSecpPublicKey())) return Outcome.OutOfGas;

        Span<byte> key = stackalloc byte[Secp256k1.PublicKeySize];
        if (!Secp256k1.TryRecover(hash, signature, key)) return Outcome.Error(ErrorNumber.IllegalArgument, "public key recovery failed");

        key.CopyTo(publicKey);
        return Outcome.Ok;
    }

    /// <summary>Hashes data with the function of a multihash code.</summary>
    /// <param name="code">The multihash code.</param>
    /// <param name="data">The data to hash.</param>
    /// <param name="digest">Receives the digest; at least <see cref="MaxDigestLength"/> bytes.</param>
    /// <param name="length">The length of the digest, in bytes.</param>
    public Outcome Hash(ulong code, ReadOnlySpan<byte> data, Span<byte> digest, out int length)
    {
        length = 0;
        SupportedHash hash = (SupportedHash)code;
        length = hash switch
        {
            SupportedHash.Sha2256 or SupportedHash.Keccak256 or SupportedHash.Blake2b256 => 32,
            SupportedHash.Blake2b512 => 64,
            SupportedHash.Ripemd160 => 20,
            _ => 0,
        };
        if (length == 0)
        {
            if (_execution.Rules.Machine.ChargesUnknownHashes && !TryCharge(Prices.OnHashing(hash, data.Length))) return Outcome.OutOfGas;

            return Outcome.Error(ErrorNumber.IllegalArgument, $"unsupported hash code {code}");
        }

        if (!TryCharge(Prices.OnHashing(hash, data.Length))) return Outcome.OutOfGas;

        digest = digest[..length];
        switch (hash)
        {
            case SupportedHash.Sha2256:
                Sha256.Hash(data, digest);
                break;
            case SupportedHash.Keccak256:
                Keccak256.Hash(data, digest);
                break;
            case SupportedHash.Blake2b256:
                Blake2b.Hash256(data, digest);
                break;
            case SupportedHash.Blake2b512:
                Blake2b.Hash512(data, digest);
                break;
            default:
                Ripemd160.Hash(data, digest);
                break;
        }

        return Outcome.Ok;
    }
}
