using Fvm.MachineCode;
using static Fvm.MachineCode.GeneralRegister;

namespace Fvm.Crypto;

/// <summary>
/// The hot operations on points of secp256k1 in machine code for x86-64 processors with BMI2 and ADX: whole formulas, so that operands stay in
/// the processor and a call costs little beside them. System V calling convention.
/// </summary>
internal sealed class Secp256k1Code
{
    private const int Size = Secp256k1FieldCode.Size;
    private const int Temporaries = 8;

    private static readonly GeneralRegister[] Saved = [Rbx, Rbp, R12, R13, R14, R15];

    private readonly Assembler _code = new();
    private readonly Secp256k1FieldCode _field;

    public Secp256k1Code()
    {
        _field = new(_code);
        Multiply = Function(WriteMultiply);
        SquareMultiply = Function(WriteSquareMultiply);
        Double = Function(WriteDouble);
        Add = Function(() => WriteAdd(negative: false, scaled: false));
        Subtract = Function(() => WriteAdd(negative: true, scaled: false));
        AddScaled = Function(() => WriteAdd(negative: false, scaled: true));
        SubtractScaled = Function(() => WriteAdd(negative: true, scaled: true));
    }

    /// <summary>Offset of <c>void (result, a, b)</c>: the product.</summary>
    public int Multiply { get; }

    /// <summary>Offset of <c>void (result, a, count, b)</c>: b times a squared so many times, at least once.</summary>
    public int SquareMultiply { get; }

    /// <summary>Offset of <c>void (point)</c>: doubles a point in Jacobian coordinates.</summary>
    public int Double { get; }

    /// <summary>
    /// Offset of <c>nint (point, affine, ratio)</c>: adds an affine point to one in Jacobian coordinates that is not infinity; the ratio is that
    /// of the new Z to the old one. If both have the same x, returns 1 and leaves the point.
    /// </summary>
    public int Add { get; }

    /// <summary>Offset of <c>nint (point, affine, ratio)</c>: the same with the affine point negated.</summary>
    public int Subtract { get; }

    /// <summary>Offset of <c>nint (point, affine, scale)</c>: as <see cref="Add"/>, where the point's true Z is scale times its Z.</summary>
    public int AddScaled { get; }

    /// <summary>Offset of <c>nint (point, affine, scale)</c>: the same with the affine point negated.</summary>
    public int SubtractScaled { get; }

    public byte[] ToArray() => _code.ToArray();

    private static Place Temporary(int index) => new(Rsp, index * Size);

    private int Function(Action write)
    {
        int start = _code.Position;
        foreach (GeneralRegister register in Saved)
        {
            _code.Push(register);
        }

        _code.ComputeWideConstant(Arithmetic.Subtract, Rsp, Temporaries * Size);
        _field.LoadConstant();
        write();
        return start;
    }

    private void Leave()
    {
        _code.ComputeWideConstant(Arithmetic.Add, Rsp, Temporaries * Size);
        foreach (GeneralRegister register in Saved.Reverse())
        {
            _code.Pop(register);
        }

        _code.Return();
    }

    private void WriteMultiply()
    {
        _code.Move(R15, Rdx);
        _field.Multiply(new(Rdi, 0), new(Rsi, 0), new(R15, 0));
        Leave();
    }

    private void WriteSquareMultiply()
    {
        Place power = Temporary(0);
        Place factor = Temporary(1);
        _code.Move(factor, Rcx);
        _field.Load(new(Rsi, 0));
        _field.Store(power);
        _code.Move(Rsi, Rdx);
        int loop = _code.Position;
        _field.Square(power, power);
        _code.ComputeConstant(Arithmetic.Subtract, Rsi, 1);
        _code.JumpBackIfNotZero(loop);
        _code.Move(R15, factor);
        _field.Multiply(new(Rdi, 0), power, new(R15, 0));
        Leave();
    }

    // As Secp256k1Point.Double.
    private void WriteDouble()
    {
        (Place x, Place y, Place z) = (new(Rdi, 0), new(Rdi, Size), new(Rdi, 2 * Size));
        (Place l, Place s, Place t, Place square) = (Temporary(0), Temporary(1), Temporary(2), Temporary(3));
        _field.Square(square, x);
        _field.Square(s, y);
        _field.Multiply(z, y, z);
        _field.AddTo(l, square, square);
        _field.AddTo(l, l, square);
        _field.Halve(l, l);
        _field.Multiply(t, x, s);
        _field.Square(square, l);
        _field.SubtractTo(square, square, t);
        _field.SubtractTo(x, square, t);
        _field.Square(s, s);
        _field.SubtractTo(t, t, x);
        _field.Multiply(t, l, t);
        _field.SubtractTo(y, t, s);
        Leave();
    }

    // As the addition of Secp256k1Point and Secp256k1Affine. For -q, the formula with -r in place of r: only the signs of two sums change.
    private void WriteAdd(bool negative, bool scaled)
    {
        (Place x, Place y, Place z) = (new(Rdi, 0), new(Rdi, Size), new(Rdi, 2 * Size));
        (Place h, Place r, Place zz, Place v, Place hh) = (Temporary(0), Temporary(1), Temporary(2), Temporary(3), Temporary(4));
        Place trueZ = scaled ? Temporary(5) : z;
        Place ratio = Temporary(6);
        if (scaled)
        {
            _code.Move(R15, Rdx);
            _field.Multiply(trueZ, z, new(R15, 0));
        }
        else
        {
            _code.Move(ratio, Rdx);
        }

        _field.Square(zz, trueZ);
        _field.Multiply(h, new(Rsi, 0), zz);
        _field.Multiply(zz, zz, trueZ);
        _field.SubtractTo(h, h, x);
        _field.Multiply(r, new(Rsi, Size), zz);
        (int first, int second) = _field.JumpUnlessZero(h);
        _code.Move(Rax, 1UL);
        Leave();
        _code.Land(first);
        _code.Land(second);
        if (!scaled)
        {
            _field.Load(h);
            _code.Move(Rax, ratio);
            _field.Store(new(Rax, 0));
        }

        _field.Square(hh, h);
        if (negative)
        {
            _field.AddTo(r, r, y);
        }
        else
        {
            _field.SubtractTo(r, r, y);
        }

        _field.Multiply(z, z, h);
        _field.Multiply(v, x, hh);
        _field.Multiply(h, h, hh);
        _field.Square(x, r);
        _field.SubtractTo(x, x, h);
        _field.SubtractTo(x, x, v);
        _field.SubtractTo(x, x, v);
        _field.Multiply(h, y, h);
        if (negative)
        {
            _field.SubtractTo(v, x, v);
        }
        else
        {
            _field.SubtractTo(v, v, x);
        }

        _field.Multiply(v, r, v);
        _field.SubtractTo(y, v, h);
        _code.Move(Rax, 0UL);
        Leave();
    }
}
