namespace Fvm.Wasm;

/// <summary>Properties of single instructions.</summary>
[Flags]
public enum OpcodeFlags : byte
{
    None = 0,

    /// <summary>Control never goes on to the next instruction.</summary>
    Terminator = 1 << 0,

    /// <summary>Treats its operand, or the upper half of its result, as signed.</summary>
    Signed = 1 << 1,

    /// <summary>Gives the nearest integer where an ordinary truncation traps.</summary>
    Saturates = 1 << 2,

    /// <summary>Compiled code can use a comparison's result as it is in the processor's flags.</summary>
    TakesFlags = 1 << 3,

    /// <summary>Compiled code calls the runtime or a shared routine for it.</summary>
    NeedsRuntime = 1 << 4,

    /// <summary>Metering has a case of its own for it: popping and pushing what the row lists is not all.</summary>
    MeteredApart = 1 << 5,
}
