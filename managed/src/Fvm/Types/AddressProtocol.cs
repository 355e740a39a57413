namespace Fvm;

/// <summary>What an address's payload is. The numbers are the first byte of its encoding.</summary>
public enum AddressProtocol : byte
{
    /// <summary>The number of an actor.</summary>
    Id = 0,

    /// <summary>The hash of a secp256k1 public key, 20 bytes.</summary>
    Secp256k1 = 1,

    /// <summary>A hash that names an actor for good, 20 bytes.</summary>
    Actor = 2,

    /// <summary>A BLS public key, 48 bytes.</summary>
    Bls = 3,

    /// <summary>The number of a managing actor, and up to 54 bytes of its choice.</summary>
    Delegated = 4,
}
