namespace Fvm;

/// <summary>The hash functions of the <c>hash</c> syscall and of block CIDs; the numbers are their multihash codes.</summary>
public enum SupportedHash : ulong
{
    Sha2256 = 0x12,
    Keccak256 = 0x1b,
    Ripemd160 = 0x1053,
    Blake2b256 = 0xb220,
    Blake2b512 = 0xb240,
}
