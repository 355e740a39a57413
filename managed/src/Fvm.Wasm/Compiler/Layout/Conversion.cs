namespace Fvm.Wasm;

/// <summary>What <see cref="ConversionStubs"/> has code for.</summary>
internal enum Conversion
{
    /// <summary>Traps for a float that fits no integer of the wanted type.</summary>
    Bad,

    /// <summary>To i32: comes back for the lowest number, and traps for what does not fit.</summary>
    Lowest32,

    /// <summary>To i64: comes back for the lowest number, and traps for what does not fit.</summary>
    Lowest64,

    /// <summary>To an unsigned i64, for what is not below 2^63.</summary>
    Unsigned64,
}
