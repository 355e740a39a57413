namespace Fvm.Wasm;

/// <summary>State besides the operand stack that an instruction reads or writes.</summary>
[Flags]
public enum OpcodeState : byte
{
    None = 0,

    /// <summary>The local that the index names.</summary>
    Local = 1 << 0,

    /// <summary>The global that the index names.</summary>
    Global = 1 << 1,

    /// <summary>The bytes of the memory.</summary>
    Memory = 1 << 2,

    /// <summary>The elements of the table.</summary>
    Table = 1 << 3,

    /// <summary>Which data and element segments are dropped.</summary>
    Segments = 1 << 4,

    /// <summary>The sizes of memory and table.</summary>
    Sizes = 1 << 5,

    /// <summary>Whatever a callee may.</summary>
    All = Local | Global | Memory | Table | Segments | Sizes,
}
