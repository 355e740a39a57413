namespace Fvm.Crypto;

/// <summary>The outcome of verifying a BLS signature.</summary>
public enum BlsVerdict
{
    /// <summary>The signature is valid.</summary>
    Valid,

    /// <summary>All points decode, but the signature is not one of these messages under these keys.</summary>
    Invalid,

    /// <summary>The signature or a key is not a compressed point of its group, or the numbers of keys and messages differ.</summary>
    Malformed,
}
