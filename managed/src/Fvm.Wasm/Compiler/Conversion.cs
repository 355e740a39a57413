namespace Fvm.Wasm.Compiler;

/// <summary>What <see cref="ConversionStubs"/> has code for.</summary>
internal enum Conversion
{
    /// <summary>Traps for a float that fits no integer of the wanted type.</summary>
    Bad,

    /// <summary>To i64: comes back for the lowest number, and traps for what does not fit.</summary>
    Lowest64,

    /// <summary>To an unsigned i64, for what is not below 2^63.</summary>
    Unsigned64,

    /// <summary>To the nearest i32, for what does not fit.</summary>
    Saturated32,

    /// <summary>To the nearest unsigned i32, for what does not fit.</summary>
    SaturatedUnsigned32,

    /// <summary>To the nearest i64, for what does not fit.</summary>
    Saturated64,

    /// <summary>To the nearest unsigned i64, for what is not below 2^63.</summary>
    SaturatedUnsigned64,

    /// <summary>From an unsigned i64 with the highest bit set.</summary>
    FromHigh64,
}
