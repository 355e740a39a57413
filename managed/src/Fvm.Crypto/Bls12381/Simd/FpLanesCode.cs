using Fvm.MachineCode;
using static Fvm.MachineCode.GeneralRegister;
using static Fvm.MachineCode.VectorOperation;

namespace Fvm.Crypto;

/// <summary>
/// The products of <see cref="FpLanes"/> in machine code for x86-64 processors with AVX-512 IFMA, whose multiply-add returns either half of a
/// product of 52-bit integers: S. Gueron, V. Krasnov, "Accelerating Big Integer Arithmetic Using Intel IFMA Extensions",
/// https://doi.org/10.1109/ARITH.2016.22. System V calling convention; all arguments are addresses of <see cref="FpLanes"/>, the result's last.
/// </summary>
/// <remarks>
/// A signed limb becomes an unsigned one by adding a limb of a multiple of p to it, and an integer by adding 2^52, in one addition of doubles:
/// the instructions take only the lower 52 bits. A column of the product has two accumulators, as the upper halves have the weight 2^52, and the
/// limbs 2^50: the upper halves count four times in the next column. Rows as in the product of <see cref="FpLanes"/>.
/// </remarks>
internal sealed class FpLanesCode
{
    private const int Limbs = FpLanes.LimbCount;
    private const int LimbBits = 50;
    private const int LimbBytes = 32;

    // Vector registers: accumulators of lower and upper halves by column modulo 9 and 10, the limbs of the second factor, and others.
    private const int LowWindow = 9;
    private const int HighWindow = 10;
    private const int FirstHigh = LowWindow;
    private const int Word = FirstHigh + HighWindow;
    private const int OtherWord = Word + 1;
    private const int Quotient = Word + 2;
    private const int Work = Word + 3;
    private const int Mask = Word + 4;
    private const int Factor = Word + 5;

    // The address of the constants.
    private const GeneralRegister Constants = Rax;

    private readonly Assembler _code = new();
    private readonly int _dataSize;
    private int _size;

    /// <param name="dataSize">Bytes of data before the code, which begin with <see cref="FpLanesConstants"/>.</param>
    public FpLanesCode(int dataSize)
    {
        _dataSize = dataSize;
        Multiply = Function(32, [new(Rdi, Rsi, Rdx)], paired: false);
        MultiplyPaired = Function(32, [new(Rdi, Rsi, Rdx)], paired: true);
        MultiplyTwice = Function(64, [new(Rdi, Rsi, Rdx), new(Rcx, R8, R9)], paired: false);
        MultiplyPairedTwice = Function(64, [new(Rdi, Rsi, Rdx), new(Rcx, R8, R9)], paired: true);
    }

    /// <summary>Offset of <c>void (a, b, product)</c>: <see cref="FpLanes"/>'s product.</summary>
    public int Multiply { get; }

    /// <summary>Offset of <c>void (a, b, product, c, d, other product)</c>: two of these at once.</summary>
    public int MultiplyTwice { get; }

    /// <summary>Offset of <c>void (a, b, product)</c>: the product in Fp2 per pair of lanes.</summary>
    public int MultiplyPaired { get; }

    /// <summary>Offset of <c>void (a, b, product, c, d, other product)</c>: two of these at once.</summary>
    public int MultiplyPairedTwice { get; }

    public byte[] ToArray() => _code.ToArray();

    private static int Low(int column) => column % LowWindow;

    private static int High(int column) => FirstHigh + (column % HighWindow);

    private static Place Constant(int index) => new(Constants, index * sizeof(ulong));

    // The real and imaginary parts of b swapped and one negated, on the stack.
    private Place Swapped(int limb) => new(Rsp, limb * _size);

    private int Function(int size, Operands[] operands, bool paired)
    {
        _size = size;
        int start = _code.Position;
        _code.LoadAddress(Constants, -_dataSize);
        if (paired)
        {
            _code.Push(Rbp);
            _code.Move(Rbp, Rsp);
            _code.ComputeConstant(Arithmetic.And, Rsp, -64);
            _code.ComputeWideConstant(Arithmetic.Subtract, Rsp, Limbs * 64);
        }

        _code.Vector(Broadcast, size, Mask, 0, Constant(FpLanesConstants.Mask));
        for (int limb = 0; limb < Limbs; limb++)
        {
            LoadFactor(operands, limb, paired);
        }

        for (int column = 0; column < Limbs; column++)
        {
            Start(column);
        }

        // Each row is multiplied before the row below is reduced, so that the chain from quotient to quotient is short.
        WriteRow(operands, 0, paired);
        for (int row = 0; row < Limbs - 1; row++)
        {
            WriteRow(operands, row + 1, paired);
            Complete(row);
            ReduceRow(row);
        }

        Start((2 * Limbs) - 1);
        Complete(Limbs - 1);
        ReduceLastRow();
        StoreProduct(operands);
        _code.ClearUpperVectors();
        if (paired)
        {
            _code.Move(Rsp, Rbp);
            _code.Pop(Rbp);
        }

        _code.Return();
        return start;
    }

    private void LoadLimb(int to, Operands[] operands, Func<Operands, GeneralRegister> which, int limb)
    {
        _code.Vector(Load, 32, to, 0, new Place(which(operands[0]), limb * LimbBytes));
        if (operands.Length > 1)
        {
            _code.Vector(InsertHalf, 64, to, to, new Place(which(operands[1]), limb * LimbBytes), 1);
        }
    }

    private void LoadFactor(Operands[] operands, int limb, bool paired)
    {
        LoadLimb(Factor + limb, operands, static pair => pair.B, limb);
        if (paired)
        {
            // (-imaginary, real), with signs from memory.
            _code.Vector(Permute, _size, Work, 0, Factor + limb, 0b0101_0101);
            _code.Vector(Load, _size, Quotient, 0, Constant(FpLanesConstants.Signs));
            _code.Vector(Broadcast, _size, Word, 0, Constant(FpLanesConstants.Biases + limb));
            _code.Vector(MultiplyAddDouble, _size, Work, Quotient, Word);
            _code.StoreVector(_size, Swapped(limb), Work);
        }

        _code.VectorBroadcast(AddDouble, _size, Factor + limb, Factor + limb, Constant(FpLanesConstants.Biases + limb));
    }

    private void LoadWord(Operands[] operands, int row, bool paired)
    {
        LoadLimb(Word, operands, static pair => pair.A, row);
        _code.VectorBroadcast(AddDouble, _size, Word, Word, Constant(FpLanesConstants.Biases + row));
        if (paired)
        {
            _code.Vector(Permute, _size, OtherWord, 0, Word, 0b1111_1111);
            _code.Vector(DuplicateEven, _size, Word, 0, Word);
        }
    }

    private void Start(int column)
    {
        _code.Vector(Broadcast, _size, Low(column), 0, Constant(FpLanesConstants.Starts + column));
        _code.Vector(Xor, _size, High(column), High(column), High(column));
    }

    private void WriteRow(Operands[] operands, int row, bool paired)
    {
        if (row > 0)
        {
            Start(row + Limbs - 1);
        }

        LoadWord(operands, row, paired);
        for (int limb = 0; limb < Limbs; limb++)
        {
            _code.Vector(MultiplyAddLow, _size, Low(row + limb), Word, Factor + limb);
            _code.Vector(MultiplyAddHigh, _size, High(row + limb), Word, Factor + limb);
        }

        for (int limb = 0; paired && limb < Limbs; limb++)
        {
            _code.Vector(Load, _size, Work, 0, Swapped(limb));
            _code.Vector(MultiplyAddLow, _size, Low(row + limb), OtherWord, Work);
            _code.Vector(MultiplyAddHigh, _size, High(row + limb), OtherWord, Work);
        }
    }

    // Adds the upper halves of the column below.
    private void Complete(int column)
    {
        if (column > 0)
        {
            _code.VectorShift(ShiftLeft, _size, High(column - 1), High(column - 1), 52 - LimbBits);
            _code.Vector(Add, _size, Low(column), Low(column), High(column - 1));
        }
    }

    // The column starts with 2^50 - 1: its complement is the negated limb, and its carry is rounded up, as the limb will be cleared.
    private void ReduceRow(int row)
    {
        _code.Vector(AndNot, _size, Quotient, Low(row), Mask);
        _code.VectorShift(ShiftRight, _size, Low(row), Low(row), LimbBits);
        _code.Vector(Add, _size, Low(row + 1), Low(row + 1), Low(row));
        for (int limb = 0; limb < Limbs; limb++)
        {
            Place multiple = Constant(FpLanesConstants.Multiple + limb);
            _code.VectorBroadcast(MultiplyAddLow, _size, Low(row + 1 + limb), Quotient, multiple);
            _code.VectorBroadcast(MultiplyAddHigh, _size, High(row + 1 + limb), Quotient, multiple);
        }
    }

    private void ReduceLastRow()
    {
        const int Row = Limbs - 1;
        _code.Vector(Xor, _size, Quotient, Quotient, Quotient);
        _code.VectorBroadcast(MultiplyAddLow, _size, Quotient, Low(Row), Constant(FpLanesConstants.NegativeInverse));
        _code.Vector(And, _size, Quotient, Quotient, Mask);
        for (int limb = 0; limb < Limbs; limb++)
        {
            Place modulus = Constant(FpLanesConstants.Modulus + limb);
            _code.VectorBroadcast(MultiplyAddLow, _size, Low(Row + limb), Quotient, modulus);
            _code.VectorBroadcast(MultiplyAddHigh, _size, High(Row + limb), Quotient, modulus);
        }

        _code.VectorShift(ShiftRightSigned, _size, Low(Row), Low(Row), LimbBits);
        _code.Vector(Add, _size, Low(Row + 1), Low(Row + 1), Low(Row));
    }

    // Carries move up one limb in parallel. Columns start with offsets that keep carries positive, and round limbs to signed ones.
    private void StoreProduct(Operands[] operands)
    {
        // The limbs of the second factor are not needed any more.
        for (int limb = 0; limb < Limbs; limb++)
        {
            int column = Low(Limbs + limb);
            Complete(Limbs + limb);
            int result = column;
            if (limb < Limbs - 1)
            {
                result = Factor + limb;
                _code.Vector(Broadcast, _size, result, 0, Constant(FpLanesConstants.OneBits));

                // (column & mask) | bits of 2^52
                _code.Vector(Logic, _size, result, column, Mask, 0xf8);
            }

            if (limb > 0)
            {
                _code.Vector(Add, _size, result, result, Low(Limbs + limb - 1));
            }

            _code.VectorBroadcast(
                SubtractDouble, _size, Word, result,
                Constant(limb < Limbs - 1 ? FpLanesConstants.LimbAnchor : FpLanesConstants.TopAnchor));
            _code.StoreVector(32, new Place(operands[0].Product, limb * LimbBytes), Word);
            if (operands.Length > 1)
            {
                _code.Vector(ExtractHalf, 64, Word, 0, new Place(operands[1].Product, limb * LimbBytes), 1);
            }

            if (limb < Limbs - 1)
            {
                _code.VectorShift(ShiftRight, _size, column, column, LimbBits);
            }
        }
    }

    private readonly record struct Operands(GeneralRegister A, GeneralRegister B, GeneralRegister Product);
}
