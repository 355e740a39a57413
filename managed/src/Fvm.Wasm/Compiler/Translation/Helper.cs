namespace Fvm.Wasm;

/// <summary>
/// Calls of the runtime from machine code, for instructions with <see cref="OpcodeFlags.NeedsRuntime"/>.
/// </summary>
internal static class Helper
{
    /// <summary>Maximum number of argument slots of a helper call: three operands, and one slot for one or two indices.</summary>
    public const int MaxArguments = 4;
}
