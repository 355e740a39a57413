namespace Fvm.Wasm;

/// <summary>Width of an integer or float operand, in bits.</summary>
internal enum Width : byte
{
    W32,
    W64,
}

internal static class Widths
{
    public static Width Of(bool isWide) => isWide ? Width.W64 : Width.W32;

    /// <summary>The width of a value; references have 64 bits.</summary>
    public static Width Of(ValueKind type) => type is ValueKind.I32 or ValueKind.F32 ? Width.W32 : Width.W64;
}
