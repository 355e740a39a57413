namespace Fvm.Wasm;

/// <summary>
/// Composition of an instruction's price. The classes are the groups of the reference's instruction prices (FIP-0032, FIP-0057); the
/// prices themselves come with <see cref="MeteringRules"/>.
/// </summary>
public enum MeteringClass : byte
{
    /// <summary>Free: block, loop, else, end, return, nop, unreachable, drop.</summary>
    Free,

    /// <summary>The default instruction price: constants, locals, globals, select, casts, sizes, segment drops.</summary>
    Default,

    /// <summary>Arithmetic, bitwise, comparison, conversion, sign extension, floating point.</summary>
    Math,

    /// <summary><c>br</c>.</summary>
    Jump,

    /// <summary><c>br_if</c> and <c>if</c>.</summary>
    ConditionalJump,

    /// <summary><c>br_table</c>: an indirect jump and a memory access.</summary>
    IndirectJump,

    /// <summary><c>call</c>: an unconditional jump and a call.</summary>
    Call,

    /// <summary><c>call_indirect</c>: an indirect jump, a memory access and a call.</summary>
    IndirectCall,

    /// <summary>Loads: the default and a memory access.</summary>
    Load,

    /// <summary>Stores: the default and the base of a fill.</summary>
    Store,

    /// <summary><c>memory.grow</c>: as a store, and the fill price per byte of the new pages.</summary>
    MemoryGrow,

    /// <summary><c>memory.fill</c>: as a store, and the fill price per byte.</summary>
    MemoryFill,

    /// <summary><c>memory.copy</c> and <c>memory.init</c>: as a load, and the copy price per byte.</summary>
    MemoryCopy,

    /// <summary><c>table.copy</c> and <c>table.init</c>: as a load, and the copy price of the bytes per element.</summary>
    TableCopy,

    /// <summary><c>table.grow</c> and <c>table.fill</c>: as a store, and the fill price of the bytes per element.</summary>
    TableFill,
}
