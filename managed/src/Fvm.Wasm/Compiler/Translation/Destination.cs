namespace Fvm.Wasm;

/// <summary>
/// Where an instruction's result goes: onto the operand stack or, where the next instruction sets a local that has a register, into that
/// register at once. The instruction that sets it is then passed over, with any charge that it might begin: it begins none, since metered
/// blocks begin only behind control instructions and before those with a price by length.
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

    /// <summary>The local that is set, unless the result goes to the operand stack.</summary>
    public int Local { get; }

    /// <summary>Whether the local is also pushed: by <c>local.tee</c>.</summary>
    public bool Keeps { get; }

    public bool IsLocal => Register != Register.None;

    /// <summary>The destination of an instruction whose operands are popped.</summary>
    /// <param name="code">The module, which is validated.</param>
    /// <param name="next">The offset of the next instruction.</param>
    /// <param name="frame">Which locals have registers.</param>
    /// <param name="stack">The operands below: none may still be read from the local.</param>
    public static Destination Of(ReadOnlySpan<byte> code, int next, FrameLayout frame, OperandStack stack)
    {
        byte opcode = code[next];
        bool keeps = opcode == (byte)Opcode.LocalTee;
        if (!keeps && opcode != (byte)Opcode.LocalSet)
        {
            return Stack;
        }

        // The index of the local, in LEB128.
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
