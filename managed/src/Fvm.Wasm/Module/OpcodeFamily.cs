namespace Fvm.Wasm;

/// <summary>Instructions of one form: decoder, validator and both engines branch on the family, then on the instruction.</summary>
public enum OpcodeFamily : byte
{
    /// <summary>No such instruction.</summary>
    Unknown,

    /// <summary>Blocks, branches, calls, <c>nop</c>, <c>unreachable</c>.</summary>
    Control,

    /// <summary><c>drop</c>, <c>select</c>.</summary>
    Parametric,

    Local,
    Global,

    /// <summary>Memory instructions except loads and stores: size, growth, ranges, data segments.</summary>
    Memory,

    /// <summary>Table instructions: elements, size, growth, ranges, element segments.</summary>
    Table,

    /// <summary><c>ref.null</c>, <c>ref.func</c>: for initialisers only; the reference's stack limiter refuses them in function bodies.</summary>
    Reference,

    Load,
    Store,
    Constant,

    /// <summary><c>eqz</c>.</summary>
    IntegerTest,

    /// <summary>In the order eq, ne, lt_s, lt_u, gt_s, gt_u, le_s, le_u, ge_s, ge_u.</summary>
    IntegerComparison,

    /// <summary>In the order eq, ne, lt, gt, le, ge.</summary>
    FloatComparison,

    /// <summary>Bit counts, sign extensions, <c>wrap</c>.</summary>
    IntegerUnary,

    IntegerBinary,

    /// <summary>Roots, roundings, signs, <c>promote</c>, <c>demote</c>.</summary>
    FloatUnary,

    FloatBinary,

    /// <summary>Floats to integers.</summary>
    Truncation,

    /// <summary>Integers to floats.</summary>
    Conversion,

    /// <summary>The same bits as another type; also <c>i64.extend_i32_u</c>, since 32-bit values are held zero-extended.</summary>
    Reinterpretation,
}
