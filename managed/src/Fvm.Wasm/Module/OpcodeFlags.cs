namespace Fvm.Wasm;

/// <summary>Properties of individual instructions.</summary>
[Flags]
public enum OpcodeFlags : byte
{
    None = 0,

    /// <summary>Control never falls through to the next instruction.</summary>
    Terminator = 1 << 0,

    /// <summary>Treats its operand, or the upper half of its result, as signed.</summary>
    Signed = 1 << 1,

    /// <summary>Saturates where an ordinary truncation traps.</summary>
    Saturates = 1 << 2,

    /// <summary>Compiled code can take a comparison's result from the processor's flags.</summary>
    TakesFlags = 1 << 3,

    /// <summary>Compiled code calls the runtime or a shared routine for it.</summary>
    NeedsRuntime = 1 << 4,

    /// <summary>Special case of metering: its effect is more than the row's pops and pushes.</summary>
    MeteredApart = 1 << 5,
}
