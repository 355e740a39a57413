namespace Fvm.Wasm;

internal sealed partial class BulkStubs
{
    /// <summary>Minimum length, in bytes, for a string instruction; see <see cref="CopyStringVectors"/>.</summary>
    private const int FillStringSize = 4096;

    private void Fill()
    {
        asm.Reserve();
        asm.Move(Width.W64, Count, Third);
        Range(To, First);
        asm.Add(Width.W64, To, CallingConvention.Memory);

        // Broadcasts the byte to 8 bytes.
        asm.LoadZero8(Scratch, Second);
        asm.Constant(Other, 0x0101_0101_0101_0101);
        asm.Multiply(Width.W64, Scratch, Other);

        Label small = Label.Create();
        Label bytes = Label.Create();
        asm.Cmp(Width.W64, Count, LeastVector);
        asm.JumpIf(Condition.Below, ref small);
        if (vectorSize == 64)
        {
            asm.Repeat8(Piece, Scratch);
        }
        else
        {
            asm.Move(Width.W64, Piece, Scratch);
            asm.Repeat8(Piece);
        }

        FillPieces(LeastVector, 1);
        if (vectorSize == 32)
        {
            asm.Repeat16(Piece);
        }

        for (int size = 2 * LeastVector; size <= vectorSize; size *= 2)
        {
            FillPieces(size, 1);
        }

        FillPieces(vectorSize, 2);
        FillPieces(vectorSize, 4);
        asm.Cmp(Width.W64, Count, FillStringSize);
        asm.JumpIf(Condition.AboveOrEqual, ref bytes);
        FillVectors();

        asm.Bind(ref bytes);
        if (vectorSize == 32)
        {
            asm.ClearUpper();
        }

        asm.Move(Width.W64, Other, Register.Rdi);
        asm.Move(Width.W64, Register.Rdi, To);
        asm.Move(Width.W64, Register.Rax, Scratch);
        asm.RepStoreBytes();
        asm.Move(Width.W64, Register.Rdi, Other);
        asm.Return();

        asm.Bind(ref small);
        FillSmall();
    }

    /// <summary>The fill counterpart of <see cref="CopyPieces"/>.</summary>
    private void FillPieces(int size, int vectors)
    {
        Label more = Label.Create();
        asm.Cmp(Width.W64, Count, 2 * vectors * size);
        asm.JumpIf(Condition.Above, ref more);
        for (int i = 0; i < vectors; i++)
        {
            asm.MoveVector(size, new Address(To, i * size), Piece);
            asm.MoveVector(size, End(To, (i + 1) * size), Piece);
        }

        Leave(size);
        asm.Bind(ref more);
    }

    private void FillVectors()
    {
        asm.MoveVector(vectorSize, new Address(To, 0), Piece);
        asm.Lea(Width.W64, Other, End(To, Unrolled * vectorSize));
        asm.Add(Width.W64, To, vectorSize);
        asm.And(Width.W64, To, -vectorSize);
        int loop = asm.Position;
        for (int i = 0; i < Unrolled; i++)
        {
            asm.MoveVector(vectorSize, new Address(To, i * vectorSize), Piece);
        }

        asm.Sub(Width.W64, To, -Unrolled * vectorSize);
        asm.Cmp(Width.W64, To, Other);
        asm.JumpBackIf(Condition.Below, loop);
        for (int i = 0; i < Unrolled; i++)
        {
            asm.MoveVector(vectorSize, new Address(Other, i * vectorSize), Piece);
        }

        Leave(vectorSize);
    }

    private void FillSmall()
    {
        FillEnds(Width.W64, 8);
        FillEnds(Width.W32, 4);
        Label one = Label.Create();
        Label done = Label.Create();
        asm.Test(Width.W64, Count, Count);
        asm.JumpIf(Condition.Equal, ref done);
        asm.Cmp(Width.W64, Count, 1);
        asm.JumpIf(Condition.Equal, ref one);
        asm.Store16(End(To, 2), Scratch);
        asm.Bind(ref one);
        asm.Store8(new Address(To, 0), Scratch);
        asm.Bind(ref done);
        asm.Return();
    }

    /// <summary>Fills from one to two pieces, from the start and from the end, possibly overlapping; falls through for fewer bytes.</summary>
    private void FillEnds(Width width, int size)
    {
        Label fewer = Label.Create();
        asm.Cmp(Width.W64, Count, size);
        asm.JumpIf(Condition.Below, ref fewer);
        asm.Move(width, new Address(To, 0), Scratch);
        asm.Move(width, End(To, size), Scratch);
        asm.Return();
        asm.Bind(ref fewer);
    }
}
