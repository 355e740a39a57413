namespace Fvm;

/// <summary>The kinds of signatures; the numbers are the first byte of an encoded one.</summary>
public enum SignatureType : uint
{
    Secp256k1 = 1,
    Bls = 2,
}
