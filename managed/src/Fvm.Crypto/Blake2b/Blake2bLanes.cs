namespace Fvm.Crypto;

/// <summary>The compression function F of BLAKE2b (RFC 7693, section 3.2) on several messages at once, one per 64-bit lane of the vectors.</summary>
internal static partial class Blake2bLanes
{
    /// <summary>The lanes of a vector.</summary>
    public const int VectorLanes = 4;

    /// <summary>The number of lanes on this processor; 1 without vectors.</summary>
    public static int Count => Blake2bCompression.IsVectorised ? VectorLanes : 1;
}
