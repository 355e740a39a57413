namespace Fvm.Ipld;

/// <summary>Codes of the hash functions in Filecoin's CIDs, from the multicodec table.</summary>
public static class MultihashCode
{
    /// <summary>Identity: the digest is the data itself.</summary>
    public const ulong Identity = 0x00;

    /// <summary>SHA-256.</summary>
    public const ulong Sha2_256 = 0x12;

    /// <summary>SHA-512.</summary>
    public const ulong Sha2_512 = 0x13;

    /// <summary>Keccak-256, as in Ethereum.</summary>
    public const ulong Keccak256 = 0x1b;

    /// <summary>RIPEMD-160.</summary>
    public const ulong Ripemd160 = 0x1053;

    /// <summary>BLAKE2b with a 32-byte digest: the hash of the chain's blocks.</summary>
    public const ulong Blake2b256 = 0xb220;

    /// <summary>BLAKE2b with a 64-byte digest.</summary>
    public const ulong Blake2b512 = 0xb240;

    /// <summary>SHA-256 with the two top bits of the last byte cleared: unsealed sectors and pieces.</summary>
    public const ulong Sha2_256Trunc254Padded = 0x1012;

    /// <summary>Poseidon over BLS12-381 with arity 2: sealed sectors.</summary>
    public const ulong PoseidonBls12_381A2Fc1 = 0xb401;
}
