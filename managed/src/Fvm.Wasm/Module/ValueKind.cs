namespace Fvm.Wasm;

/// <summary>A value type by its byte in the binary format.</summary>
public enum ValueKind : byte
{
    I32 = 0x7f,
    I64 = 0x7e,
    F32 = 0x7d,
    F64 = 0x7c,

    /// <summary>
    /// A function reference: the element type of tables. The reference enables the type itself, so locals, globals and signatures may have
    /// it, although the instructions on such values (ref.null, ref.func, ref.is_null) are refused in function bodies.
    /// </summary>
    FuncRef = 0x70,

    /// <summary>No value: the type of a block without a result.</summary>
    Empty = 0x40,
}
