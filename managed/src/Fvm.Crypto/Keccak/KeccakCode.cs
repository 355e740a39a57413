using Fvm.MachineCode;
using static Fvm.MachineCode.GeneralRegister;
using static Fvm.MachineCode.VectorOperation;

namespace Fvm.Crypto;

/// <summary>
/// <see cref="KeccakPermutation"/> in machine code for x86-64 processors with AVX-512: a row of five lanes per register, a step for all lanes of
/// a row by one instruction. System V calling convention; the arguments are the state, the blocks to absorb, their number (at least one), the
/// bytes from one to the next, and five masks of 16 bits: which lanes of each row a block has.
/// </summary>
internal static class KeccakCode
{
    private const int Size = 64;
    private const int Side = 5;
    private const int RowBytes = Side * sizeof(ulong);
    private const int Rounds = 24;

    // The tables of the function of three operands that is their exclusive or, and of a ^ (~b & c).
    private const byte Parity = 0x96;
    private const byte Chi = 0xd2;

    // Vector registers.
    private const int Row = 0;
    private const int Column = Row + Side;
    private const int FirstSpare = Column + Side;
    private const int SecondSpare = FirstSpare + 1;
    private const int Constant = SecondSpare + 1;

    // Constant vectors: lanes by their numbers, and counts of rotations.
    private const int Previous = 0;
    private const int Next = 1;
    private const int Rotations = 2;
    private const int ToColumn = Rotations + Side;
    private const int EvenWithLast = ToColumn + Side;
    private const int OddWithLast = EvenWithLast + 1;
    private const int LowerRow = OddWithLast + 1;
    private const int UpperRow = LowerRow + 1;
    private const int LastRow = UpperRow + 1;
    private const int Constants = LastRow + 1;

    // Offsets of the data behind the constant vectors.
    private const int RoundConstants = Constants * Size;
    private const int Masks = RoundConstants + (Rounds * sizeof(ulong));

    private const GeneralRegister State = Rdi;
    private const GeneralRegister Input = Rsi;
    private const GeneralRegister Blocks = Rdx;
    private const GeneralRegister Rate = Rcx;
    private const GeneralRegister InputMasks = R8;
    private const GeneralRegister Data = R9;
    private const GeneralRegister Round = R10;
    private const GeneralRegister Left = Rax;

    // Mask registers.
    private static readonly Mask Present = new(1, Clears: true);
    private static readonly Mask WholeRow = new(2, Clears: true);
    private static readonly Mask First = new(3);
    private static readonly Mask Last = new(4);

    /// <summary>The data that precede the code.</summary>
    public static ulong[] WriteData()
    {
        const int Lanes = Size / sizeof(ulong);
        ulong[] data = new ulong[(Masks / sizeof(ulong)) + 1];
        Set(Previous, [4, 0, 1, 2, 3]);
        Set(Next, [1, 2, 3, 4, 0]);
        for (int y = 0; y < Side; y++)
        {
            // Lane (x, y) goes to (y, 2x + 3y): solved for x, lane Y of the new column y comes from lane 3Y + y.
            Set(Rotations + y, KeccakPermutation.Rotations.Slice(Side * y, Side));
            Set(ToColumn + y, [.. Enumerable.Range(0, Side).Select(lane => (byte)(((3 * lane) + y) % Side))]);
        }

        // From eight on, lanes of the second operand. Columns 0 and 1 alternate, and the fifth column fills what they leave free.
        Set(EvenWithLast, [0, 1, 2, 3, 4, 5, 8 + 0, 8 + 2]);
        Set(OddWithLast, [0, 1, 2, 3, 4, 5, 8 + 1, 8 + 3]);
        Set(LowerRow, [0, 1, 8 + 0, 8 + 1, 6]);
        Set(UpperRow, [2, 3, 8 + 2, 8 + 3, 7]);
        Set(LastRow, [4, 5, 8 + 4, 8 + 5]);
        KeccakPermutation.RoundConstants.CopyTo(data.AsSpan(RoundConstants / sizeof(ulong)));

        // Three masks of 16 bits.
        data[^1] = 0b11111 | (0b00001ul << 16) | (0b10000ul << 32);
        return data;

        void Set(int constant, ReadOnlySpan<byte> lanes)
        {
            for (int i = 0; i < lanes.Length; i++)
            {
                data[(constant * Lanes) + i] = lanes[i];
            }
        }
    }

    /// <summary>Assembles the function.</summary>
    /// <param name="dataSize">Bytes of data before the code, which begin with <see cref="WriteData"/>.</param>
    public static byte[] Write(int dataSize)
    {
        Assembler code = new();
        code.LoadAddress(Data, -dataSize);
        foreach ((Mask mask, int index) in new[] { (WholeRow, 0), (First, 1), (Last, 2) })
        {
            code.LoadMask(mask, new Place(Data, Masks + (index * sizeof(ushort))));
        }

        for (int i = 0; i < Constants; i++)
        {
            code.Vector(Load, Size, Constant + i, 0, new Place(Data, i * Size));
        }

        for (int y = 0; y < Side; y++)
        {
            code.Vector(Load, Size, Row + y, 0, RowOf(State, y), WholeRow);
        }

        int block = code.Position;
        Absorb(code);
        code.LoadAddress(Round, RoundConstants - dataSize);
        code.Move(Left, (ulong)Rounds);
        int round = code.Position;
        WriteTheta(code);
        WriteRhoAndPi(code);
        WriteChiAndIota(code);
        WriteRows(code);
        code.ComputeConstant(Arithmetic.Add, Round, sizeof(ulong));
        code.ComputeConstant(Arithmetic.Subtract, Left, 1);
        code.JumpBackIfNotZero(round);
        code.Compute(Arithmetic.Add, Input, Rate);
        code.ComputeConstant(Arithmetic.Subtract, Blocks, 1);
        code.JumpBackIfNotZero(block);
        for (int y = 0; y < Side; y++)
        {
            code.StoreVector(Size, RowOf(State, y), Row + y, WholeRow with { Clears = false });
        }

        code.ClearUpperVectors();
        code.Return();
        return code.ToArray();
    }

    private static void Absorb(Assembler code)
    {
        for (int y = 0; y < Side; y++)
        {
            code.LoadMask(Present, new Place(InputMasks, y * sizeof(ushort)));
            code.Vector(Load, Size, FirstSpare, 0, RowOf(Input, y), Present);
            code.Vector(Xor, Size, Row + y, Row + y, FirstSpare);
        }
    }

    // Each lane takes the parity of the column before it, and that of the column after it, rotated.
    private static void WriteTheta(Assembler code)
    {
        const int Before = FirstSpare;
        const int After = SecondSpare;
        code.Vector(Load, Size, Before, 0, Row);
        code.Vector(Logic, Size, Before, Row + 1, Row + 2, Parity);
        code.Vector(Logic, Size, Before, Row + 3, Row + 4, Parity);
        code.VectorShift(RotateLeft, Size, After, Before, 1);
        code.Vector(PermuteBy, Size, Before, Constant + Previous, Before);
        code.Vector(PermuteBy, Size, After, Constant + Next, After);
        for (int y = 0; y < Side; y++)
        {
            code.Vector(Logic, Size, Row + y, Before, After, Parity);
        }
    }

    // A row becomes a column, so that a step along rows is one between registers.
    private static void WriteRhoAndPi(Assembler code)
    {
        for (int y = 0; y < Side; y++)
        {
            code.Vector(RotateLeftBy, Size, Row + y, Row + y, Constant + Rotations + y);
        }

        for (int y = 0; y < Side; y++)
        {
            code.Vector(PermuteBy, Size, Column + y, Constant + ToColumn + y, Row + y);
        }
    }

    private static void WriteChiAndIota(Assembler code)
    {
        code.Vector(Load, Size, FirstSpare, 0, Column);
        code.Vector(Load, Size, SecondSpare, 0, Column + 1);
        for (int x = 0; x < Side; x++)
        {
            code.Vector(Logic, Size, Column + x, Unchanged(x + 1), Unchanged(x + 2), Chi);
        }

        code.VectorBroadcast(Xor, Size, Column, Column, new Place(Round, 0), First);

        // The first two columns are replaced before the last ones need them.
        static int Unchanged(int x) => x < Side ? Column + x : FirstSpare + x - Side;
    }

    // Columns become rows again: pairs of columns alternate, then each row takes two lanes of each pair, and one of the last column.
    private static void WriteRows(Assembler code)
    {
        const int Fifth = Column + 4;
        for (int odd = 0; odd < 2; odd++)
        {
            VectorOperation unpack = odd == 0 ? UnpackLow : UnpackHigh;
            int first = Row + odd;
            int second = FirstSpare + odd;
            code.Vector(unpack, Size, first, Column, Column + 1);
            code.Vector(unpack, Size, second, Column + 2, Column + 3);
            code.Vector(PermuteTwoBy, Size, first, Constant + (odd == 0 ? EvenWithLast : OddWithLast), Fifth);
            code.Vector(Load, Size, first + 2, 0, first);
            code.Vector(PermuteTwoBy, Size, first + 2, Constant + UpperRow, second);
        }

        code.Vector(Load, Size, Row + 4, 0, Row);
        code.Vector(PermuteTwoBy, Size, Row + 4, Constant + LastRow, FirstSpare);
        code.Vector(Load, Size, Row + 4, 0, Fifth, Last);
        code.Vector(PermuteTwoBy, Size, Row, Constant + LowerRow, FirstSpare);
        code.Vector(PermuteTwoBy, Size, Row + 1, Constant + LowerRow, SecondSpare);
    }

    private static Place RowOf(GeneralRegister start, int y) => new(start, y * RowBytes);
}
