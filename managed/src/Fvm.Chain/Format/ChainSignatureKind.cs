namespace Fvm.Chain;

/// <summary>The algorithm of a signature; the numbers are the first byte of an encoded one.</summary>
public enum ChainSignatureKind : byte
{
    /// <summary>ECDSA over secp256k1 of the BLAKE2b hash.</summary>
    Secp256k1 = 1,

    /// <summary>BLS12-381.</summary>
    Bls = 2,

    /// <summary>ECDSA over secp256k1 of the Keccak hash, by a delegated (Ethereum) address.</summary>
    Delegated = 3,
}
