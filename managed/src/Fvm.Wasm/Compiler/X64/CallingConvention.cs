namespace Fvm.Wasm;

/// <summary>
/// Register assignment in compiled code, and the calling convention between compiled functions.
/// <para>Arguments are on the stack above the return address, 8 bytes each, the first lowest; the caller owns their space, at least one
/// slot. The result is in <see cref="Result"/>. i32 and f32 values are zero-extended to 64 bits everywhere; floats are in general-purpose
/// registers, as their bits. <see cref="Locals"/> and the stack pointer are callee-saved, <see cref="Temporaries"/> caller-saved. The
/// stack pointer is 16-byte aligned at each call.</para>
/// </summary>
internal static class CallingConvention
{
    /// <summary>The instance's <see cref="InstanceContext"/>.</summary>
    public const Register Context = Register.R15;

    /// <summary><see cref="InstanceContext.MemoryBase"/>.</summary>
    public const Register Memory = Register.R14;

    /// <summary>Milligas left. <see cref="InstanceContext.GasLeft"/> holds it only outside compiled code.</summary>
    public const Register Gas = Register.R13;

    public const Register Result = Register.Rax;

    /// <summary>Registers for intermediate values, as a bit set: rax, rcx, rdx, r10, r11.</summary>
    public const uint Temporaries =
        (1u << (int)Register.Rax) | (1u << (int)Register.Rcx) | (1u << (int)Register.Rdx) | (1u << (int)Register.R10) | (1u << (int)Register.R11);

    /// <summary>
    /// The register of <see cref="Temporaries"/> that holds locals not live across calls, in functions with more locals than
    /// <see cref="Locals"/>. No instruction needs all other temporaries at once.
    /// </summary>
    public const Register Volatile = Register.R11;

    /// <summary>Registers for locals, by length of encoding, shortest first.</summary>
    public static ReadOnlySpan<Register> Locals =>
        [Register.Rbx, Register.Rsi, Register.Rdi, Register.Rbp, Register.R12, Register.R8, Register.R9];

    public static Address ContextField(int offset) => new(Context, offset);
}
