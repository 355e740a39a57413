namespace Fvm;

/// <summary>The type of a signature; the numbers are the first byte of an encoded one.</summary>
public enum SignatureType : uint
{
    Secp256k1 = 1,
    Bls = 2,
}
