namespace Fvm.Wasm;

/// <summary>
/// Which register does what in compiled code, and how compiled functions call each other.
/// <para>Arguments lie above the return address, 8 bytes each, the first lowest; the caller owns their space and keeps at least one. The
/// result is in <see cref="Result"/>. i32 and f32 values are zero-extended to 64 bits wherever they are; floats live in general registers,
/// by their bits. A function keeps the registers of <see cref="Locals"/> and the stack pointer, and may change the rest of
/// <see cref="Temporaries"/>. The stack pointer is a multiple of 16 before each call.</para>
/// </summary>
internal static class CallingConvention
{
    /// <summary>The instance's <see cref="InstanceContext"/>.</summary>
    public const Register Context = Register.R15;

    /// <summary><see cref="InstanceContext.MemoryBase"/>.</summary>
    public const Register Memory = Register.R14;

    /// <summary>Milligas left. It is in <see cref="InstanceContext.GasLeft"/> only while other code than compiled code runs.</summary>
    public const Register Gas = Register.R13;

    public const Register Result = Register.Rax;

    /// <summary>Registers for intermediate values, as a set of bits: rax, rcx, rdx, r10, r11.</summary>
    public const uint Temporaries =
        (1u << (int)Register.Rax) | (1u << (int)Register.Rcx) | (1u << (int)Register.Rdx) | (1u << (int)Register.R10) | (1u << (int)Register.R11);

    /// <summary>
    /// The one of <see cref="Temporaries"/> that holds locals which live across no call, in a function that has more of them than
    /// <see cref="Locals"/>. No instruction needs all the others at once.
    /// </summary>
    public const Register Volatile = Register.R11;

    /// <summary>Registers for locals, those with the shortest encodings first.</summary>
    public static ReadOnlySpan<Register> Locals =>
        [Register.Rbx, Register.Rsi, Register.Rdi, Register.Rbp, Register.R12, Register.R8, Register.R9];

    public static Address ContextField(int offset) => new(Context, offset);
}
