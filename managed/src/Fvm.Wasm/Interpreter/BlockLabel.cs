namespace Fvm.Wasm;

/// <summary>An open block during translation.</summary>
internal struct BlockLabel
{
    /// <summary>No distance field.</summary>
    public const int None = -1;

    /// <summary><c>block</c>, <c>loop</c>, <c>if</c> or <c>else</c>.</summary>
    public Opcode Opcode;

    /// <summary>Whether it leaves a value.</summary>
    public bool HasResult;

    /// <summary>Operands below it.</summary>
    public int Height;

    /// <summary>A loop's first word.</summary>
    public int Start;

    /// <summary>The distance field of the last jump to the block's end; each such field holds the one before. In half words.</summary>
    public int Jumps;

    /// <summary>The distance field of an <c>if</c>'s jump over its first arm.</summary>
    public int ElseJump;

    /// <summary>The <c>br_table</c> for which <see cref="Stub"/> was written, by its word.</summary>
    public int StubTable;

    /// <summary>Word of the code that moves the value of that table to this label.</summary>
    public int Stub;
}
