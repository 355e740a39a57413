namespace Fvm.Wasm;

/// <summary>
/// Calls of the runtime from compiled code, for instructions with <see cref="OpcodeFlags.NeedsRuntime"/>.
/// </summary>
internal static class Helper
{
    /// <summary>Slots that a call of a helper may take: three operands, one or two indices.</summary>
    public const int MaxArguments = 4;
}
