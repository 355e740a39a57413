namespace Fvm.Wasm;

/// <summary>An open block while code is made.</summary>
internal struct ControlFrame
{
    /// <summary>block, loop, if, or else once that was met.</summary>
    public Opcode Opcode;

    /// <summary>Where branches go: the end, or the start of a loop.</summary>
    public Label Label;

    /// <summary>Where the condition of an <c>if</c> leads when it is false.</summary>
    public Label Else;

    /// <summary>Values on the operand stack below the block.</summary>
    public int Height;

    /// <summary>The type of the block's result, or <see cref="ValueKind.Empty"/>.</summary>
    public ValueKind Result;

    /// <summary>Whether a branch to the end is the last thing before it, and jumps nowhere.</summary>
    public bool IsFallenInto;

    /// <summary>Whether any branch goes to the label.</summary>
    public readonly bool IsTarget => Label.IsUsed || IsFallenInto;

    /// <summary>What a branch carries.</summary>
    public readonly ValueKind BranchResult => Opcode == Opcode.Loop ? ValueKind.Empty : Result;
}
