namespace Fvm.Wasm;

/// <summary>The form of an instruction's immediates.</summary>
public enum ImmediateKind : byte
{
    /// <summary>No such instruction.</summary>
    Unknown,

    None,

    /// <summary>A block type: empty or one value type.</summary>
    Block,

    /// <summary>One index: label, local, global, function or segment.</summary>
    Index,

    /// <summary>A vector of labels and a default label.</summary>
    BranchTable,

    /// <summary>A type index and a table index.</summary>
    IndirectCall,

    /// <summary>Alignment (log2) and offset.</summary>
    Memory,

    /// <summary>One reserved byte, 0: memory.size, memory.grow, memory.fill.</summary>
    MemoryIndex,

    /// <summary>Two indices: table.copy, table.init.</summary>
    TwoIndices,

    /// <summary>A data segment and one reserved byte, 0: memory.init.</summary>
    DataSegment,

    /// <summary>Two reserved bytes, 0: memory.copy.</summary>
    TwoMemories,

    /// <summary>One heap type: <c>func</c>.</summary>
    HeapType,

    I32,
    I64,
    F32,
    F64,
}
