namespace Fvm;

/// <summary>The protocol of an address: the kind of its payload, and the first byte of its encoding.</summary>
public enum AddressProtocol : byte
{
    /// <summary>An actor ID.</summary>
    Id = 0,

    /// <summary>The hash of a secp256k1 public key, 20 bytes.</summary>
    Secp256k1 = 1,

    /// <summary>A hash that permanently identifies an actor, 20 bytes.</summary>
    Actor = 2,

    /// <summary>A BLS public key, 48 bytes.</summary>
    Bls = 3,

    /// <summary>The ID of a managing actor, and a subaddress of up to 54 bytes.</summary>
    Delegated = 4,
}
