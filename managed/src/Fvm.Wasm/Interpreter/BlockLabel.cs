namespace Fvm.Wasm;

/// <summary>An open block during translation.</summary>
internal struct BlockLabel
{
    /// <summary>Absence of a distance field.</summary>
    public const int None = -1;

    /// <summary><c>block</c>, <c>loop</c>, <c>if</c> or <c>else</c>.</summary>
    public Opcode Opcode;

    /// <summary>Whether the block has a result.</summary>
    public bool HasResult;

    /// <summary>Height of the operand stack at its start.</summary>
    public int Height;

    /// <summary>A loop's first word.</summary>
    public int Start;

    /// <summary>Head of the linked list of unresolved distance fields of jumps to the block's end, in half words.</summary>
    public int Jumps;

    /// <summary>The distance field of the jump over an <c>if</c>'s first arm.</summary>
    public int ElseJump;

    /// <summary>The <c>br_table</c> for which <see cref="Stub"/> was written, by its word.</summary>
    public int StubTable;

    /// <summary>Word of the code that moves the branch value of that table to this label's slot.</summary>
    public int Stub;
}
