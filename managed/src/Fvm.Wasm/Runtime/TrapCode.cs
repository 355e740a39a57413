namespace Fvm.Wasm;

/// <summary>The closed list of traps. Numbers are shared with machine code.</summary>
public enum TrapCode
{
    /// <summary>No trap: the call returned.</summary>
    None = 0,

    /// <summary>The <c>unreachable</c> instruction.</summary>
    Unreachable = 1,

    /// <summary>A load, store, bulk operation or data segment past the end of the memory.</summary>
    MemoryOutOfBounds = 2,

    /// <summary>A call, bulk operation or element segment past the end of the table.</summary>
    TableOutOfBounds = 3,

    /// <summary><c>call_indirect</c> through a null element.</summary>
    IndirectCallToNull = 4,

    /// <summary><c>call_indirect</c> of a function with a different type.</summary>
    BadSignature = 5,

    /// <summary>Integer overflow in a division, or in a conversion from a floating-point number.</summary>
    IntegerOverflow = 6,

    /// <summary>Integer division by zero.</summary>
    IntegerDivisionByZero = 7,

    /// <summary>Conversion of a NaN to an integer.</summary>
    BadConversionToInteger = 8,

    /// <summary>The stack limiter's count exceeded its limit (the reference executes <c>unreachable</c> there).</summary>
    StackLimit = 9,

    /// <summary>A charge exceeded the remaining gas: <see cref="InstanceContext.GasLeft"/> is negative.</summary>
    OutOfGas = 10,

    /// <summary>
    /// The reference's machine stack is exhausted, by the model of its frames, before the limiter's count.
    /// </summary>
    HostStackOverflow = 11,

    /// <summary>The host function requested unwinding, or the host stopped the instance; the host holds the reason.</summary>
    HostFault = 12,
}
