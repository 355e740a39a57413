namespace Fvm.Wasm;

/// <summary>A control frame of the validation algorithm: one open block.</summary>
/// <param name="Opcode"><c>block</c>, <c>loop</c>, <c>if</c>, <c>else</c>; <c>block</c> for the function itself.</param>
/// <param name="Result">Its result type.</param>
/// <param name="Height">Height of the operand stack at its start.</param>
/// <param name="Unreachable">Whether the rest of the block is unreachable.</param>
internal record struct ValidationFrame(Opcode Opcode, ValueKind Result, int Height, bool Unreachable)
{
    /// <summary>The type of its label: the result type, or empty for a loop.</summary>
    public readonly ValueKind LabelType => Opcode == Opcode.Loop ? ValueKind.Empty : Result;
}
