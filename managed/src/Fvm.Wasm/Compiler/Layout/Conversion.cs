namespace Fvm.Wasm;

/// <summary>The out-of-line conversions from float to integer (<see cref="ConversionStubs"/>).</summary>
internal enum Conversion
{
    /// <summary>The float is not in the integer's range: traps.</summary>
    Bad,

    /// <summary>The result is the lowest i32: returns if the float truncates to it, otherwise traps.</summary>
    Lowest32,

    /// <summary>The result is the lowest i64: returns if the float truncates to it, otherwise traps.</summary>
    Lowest64,

    /// <summary>To an unsigned i64, for floats that are not below 2^63.</summary>
    Unsigned64,
}
