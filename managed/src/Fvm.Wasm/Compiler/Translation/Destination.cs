namespace Fvm.Wasm;

/// <summary>
/// The destination of an instruction's result: the operand stack or, if the next instruction sets a local that has a register, that register
/// directly. The instruction that sets the local is then skipped, with the charge of any metered block that begins there: none does, because
/// metered blocks begin only after control instructions and before instructions with a price by length.
/// </summary>
internal readonly struct Destination
{
    private Destination(Register register, int local, bool keeps)
    {
        Register = register;
        Local = local;
        Keeps = keeps;
    }

    /// <summary>The operand stack.</summary>
    public static Destination Stack => new(Register.None, -1, false);

    /// <summary>The local's register, or <see cref="Register.None"/> for the operand stack.</summary>
    public Register Register { get; }

    /// <summary>The local that is set; -1 for the operand stack.</summary>
    public int Local { get; }

    /// <summary>Whether the local is also pushed, by <c>local.tee</c>.</summary>
    public bool Keeps { get; }

    public bool IsLocal => Register != Register.None;

    /// <summary>The destination of an instruction's result, after its operands were popped.</summary>
    /// <param name="code">The bytes of a validated module.</param>
    /// <param name="next">Offset of the next instruction.</param>
    /// <param name="frame">The registers of locals.</param>
    /// <param name="stack">The remaining operands: the result cannot go to a local that one of them still reads.</param>
    public static Destination Of(ReadOnlySpan<byte> code, int next, FrameLayout frame, OperandStack stack)
    {
        byte opcode = code[next];
        bool keeps = opcode == (byte)Opcode.LocalTee;
        if (!keeps && opcode != (byte)Opcode.LocalSet)
        {
            return Stack;
        }

        // The local's index, in LEB128.
        int local = 0;
        int shift = 0;
        byte part;
        do
        {
            part = code[++next];
            local |= (part & 0x7f) << shift;
            shift += 7;
        }
        while (part >= 0x80);
        return stack.ReadsLocal(frame.HomeOf(local)) ? Stack : new Destination(frame.RegisterOf(local), local, keeps);
    }
}
