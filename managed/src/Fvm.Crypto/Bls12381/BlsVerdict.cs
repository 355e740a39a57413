// What a verification of BLS signatures can say.
namespace Fvm.Crypto;

/// <summary>The outcome of a verification.</summary>
public enum BlsVerdict
{
    /// <summary>The signature is good.</summary>
    Valid,

    /// <summary>Everything could be read, but the signature is not one of these messages under these keys.</summary>
    Invalid,

    /// <summary>The signature or a key is no compressed point of its group, or the numbers of keys and messages differ.</summary>
    Malformed,
}
