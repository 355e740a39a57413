namespace Fvm.Wasm;

/// <summary>
/// Stubs for <c>memory.copy</c>, <c>memory.fill</c> and <c>memory.init</c>: actors often move small blocks, so these avoid a transition to
/// managed code. Each is called as a function without result, with the operands as arguments, and clobbers only temporary registers. Short
/// ranges (up to eight vectors) are loaded completely before the first store, so overlap is harmless; longer ranges use loops with aligned
/// stores.
/// </summary>
/// <param name="asm">Receives the code.</param>
/// <param name="layout">Receives the stubs' offsets.</param>
/// <param name="droppedData">
/// Offset from <see cref="CallingConvention.Context"/> of the flags of dropped data segments: one byte per segment, 1 if dropped.
/// </param>
/// <param name="vectorSize">Largest vector size to use, in bytes, supported by the processor: 16, 32 or 64.</param>
internal sealed partial class BulkStubs(Emitter asm, SegmentLayout layout, int droppedData, int vectorSize)
{
    /// <summary>Vector size, in bytes, that every x64 processor supports.</summary>
    public const int LeastVector = 16;

    /// <summary>Vectors per loop iteration.</summary>
    private const int Unrolled = 4;

    /// <summary>From this many vectors on, string instructions are as fast as the loop, and faster to unaligned targets.</summary>
    private const int CopyStringVectors = 64;

    /// <summary>String instructions degrade to single bytes if the target starts less than this many bytes below the source.</summary>
    private const int StringCopyOverlap = 64;

    private const Register To = Register.Rax;
    private const Register Count = Register.Rcx;
    private const Register Scratch = Register.Rdx;
    private const Register From = Register.R10;
    private const Register Other = Register.R11;

    // Registers from xmm16 on have no legacy SSE form, so they cause no transition penalties.
    private Xmm Piece => vectorSize == 64 ? Xmm.Xmm16 : Xmm.Xmm0;

    /// <summary>Entry point in <see cref="Copy"/> after the bounds checks, with <see cref="Count"/>, source and target addresses set.</summary>
    private int _pieces;

    /// <summary>Preloaded vector at the end of the range where the loop starts.</summary>
    private Xmm Edge => Nth(Piece, Unrolled);

    /// <summary>First of the preloaded vectors at the opposite end.</summary>
    private Xmm Rest => Nth(Piece, Unrolled + 1);

    private static Address First => new(Register.Rsp, 8);
    private static Address Second => new(Register.Rsp, 16);
    private static Address Third => new(Register.Rsp, 24);
    private static Address Fourth => new(Register.Rsp, 32);

    public void Write()
    {
        layout.MemoryCopy = asm.Position;
        Copy();
        layout.MemoryFill = asm.Position;
        Fill();
        layout.MemoryInit = asm.Position;
        Init();
    }

    private static Xmm Nth(Xmm first, int index) => (Xmm)((int)first + index);

    private static Address End(Register start, int before) => new(start, Count, 0, -before);

    /// <summary>Loads the start of a range of <see cref="Count"/> bytes, as an offset, and traps if the range is out of bounds.</summary>
    private void Range(Register start, Address argument)
    {
        asm.Move(Width.W64, start, argument);
        asm.Lea(Width.W64, Scratch, new Address(start, Count, 0, 0));
        asm.Cmp(Width.W64, Scratch, CallingConvention.ContextField(ContextOffset.MemoryLength));
        asm.JumpToSegmentIf(Condition.Above, layout.Trap(TrapCode.MemoryOutOfBounds));
    }

    private void Copy()
    {
        asm.Reserve();
        asm.Move(Width.W64, Count, Third);
        Range(To, First);
        Range(From, Second);
        asm.Add(Width.W64, To, CallingConvention.Memory);
        asm.Add(Width.W64, From, CallingConvention.Memory);
        _pieces = asm.Position;

        Label small = Label.Create();
        asm.Cmp(Width.W64, Count, LeastVector);
        asm.JumpIf(Condition.Below, ref small);
        for (int size = LeastVector; size <= vectorSize; size *= 2)
        {
            CopyPieces(size, 1);
        }

        CopyPieces(vectorSize, 2);
        CopyPieces(vectorSize, 4);

        // A forward copy is safe unless the target starts within the source, that is, unless to - from (unsigned) is below the count.
        Label backward = Label.Create();
        Label bytes = Label.Create();
        Label vectors = Label.Create();
        asm.Move(Width.W64, Scratch, To);
        asm.Sub(Width.W64, Scratch, From);
        asm.Cmp(Width.W64, Scratch, Count);
        asm.JumpIf(Condition.Below, ref backward);
        asm.Cmp(Width.W64, Count, CopyStringVectors * vectorSize);
        asm.JumpIf(Condition.Below, ref vectors);

        // If the target is closely below the source, to - from (unsigned) is close to 2^64.
        asm.Cmp(Width.W64, Scratch, -StringCopyOverlap);
        asm.JumpIf(Condition.BelowOrEqual, ref bytes);
        asm.Bind(ref vectors);
        Forward();

        asm.Bind(ref bytes);
        asm.Move(Width.W64, Scratch, Register.Rsi);
        asm.Move(Width.W64, Other, Register.Rdi);
        asm.Move(Width.W64, Register.Rsi, From);
        asm.Move(Width.W64, Register.Rdi, To);
        asm.RepMoveBytes();
        asm.Move(Width.W64, Register.Rsi, Scratch);
        asm.Move(Width.W64, Register.Rdi, Other);
        asm.Return();

        asm.Bind(ref backward);
        Backward();

        asm.Bind(ref small);
        CopySmall();
    }

    /// <summary>Copies up to 2 * <paramref name="vectors"/> vectors: half from the start, half from the end, possibly overlapping.</summary>
    private void CopyPieces(int size, int vectors)
    {
        Label more = Label.Create();
        asm.Cmp(Width.W64, Count, 2 * vectors * size);
        asm.JumpIf(Condition.Above, ref more);
        for (int i = 0; i < vectors; i++)
        {
            asm.MoveVector(size, Nth(Piece, i), new Address(From, i * size));
            asm.MoveVector(size, Nth(Piece, vectors + i), End(From, (i + 1) * size));
        }

        for (int i = 0; i < vectors; i++)
        {
            asm.MoveVector(size, new Address(To, i * size), Nth(Piece, i));
            asm.MoveVector(size, End(To, (i + 1) * size), Nth(Piece, vectors + i));
        }

        Leave(size);
        asm.Bind(ref more);
    }

    /// <summary>Forward copy with aligned stores; the first vector and the last ones are loaded before the loop stores.</summary>
    private void Forward()
    {
        asm.MoveVector(vectorSize, Edge, new Address(From, 0));
        for (int i = 0; i < Unrolled; i++)
        {
            asm.MoveVector(vectorSize, Nth(Rest, i), End(From, (Unrolled - i) * vectorSize));
        }

        asm.Lea(Width.W64, Other, End(To, Unrolled * vectorSize));
        asm.Move(Width.W64, Count, To);
        asm.Sub(Width.W64, From, To);
        asm.Add(Width.W64, To, vectorSize);
        asm.And(Width.W64, To, -vectorSize);
        int loop = asm.Position;
        for (int i = 0; i < Unrolled; i++)
        {
            asm.MoveVector(vectorSize, Nth(Piece, i), new Address(To, From, 0, i * vectorSize));
        }

        for (int i = 0; i < Unrolled; i++)
        {
            asm.MoveVector(vectorSize, new Address(To, i * vectorSize), Nth(Piece, i));
        }

        asm.Sub(Width.W64, To, -Unrolled * vectorSize);
        asm.Cmp(Width.W64, To, Other);
        asm.JumpBackIf(Condition.Below, loop);
        for (int i = 0; i < Unrolled; i++)
        {
            asm.MoveVector(vectorSize, new Address(Other, i * vectorSize), Nth(Rest, i));
        }

        asm.MoveVector(vectorSize, new Address(Count, 0), Edge);
        Leave(vectorSize);
    }

    /// <summary>Backward copy with aligned stores; the last vector and the first ones are loaded before the loop stores.</summary>
    private void Backward()
    {
        asm.MoveVector(vectorSize, Edge, End(From, vectorSize));
        for (int i = 0; i < Unrolled; i++)
        {
            asm.MoveVector(vectorSize, Nth(Rest, i), new Address(From, i * vectorSize));
        }

        asm.Lea(Width.W64, Other, End(To, vectorSize));
        asm.Lea(Width.W64, Scratch, End(To, 1));
        asm.And(Width.W64, Scratch, -vectorSize);
        asm.Lea(Width.W64, Count, new Address(To, Unrolled * vectorSize));
        asm.Sub(Width.W64, From, To);
        int loop = asm.Position;
        for (int i = 1; i <= Unrolled; i++)
        {
            asm.MoveVector(vectorSize, Nth(Piece, i - 1), new Address(Scratch, From, 0, -i * vectorSize));
        }

        for (int i = 1; i <= Unrolled; i++)
        {
            asm.MoveVector(vectorSize, new Address(Scratch, -i * vectorSize), Nth(Piece, i - 1));
        }

        asm.Add(Width.W64, Scratch, -Unrolled * vectorSize);
        asm.Cmp(Width.W64, Scratch, Count);
        asm.JumpBackIf(Condition.Above, loop);
        for (int i = 0; i < Unrolled; i++)
        {
            asm.MoveVector(vectorSize, new Address(To, i * vectorSize), Nth(Rest, i));
        }

        asm.MoveVector(vectorSize, new Address(Other, 0), Edge);
        Leave(vectorSize);
    }

    /// <summary>Copies fewer than 16 bytes as two overlapping pieces, both loaded before the first store.</summary>
    private void CopySmall()
    {
        CopyEnds(Width.W64, 8);
        CopyEnds(Width.W32, 4);
        Label one = Label.Create();
        Label done = Label.Create();
        asm.Test(Width.W64, Count, Count);
        asm.JumpIf(Condition.Equal, ref done);
        asm.LoadZero8(Scratch, new Address(From, 0));
        asm.Cmp(Width.W64, Count, 1);
        asm.JumpIf(Condition.Equal, ref one);
        asm.LoadZero16(Other, End(From, 2));
        asm.Store16(End(To, 2), Other);
        asm.Bind(ref one);
        asm.Store8(new Address(To, 0), Scratch);
        asm.Bind(ref done);
        asm.Return();
    }

    /// <summary>Copies from one to two pieces, from the start and from the end, possibly overlapping; falls through for fewer bytes.</summary>
    private void CopyEnds(Width width, int size)
    {
        Label fewer = Label.Create();
        asm.Cmp(Width.W64, Count, size);
        asm.JumpIf(Condition.Below, ref fewer);
        asm.Move(width, Scratch, new Address(From, 0));
        asm.Move(width, Other, End(From, size));
        asm.Move(width, new Address(To, 0), Scratch);
        asm.Move(width, End(To, size), Other);
        asm.Return();
        asm.Bind(ref fewer);
    }

    /// <summary>
    /// As <see cref="Copy"/>, from the data segment given by the fourth argument. A dropped segment counts as empty.
    /// </summary>
    private void Init()
    {
        asm.Reserve();
        asm.Move(Width.W64, Count, Third);
        Range(To, First);
        asm.Add(Width.W64, To, CallingConvention.Memory);
        asm.Move(Width.W32, Other, Fourth);
        asm.LeaSegment(From, layout.DataSlot);
        asm.Move(Width.W64, From, new Address(From, 0));

        // Masks the length: zero for a dropped segment.
        asm.LoadZero8(Scratch, new Address(CallingConvention.Context, Other, 0, droppedData));
        asm.Sub(Width.W32, Scratch, 1);
        asm.And(Width.W32, Scratch, new Address(From, Other, PassiveData.EntryShift, PassiveData.Length));
        asm.Move(Width.W32, Other, new Address(From, Other, PassiveData.EntryShift, PassiveData.Place));
        asm.Add(Width.W64, From, Other);
        asm.Move(Width.W64, Other, Second);
        asm.Add(Width.W64, From, Other);
        asm.Add(Width.W64, Other, Count);
        asm.Cmp(Width.W64, Other, Scratch);
        asm.JumpToSegmentIf(Condition.Above, layout.Trap(TrapCode.MemoryOutOfBounds));
        asm.JumpToSegment(_pieces);
    }

    /// <summary>Returns, after clearing the upper halves of vector registers: dirty ones slow down later SSE instructions.</summary>
    private void Leave(int size)
    {
        if (size == 32 && vectorSize == 32)
        {
            asm.ClearUpper();
        }

        asm.Return();
    }
}
