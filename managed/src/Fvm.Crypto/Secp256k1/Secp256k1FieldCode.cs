using Fvm.MachineCode;
using static Fvm.MachineCode.Arithmetic;
using static Fvm.MachineCode.GeneralRegister;

namespace Fvm.Crypto;

/// <summary>
/// Writes the operations of <see cref="Secp256k1Field"/> on elements in memory: four limbs each, any number below 2^256. Products use MULX with
/// two carry chains: E. Ozturk, J. Guilford, V. Gopal, W. Feghali, "New Instructions Supporting Large Integer Arithmetic on Intel Architecture
/// Processors" (Intel, 2012). A result may replace an operand. RDI, RSI and RSP are left for addresses, all other registers are used.
/// </summary>
internal readonly struct Secp256k1FieldCode(Assembler code)
{
    /// <summary>Bytes of an element.</summary>
    public const int Size = 32;

    private const int Limbs = 4;
    private const int LimbBytes = 8;

    // The constant 2^256 mod p, zero, and further registers for halves of products.
    private const GeneralRegister Fold = Rbp;
    private const GeneralRegister Zero = Rbx;
    private const GeneralRegister Low = Rax;
    private const GeneralRegister High = Rcx;
    private const GeneralRegister Factor = Rdx;

    /// <summary>Sets the constant, which all operations keep.</summary>
    public void LoadConstant() => code.Move(Fold, Secp256k1Field.Fold);

    public void Multiply(Place result, Place a, Place b)
    {
        code.Move(Factor, a);
        code.MultiplyWide(Column(1), Column(0), b);
        for (int j = 1; j < Limbs; j++)
        {
            code.MultiplyWide(Column(j + 1), Low, Limb(b, j));
            code.Compute(j == 1 ? Add : AddWithCarry, Column(j), Low);
        }

        code.ComputeConstant(AddWithCarry, Column(Limbs), 0);
        for (int i = 1; i < Limbs; i++)
        {
            code.Move(Factor, Limb(a, i));
            ClearCarries();
            for (int j = 0; j < Limbs - 1; j++)
            {
                code.MultiplyWide(High, Low, Limb(b, j));
                code.AddWithCarry(Column(i + j), Low);
                code.AddWithOverflow(Column(i + j + 1), High);
            }

            // The base register of b may be the top column: it is overwritten by the last product only.
            code.MultiplyWide(Column(i + Limbs), Low, Limb(b, Limbs - 1));
            code.AddWithCarry(Column(i + Limbs - 1), Low);
            code.AddWithOverflow(Column(i + Limbs), Zero);
            code.AddWithCarry(Column(i + Limbs), Zero);
        }

        Reduce(result);
    }

    public void Square(Place result, Place a)
    {
        // The products of different limbs once.
        code.Move(Factor, a);
        code.MultiplyWide(Column(2), Column(1), Limb(a, 1));
        code.MultiplyWide(Column(3), Low, Limb(a, 2));
        code.Compute(Add, Column(2), Low);
        code.MultiplyWide(Column(4), Low, Limb(a, 3));
        code.Compute(AddWithCarry, Column(3), Low);
        code.ComputeConstant(AddWithCarry, Column(4), 0);
        code.Move(Factor, Limb(a, 1));
        ClearCarries();
        code.MultiplyWide(High, Low, Limb(a, 2));
        code.AddWithCarry(Column(3), Low);
        code.AddWithOverflow(Column(4), High);
        code.MultiplyWide(Column(5), Low, Limb(a, 3));
        code.AddWithCarry(Column(4), Low);
        code.AddWithOverflow(Column(5), Zero);
        code.AddWithCarry(Column(5), Zero);
        code.Move(Factor, Limb(a, 2));
        code.MultiplyWide(Column(6), Low, Limb(a, 3));
        code.Compute(Add, Column(5), Low);
        code.ComputeConstant(AddWithCarry, Column(6), 0);

        // One chain doubles them, the other adds the squares.
        ClearCarries();
        code.Move(Column(7), Zero);
        for (int i = 0; i < Limbs; i++)
        {
            code.Move(Factor, Limb(a, i));
            code.MultiplyWide(High, i == 0 ? Column(0) : Low, Factor);
            if (i > 0)
            {
                code.AddWithCarry(Column(2 * i), Column(2 * i));
                code.AddWithOverflow(Column(2 * i), Low);
            }

            code.AddWithCarry(Column((2 * i) + 1), Column((2 * i) + 1));
            code.AddWithOverflow(Column((2 * i) + 1), High);
        }

        Reduce(result);
    }

    public void AddTo(Place result, Place a, Place b)
    {
        Combine(Add, AddWithCarry, a, b);
        Correct(Add, AddWithCarry);
        Store(result);
    }

    public void SubtractTo(Place result, Place a, Place b)
    {
        Combine(Subtract, SubtractWithBorrow, a, b);
        Correct(Subtract, SubtractWithBorrow);
        Store(result);
    }

    /// <summary>a/2: (a + p)/2 for an odd number.</summary>
    public void Halve(Place result, Place a)
    {
        // p is 2^256 - Fold: limbs of all ones except for the lowest. The mask is zero or all ones.
        Load(a);
        code.Move(Factor, Column(0));
        code.ComputeConstant(And, Factor, 1);
        code.Negate(Factor);
        code.Move(Low, Factor);
        code.Compute(And, Low, Fold);
        code.Negate(Low);
        code.Compute(Xor, High, High);
        code.Compute(Add, Column(0), Low);
        for (int i = 1; i < Limbs; i++)
        {
            code.Compute(AddWithCarry, Column(i), Factor);
        }

        code.Compute(AddWithCarry, High, High);
        for (int i = 0; i < Limbs; i++)
        {
            code.ShiftRight(Column(i), i == Limbs - 1 ? High : Column(i + 1), 1);
        }

        Store(result);
    }

    /// <summary>Loads an element into the four lowest columns.</summary>
    public void Load(Place a)
    {
        for (int i = 0; i < Limbs; i++)
        {
            code.Move(Column(i), Limb(a, i));
        }
    }

    /// <summary>Stores the four lowest columns.</summary>
    public void Store(Place result)
    {
        for (int i = 0; i < Limbs; i++)
        {
            code.Move(Limb(result, i), Column(i));
        }
    }

    /// <summary>Jumps ahead, to where <see cref="Assembler.Land"/> says, unless the element is zero modulo p; returns both jumps.</summary>
    public (int First, int Second) JumpUnlessZero(Place a)
    {
        // Zero or p: all bits clear, or all set but those of Fold - 1 in the lowest limb.
        Load(a);
        code.Move(Low, Column(1));
        code.Compute(And, Low, Column(2));
        code.Compute(And, Low, Column(3));
        code.Compute(Or, Column(1), Column(2));
        code.Compute(Or, Column(1), Column(3));
        code.Compute(Or, Column(1), Column(0));
        int zero = code.JumpAhead(Flag.Zero);
        code.Compute(Add, Column(0), Fold);
        int first = code.JumpAhead(Flag.NotZero);
        code.ComputeConstant(Compare, Low, -1);
        int second = code.JumpAhead(Flag.NotZero);
        code.Land(zero);
        return (first, second);
    }

    private static GeneralRegister Column(int column) => R8 + column;

    private static Place Limb(Place element, int limb) => element.Plus(limb * LimbBytes);

    private void ClearCarries() => code.Compute(Xor, Zero, Zero);

    // Folds the upper columns onto the lower ones, twice: 2^256 = Fold modulo p.
    private void Reduce(Place result)
    {
        code.Move(Factor, Fold);
        ClearCarries();
        for (int i = 0; i < Limbs; i++)
        {
            code.MultiplyWide(High, Low, Column(Limbs + i));
            code.AddWithCarry(Column(i), Low);
            code.AddWithOverflow(i == Limbs - 1 ? High : Column(i + 1), i == Limbs - 1 ? Zero : High);
        }

        // The excess is below 2^34, so its product needs two limbs; after a carry out of it, less than 2^67 is left.
        code.AddWithCarry(High, Zero);
        code.MultiplyWide(High, Low, High);
        code.Compute(Add, Column(0), Low);
        code.Compute(AddWithCarry, Column(1), High);
        code.Compute(AddWithCarry, Column(2), Zero);
        code.Compute(AddWithCarry, Column(3), Zero);
        code.Compute(SubtractWithBorrow, Low, Low);
        code.Compute(And, Low, Fold);
        code.Compute(Add, Column(0), Low);
        code.Compute(AddWithCarry, Column(1), Zero);
        Store(result);
    }

    private void Combine(Arithmetic first, Arithmetic next, Place a, Place b)
    {
        Load(a);
        for (int i = 0; i < Limbs; i++)
        {
            code.Compute(i == 0 ? first : next, Column(i), Limb(b, i));
        }
    }

    // A carry or borrow means that 2^256 was subtracted or added: undoes it by its residue. That may carry once more, from a number below
    // Fold or its complement, and then not out of the lowest limb.
    private void Correct(Arithmetic first, Arithmetic next)
    {
        code.Compute(SubtractWithBorrow, Low, Low);
        code.Compute(And, Low, Fold);
        code.Compute(first, Column(0), Low);
        for (int i = 1; i < Limbs; i++)
        {
            code.ComputeConstant(next, Column(i), 0);
        }

        code.Compute(SubtractWithBorrow, Low, Low);
        code.Compute(And, Low, Fold);
        code.Compute(first, Column(0), Low);
    }
}
