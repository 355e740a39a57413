using Fvm.Crypto;

namespace Fvm.Chain;

/// <summary>Verifies signatures of blocks under key addresses (Lotus: <c>lib/sigs</c>).</summary>
public static class BlockSignatures
{
    private const int Secp256k1HashLength = 20;

    /// <summary>Whether a block's signature is that of a key.</summary>
    /// <param name="block">The block.</param>
    /// <param name="key">A key address, or a delegated one.</param>
    public static bool IsSignedBy(BlockHeader block, in Address key) =>
        block.Signature is ChainSignature signature && IsSignatureOf(signature, key, (block with { Signature = null }).Encode());

    /// <summary>Whether a signature of some bytes is that of a key.</summary>
    public static bool IsSignatureOf(ChainSignature signature, in Address key, ReadOnlySpan<byte> bytes)
    {
        switch (signature.Kind)
        {
            case ChainSignatureKind.Bls:
                return key.Payload.Length == BlsSignatures.PublicKeySize
                    && BlsSignatures.Verify(signature.Data.Span, key.Payload.Span, bytes) == BlsVerdict.Valid;
            case ChainSignatureKind.Secp256k1:
                byte[] hash = new byte[Blake2b.Size256];
                Blake2b.Hash256(bytes, hash);
                return Recover(signature, hash) is byte[] signer && Address.NewSecp256k1(signer) == key;
            default:
                return Recover(signature, Keccak256.Hash(bytes)) is byte[] sender
                    && Address.NewDelegated(ActorId.EthereumAddressManager, Keccak256.Hash(sender.AsSpan(1))[^Secp256k1HashLength..]) == key;
        }
    }

    private static byte[]? Recover(ChainSignature signature, byte[] hash)
    {
        byte[] key = new byte[Secp256k1.PublicKeySize];
        return signature.Data.Length == Secp256k1.SignatureSize && Secp256k1.TryRecover(hash, signature.Data.Span, key) ? key : null;
    }
}
