using Fvm.Wasm.Compiler.X64;
using Fvm.Wasm.Runtime;

namespace Fvm.Wasm.Compiler;

/// <summary>
/// Code for <c>memory.copy</c> and <c>memory.fill</c>: actors move small pieces all the time, so they stay in machine code. Called as a
/// function with three arguments and no result; only temporary registers change.
/// </summary>
internal sealed class BulkStubs(Emitter asm, SegmentLayout layout)
{
    /// <summary>From this many bytes on, the processor's string instructions win.</summary>
    private const int StringSize = 512;

    /// <summary>String instructions go byte by byte where the target begins less than this below the source: nine times the
    /// reference's time.</summary>
    private const int NearBelow = 64;

    private const Register To = Register.Rax;
    private const Register Count = Register.Rcx;
    private const Register Scratch = Register.Rdx;
    private const Register From = Register.R10;
    private const Register Other = Register.R11;
    private const int Vector = 16;

    private static Address First => new(Register.Rsp, 8);

    private static Address Second => new(Register.Rsp, 16);

    private static Address Third => new(Register.Rsp, 24);

    public void Write()
    {
        layout.MemoryCopy = asm.Position;
        Copy();
        layout.MemoryFill = asm.Position;
        Fill();
    }

    private static Address End(Register start, int before) => new(start, Count, 0, -before);

    /// <summary>Loads a start, traps if the range of <see cref="Count"/> bytes leaves the memory, and makes it an address.</summary>
    private void Range(Register start, Address argument)
    {
        asm.Move(true, start, argument);
        asm.Lea(true, Scratch, new Address(start, Count, 0, 0));
        asm.Op(Alu.Cmp, true, Scratch, Convention.ContextField(ContextOffset.MemoryLength));
        asm.JumpOutsideIf(Condition.Above, layout.Trap(TrapCode.MemoryOutOfBounds));
    }

    private void Copy()
    {
        asm.Reserve();
        asm.Move(true, Count, Third);
        Range(To, First);
        Range(From, Second);
        asm.Op(Alu.Add, true, To, Convention.Memory);
        asm.Op(Alu.Add, true, From, Convention.Memory);

        Label small = Label.Create();
        Label backward = Label.Create();
        Label bytes = Label.Create();
        Label vectors = Label.Create();
        asm.Op(Alu.Cmp, true, Count, Vector);
        asm.JumpIf(Condition.Below, ref small);

        // The last vector first: the loops may write over it.
        asm.Move16(Xmm.Xmm1, End(From, Vector));
        asm.Lea(true, Other, new Address(To, Count, 0, -Vector));

        // Copying upwards is safe unless the target starts within the source: to - from, as unsigned, is then below the count.
        asm.Move(true, Scratch, To);
        asm.Op(Alu.Sub, true, Scratch, From);
        asm.Op(Alu.Cmp, true, Scratch, Count);
        asm.JumpIf(Condition.Below, ref backward);
        asm.Op(Alu.Cmp, true, Count, StringSize);
        asm.JumpIf(Condition.Below, ref vectors);

        // As unsigned, to - from is the higher the nearer the target is below the source.
        asm.Op(Alu.Cmp, true, Scratch, -NearBelow);
        asm.JumpIf(Condition.BelowOrEqual, ref bytes);
        asm.Bind(ref vectors);
        Forward();

        asm.Bind(ref bytes);
        asm.Move(true, Scratch, Register.Rsi);
        asm.Move(true, Other, Register.Rdi);
        asm.Move(true, Register.Rsi, From);
        asm.Move(true, Register.Rdi, To);
        asm.RepMoveBytes();
        asm.Move(true, Register.Rsi, Scratch);
        asm.Move(true, Register.Rdi, Other);
        asm.Return();

        asm.Bind(ref backward);
        Backward();

        asm.Bind(ref small);
        CopySmall();
    }

    /// <summary>Copies vectors upwards until the last one, which is already loaded.</summary>
    private void Forward()
    {
        Label last = Label.Create();
        int loop = asm.Position;
        asm.Op(Alu.Cmp, true, To, Other);
        asm.JumpIf(Condition.AboveOrEqual, ref last);
        asm.Move16(Xmm.Xmm0, new Address(From, 0));
        asm.Move16(new Address(To, 0), Xmm.Xmm0);
        asm.Op(Alu.Add, true, From, Vector);
        asm.Op(Alu.Add, true, To, Vector);
        Label back = new() { Position = loop, FirstUse = -1 };
        asm.Jump(ref back);
        asm.Bind(ref last);
        asm.Move16(new Address(Other, 0), Xmm.Xmm1);
        asm.Return();
    }

    /// <summary>Copies vectors downwards, the first one last.</summary>
    private void Backward()
    {
        Label first = Label.Create();
        asm.Move16(Xmm.Xmm2, new Address(From, 0));
        int loop = asm.Position;
        asm.Op(Alu.Cmp, true, Count, Vector);
        asm.JumpIf(Condition.BelowOrEqual, ref first);
        asm.Move16(Xmm.Xmm0, End(From, Vector));
        asm.Move16(End(To, Vector), Xmm.Xmm0);
        asm.Op(Alu.Sub, true, Count, Vector);
        Label back = new() { Position = loop, FirstUse = -1 };
        asm.Jump(ref back);
        asm.Bind(ref first);
        asm.Move16(new Address(To, 0), Xmm.Xmm2);
        asm.Return();
    }

    /// <summary>Fewer than 16 bytes: two pieces that overlap, both loaded before one is stored.</summary>
    private void CopySmall()
    {
        Label four = Label.Create();
        Label fewer = Label.Create();
        Label done = Label.Create();
        asm.Op(Alu.Cmp, true, Count, 8);
        asm.JumpIf(Condition.Below, ref four);
        asm.Move(true, Scratch, new Address(From, 0));
        asm.Move(true, Other, End(From, 8));
        asm.Move(true, new Address(To, 0), Scratch);
        asm.Move(true, End(To, 8), Other);
        asm.Return();

        asm.Bind(ref four);
        asm.Op(Alu.Cmp, true, Count, 4);
        asm.JumpIf(Condition.Below, ref fewer);
        asm.Move(false, Scratch, new Address(From, 0));
        asm.Move(false, Other, End(From, 4));
        asm.Move(false, new Address(To, 0), Scratch);
        asm.Move(false, End(To, 4), Other);
        asm.Return();

        asm.Bind(ref fewer);
        asm.Test(true, Count, Count);
        asm.JumpIf(Condition.Equal, ref done);
        Label one = Label.Create();
        asm.LoadZero8(Scratch, new Address(From, 0));
        asm.Op(Alu.Cmp, true, Count, 1);
        asm.JumpIf(Condition.Equal, ref one);
        asm.LoadZero16(Other, End(From, 2));
        asm.Store16(End(To, 2), Other);
        asm.Bind(ref one);
        asm.Store8(new Address(To, 0), Scratch);
        asm.Bind(ref done);
        asm.Return();
    }

    private void Fill()
    {
        asm.Reserve();
        asm.Move(true, Count, Third);
        Range(To, First);
        asm.Op(Alu.Add, true, To, Convention.Memory);

        // The byte, eight times.
        asm.LoadZero8(Scratch, Second);
        asm.Constant(Other, 0x0101_0101_0101_0101);
        asm.Multiply(true, Scratch, Other);

        Label four = Label.Create();
        Label fewer = Label.Create();
        Label one = Label.Create();
        Label done = Label.Create();
        Label bytes = Label.Create();
        Label last = Label.Create();
        asm.Op(Alu.Cmp, true, Count, 8);
        asm.JumpIf(Condition.Below, ref four);
        asm.Op(Alu.Cmp, true, Count, StringSize);
        asm.JumpIf(Condition.AboveOrEqual, ref bytes);
        asm.Lea(true, Other, End(To, 8));
        int loop = asm.Position;
        asm.Op(Alu.Cmp, true, To, Other);
        asm.JumpIf(Condition.AboveOrEqual, ref last);
        asm.Move(true, new Address(To, 0), Scratch);
        asm.Op(Alu.Add, true, To, 8);
        Label back = new() { Position = loop, FirstUse = -1 };
        asm.Jump(ref back);
        asm.Bind(ref last);
        asm.Move(true, new Address(Other, 0), Scratch);
        asm.Return();

        asm.Bind(ref bytes);
        asm.Move(true, Other, Register.Rdi);
        asm.Move(true, Register.Rdi, To);
        asm.Move(true, Register.Rax, Scratch);
        asm.RepStoreBytes();
        asm.Move(true, Register.Rdi, Other);
        asm.Return();

        asm.Bind(ref four);
        asm.Op(Alu.Cmp, true, Count, 4);
        asm.JumpIf(Condition.Below, ref fewer);
        asm.Move(false, new Address(To, 0), Scratch);
        asm.Move(false, End(To, 4), Scratch);
        asm.Return();

        asm.Bind(ref fewer);
        asm.Test(true, Count, Count);
        asm.JumpIf(Condition.Equal, ref done);
        asm.Op(Alu.Cmp, true, Count, 1);
        asm.JumpIf(Condition.Equal, ref one);
        asm.Store16(End(To, 2), Scratch);
        asm.Bind(ref one);
        asm.Store8(new Address(To, 0), Scratch);
        asm.Bind(ref done);
        asm.Return();
    }
}
