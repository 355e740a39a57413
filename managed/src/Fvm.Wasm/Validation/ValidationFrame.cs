namespace Fvm.Wasm;

/// <summary>One open block during validation.</summary>
/// <param name="Opcode"><c>block</c>, <c>loop</c>, <c>if</c>, <c>else</c>; <c>block</c> for the function itself.</param>
/// <param name="Result">What it leaves.</param>
/// <param name="Height">Operands below it.</param>
/// <param name="Unreachable">Whether the code after the current instruction cannot be reached.</param>
internal record struct ValidationFrame(Opcode Opcode, ValueKind Result, int Height, bool Unreachable)
{
    /// <summary>What a branch to it carries: nothing for a loop.</summary>
    public readonly ValueKind LabelType => Opcode == Opcode.Loop ? ValueKind.Empty : Result;
}
