using Fvm.MachineCode;
using static Fvm.MachineCode.GeneralRegister;
using static Fvm.MachineCode.VectorOperation;

namespace Fvm.Crypto;

/// <summary>
/// <see cref="Blake2bLanes"/> on eight messages, in machine code for x86-64 processors with AVX-512, which has a rotation and registers for the
/// working matrix and the message words at once. System V calling convention; the arguments are the chaining values, the blocks of lane 0,
/// the number of blocks per lane (at least one), the bytes from a lane's blocks to the next lane's, the counters and the finals.
/// </summary>
internal static class Blake2bLanesCode
{
    /// <summary>The number of lanes.</summary>
    public const int Lanes = 8;

    private const int Size = Lanes * sizeof(ulong);
    private const int HalfBlock = Blake2bCompression.BlockBytes / 2;
    private const int BlockWords = 16;
    private const int StateWords = 8;

    // Vector registers: the working matrix, which is not needed while the message is transposed, and the message words.
    private const int V = 0;
    private const int Message = BlockWords;

    // General-purpose registers of the arguments, and others.
    private const GeneralRegister State = Rdi;
    private const GeneralRegister Input = Rsi;
    private const GeneralRegister Blocks = Rdx;
    private const GeneralRegister Stride = Rcx;
    private const GeneralRegister Counters = R8;
    private const GeneralRegister Finals = R9;
    private const GeneralRegister Constants = Rax;
    private const GeneralRegister Lane = R10;

    /// <summary>The data that precede the code: the initial vector, and the number of bytes in a block.</summary>
    public static ulong[] Data => [.. Blake2bCompression.InitialVector, Blake2bCompression.BlockBytes];

    /// <summary>Assembles the function.</summary>
    /// <param name="dataSize">Bytes of data before the code, which begin with <see cref="Data"/>.</param>
    public static byte[] Write(int dataSize)
    {
        Assembler code = new();
        code.LoadAddress(Constants, -dataSize);
        int loop = code.Position;
        LoadMessage(code);
        LoadMatrix(code);
        for (int round = 0; round < Blake2bCompression.Rounds; round++)
        {
            ReadOnlySpan<byte> words = Blake2bCompression.Sigma.Slice(round * BlockWords, BlockWords);
            MixFour(code, 0, words[..(BlockWords / 2)]);
            MixFour(code, 1, words[(BlockWords / 2)..]);
        }

        StoreState(code);
        code.ComputeWideConstant(Arithmetic.Add, Input, Blake2bCompression.BlockBytes);
        code.ComputeConstant(Arithmetic.Subtract, Blocks, 1);
        code.JumpBackIfNotZero(loop);
        code.ClearUpperVectors();
        code.Return();
        return code.ToArray();
    }

    // A lane's words become a word's lanes: rows of half a block are transposed eight by eight.
    private static void LoadMessage(Assembler code)
    {
        code.Move(Lane, Input);
        for (int lane = 0; lane < Lanes; lane++)
        {
            code.Vector(Load, Size, V + lane, 0, new Place(Lane, 0));
            code.Vector(Load, Size, V + Lanes + lane, 0, new Place(Lane, HalfBlock));
            code.Compute(Arithmetic.Add, Lane, Stride);
        }

        for (int half = 0; half < 2; half++)
        {
            Transpose(code, V + (half * Lanes), Message + (half * Lanes));
        }
    }

    private static void Transpose(Assembler code, int rows, int columns)
    {
        // Pairs of lanes: their even words, and their odd ones.
        for (int pair = 0; pair < Lanes; pair += 2)
        {
            code.Vector(UnpackLow, Size, columns + pair, rows + pair, rows + pair + 1);
            code.Vector(UnpackHigh, Size, columns + pair + 1, rows + pair, rows + pair + 1);
        }

        for (int odd = 0; odd < 2; odd++)
        {
            // Quarters of vectors, two words of two lanes each: the lower and upper ones of lanes 0 to 3, then of lanes 4 to 7.
            int work = rows + (4 * odd);
            for (int lanes = 0; lanes < 2; lanes++)
            {
                int first = columns + (4 * lanes) + odd;
                code.Vector(SelectQuarters, Size, work + (2 * lanes), first, first + 2, 0b01_00_01_00);
                code.Vector(SelectQuarters, Size, work + (2 * lanes) + 1, first, first + 2, 0b11_10_11_10);
            }
        }

        for (int odd = 0; odd < 2; odd++)
        {
            int work = rows + (4 * odd);
            for (int upper = 0; upper < 2; upper++)
            {
                int word = columns + (4 * upper) + odd;
                code.Vector(SelectQuarters, Size, word, work + upper, work + 2 + upper, 0b10_00_10_00);
                code.Vector(SelectQuarters, Size, word + 2, work + upper, work + 2 + upper, 0b11_01_11_01);
            }
        }
    }

    private static void LoadMatrix(Assembler code)
    {
        for (int word = 0; word < StateWords; word++)
        {
            code.Vector(Load, Size, V + word, 0, ChainingValue(word));
        }

        for (int word = 0; word < StateWords; word++)
        {
            if (word is not (4 or 6))
            {
                code.Vector(Broadcast, Size, V + StateWords + word, 0, Constant(word));
            }
        }

        code.Vector(Load, Size, V + 12, 0, new Place(Counters, 0));
        code.VectorBroadcast(Add, Size, V + 12, V + 12, Constant(StateWords));
        code.StoreVector(Size, new Place(Counters, 0), V + 12);
        code.VectorBroadcast(Xor, Size, V + 12, V + 12, Constant(4));
        code.Vector(Load, Size, V + 14, 0, new Place(Finals, 0));
        code.VectorBroadcast(Xor, Size, V + 14, V + 14, Constant(6));
    }

    private static void StoreState(Assembler code)
    {
        for (int word = 0; word < StateWords; word++)
        {
            code.Vector(Xor, Size, V + word, V + word, V + StateWords + word);
            code.Vector(Xor, Size, V + word, V + word, ChainingValue(word));
            code.StoreVector(Size, ChainingValue(word), V + word);
        }
    }

    // The mixing function G (section 3.1) of the four columns, or diagonals, step by step: they do not depend on each other.
    private static void MixFour(Assembler code, int diagonal, ReadOnlySpan<byte> words)
    {
        for (int half = 0; half < 2; half++)
        {
            for (int i = 0; i < 4; i++)
            {
                code.Vector(Add, Size, A(i), A(i), Message + words[(2 * i) + half]);
            }

            Step(A, B, D, half == 0 ? 32 : 16);
            Step(C, D, B, half == 0 ? 24 : 63);
        }

        // sum += addend; turned = (turned ^ sum) rotated right
        void Step(Func<int, int> sum, Func<int, int> addend, Func<int, int> turned, int count)
        {
            for (int i = 0; i < 4; i++)
            {
                code.Vector(Add, Size, sum(i), sum(i), addend(i));
            }

            for (int i = 0; i < 4; i++)
            {
                code.Vector(Xor, Size, turned(i), turned(i), sum(i));
            }

            for (int i = 0; i < 4; i++)
            {
                code.VectorShift(RotateRight, Size, turned(i), turned(i), (byte)count);
            }
        }

        static int A(int i) => V + i;
        int B(int i) => V + 4 + ((i + diagonal) % 4);
        int C(int i) => V + 8 + ((i + (2 * diagonal)) % 4);
        int D(int i) => V + 12 + ((i + (3 * diagonal)) % 4);
    }

    private static Place ChainingValue(int word) => new(State, word * Size);

    private static Place Constant(int index) => new(Constants, index * sizeof(ulong));
}
