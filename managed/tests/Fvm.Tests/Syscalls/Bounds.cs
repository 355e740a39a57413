namespace Fvm.Tests;

/// <summary>Buffers at the bounds of the harness's two pages of memory.</summary>
internal static class Bounds
{
    /// <summary>Size of memory, in bytes.</summary>
    public const uint End = 2 * 65_536;

    /// <summary>Offset and length of out-of-bounds buffers, including wrapping ones.</summary>
    public static readonly object[][] Outside =
    [
        [End, 1u],
        [End - 1, 2u],
        [0u, End + 1],
        [End + 1, 0u],
        [1u, uint.MaxValue],
        [uint.MaxValue, 1u],
        [uint.MaxValue, uint.MaxValue],
    ];
}
