namespace Fvm.Wasm;

/// <summary>
/// The handler of segmentation faults, in machine code: it must neither take a lock, nor use the stack much, nor enter managed code. A fault is ours
/// if its instruction is one of guarded code (see <see cref="GuardPages"/>), outside of the stubs, and its address lies in the region of the
/// instance whose code runs, which begins where the register of the memory's base says. The thread then continues at the code's exit for
/// accesses out of bounds, as after a check. All other faults go to the handler that was there before, by a jump with the arguments and the
/// stack that the system gave; a handler without information ignores the further arguments.
/// </summary>
internal static class FaultHandler
{
    // Fields of siginfo_t, and the code of a fault by a page's protection: not sent by a process.
    private const int Code = 8;
    private const int FaultAddress = 16;
    private const int ByProtection = 2;

    // Registers in ucontext_t, in the system's order.
    private const int MemoryBase = 40 + (8 * 6);
    private const int Instruction = 40 + (8 * 16);

    // Arguments of a handler. It may change the registers that a call may change.
    private const Register Information = Register.Rsi;
    private const Register State = Register.Rdx;

    private static readonly Lazy<GuardPages?> Made = new(static () => GuardPages.Install(Write));

    /// <summary>The process's guard pages; null where they cannot be. The first use sets the handler.</summary>
    public static GuardPages? Process => Made.Value;

    /// <summary>Writes the handler: (signal, siginfo_t *, ucontext_t *).</summary>
    private static byte[] Write(nint table, nint former)
    {
        using Emitter asm = new();
        Label isOther = Label.Create();
        Label next = Label.Create();
        asm.Cmp(Width.W32, new Address(Information, Code), ByProtection);
        asm.JumpIf(Condition.NotEqual, ref isOther);
        asm.Move(Width.W64, Register.R8, new Address(Information, FaultAddress));
        asm.Sub(Width.W64, Register.R8, new Address(State, MemoryBase));
        asm.Constant(Register.R9, GuardPages.RegionSize);
        asm.Cmp(Width.W64, Register.R8, Register.R9);
        asm.JumpIf(Condition.AboveOrEqual, ref isOther);

        asm.Move(Width.W64, Register.Rax, new Address(State, Instruction));
        asm.Constant(Register.R8, (ulong)table);
        asm.Move(Width.W64, Register.Rcx, new Address(Register.R8, 0));
        asm.Bind(ref next);
        asm.Sub(Width.W64, Register.Rcx, 1);
        asm.JumpIf(Condition.Sign, ref isOther);
        asm.Move(Width.W64, Register.R9, Register.Rcx);
        asm.ShiftBy(Shift.Shl, Width.W64, Register.R9, int.Log2(GuardPages.SlotSize));
        asm.Lea(Width.W64, Register.R9, new Address(Register.R8, Register.R9, 0, GuardPages.SlotsAt));
        asm.Move(Width.W64, Register.R10, new Address(Register.R9, 0));
        asm.Cmp(Width.W64, Register.Rax, new Address(Register.R9, 8));
        asm.JumpIf(Condition.Below, ref next);
        asm.Cmp(Width.W64, Register.Rax, new Address(Register.R9, 16));
        asm.JumpIf(Condition.AboveOrEqual, ref next);
        asm.Move(Width.W64, Register.R11, new Address(Register.R9, 24));

        // The processor reads in this order: an odd or another version now means that the slot is not the running code's.
        asm.Cmp(Width.W64, Register.R10, new Address(Register.R9, 0));
        asm.JumpIf(Condition.NotEqual, ref next);
        asm.And(Width.W32, Register.R10, 1);
        asm.JumpIf(Condition.NotEqual, ref next);
        asm.Move(Width.W64, new Address(State, Instruction), Register.R11);
        asm.Return();

        asm.Bind(ref isOther);
        asm.Constant(Register.Rax, (ulong)former);
        asm.JumpTo(Register.Rax);
        return asm.Written.ToArray();
    }
}
