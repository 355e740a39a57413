namespace Fvm.Wasm;

/// <summary>An open block during translation.</summary>
internal struct ControlFrame
{
    /// <summary><c>block</c>, <c>loop</c>, <c>if</c>, or <c>else</c> in the second arm.</summary>
    public Opcode Opcode;

    /// <summary>Target of branches: the block's end, or a loop's start.</summary>
    public Label Label;

    /// <summary>Target of an <c>if</c> whose condition is false.</summary>
    public Label Else;

    /// <summary>Height of the operand stack at the block's start.</summary>
    public int Height;

    /// <summary>The <see cref="ProvenBounds.Time"/> of the block's start.</summary>
    public int Proofs;

    /// <summary>The block's result type, or <see cref="ValueKind.Empty"/>.</summary>
    public ValueKind Result;

    /// <summary>Whether a branch to the block's end comes right before that end, so that it falls through without a jump.</summary>
    public bool IsFallenInto;

    /// <summary>Whether any branch targets the label.</summary>
    public readonly bool IsTarget => Label.IsUsed || IsFallenInto;

    /// <summary>Type of the value that a branch passes, or <see cref="ValueKind.Empty"/>.</summary>
    public readonly ValueKind BranchResult => Opcode == Opcode.Loop ? ValueKind.Empty : Result;
}
