namespace Fvm.Wasm;

/// <summary>State, other than the operand stack, read or written by an instruction.</summary>
[Flags]
public enum OpcodeState : byte
{
    None = 0,

    /// <summary>The local given by the index.</summary>
    Local = 1 << 0,

    /// <summary>The global given by the index.</summary>
    Global = 1 << 1,

    /// <summary>The bytes of the memory.</summary>
    Memory = 1 << 2,

    /// <summary>The elements of the table.</summary>
    Table = 1 << 3,

    /// <summary>The dropped flags of data and element segments.</summary>
    Segments = 1 << 4,

    /// <summary>The sizes of memory and table.</summary>
    Sizes = 1 << 5,

    /// <summary>All state within a callee's reach.</summary>
    All = Local | Global | Memory | Table | Segments | Sizes,
}
