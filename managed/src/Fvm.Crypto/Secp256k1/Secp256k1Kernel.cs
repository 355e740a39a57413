using Fvm.MachineCode;

namespace Fvm.Crypto;

/// <summary>Operations of secp256k1 by the code of <see cref="Secp256k1Code"/>, which this owns. Immutable, and thread-safe.</summary>
// Sound: calls only what Secp256k1Code wrote, in memory that lives as long as this object, by the signatures that it states; the code reads and
// writes the elements that it is given, whose layout is that of their limbs in sequence, and its own stack frame.
internal sealed unsafe class Secp256k1Kernel
{
    private readonly CodeMemory _memory;
    private readonly delegate* unmanaged[SuppressGCTransition]<Secp256k1Field*, Secp256k1Field*, Secp256k1Field*, void> _multiply;
    private readonly delegate* unmanaged[SuppressGCTransition]<Secp256k1Field*, Secp256k1Field*, nint, Secp256k1Field*, void> _squareMultiply;
    private readonly delegate* unmanaged[SuppressGCTransition]<Secp256k1Point*, void> _double;
    private readonly delegate* unmanaged[SuppressGCTransition]<Secp256k1Point*, Secp256k1Affine*, Secp256k1Field*, nint> _add;
    private readonly delegate* unmanaged[SuppressGCTransition]<Secp256k1Point*, Secp256k1Affine*, Secp256k1Field*, nint> _subtract;
    private readonly delegate* unmanaged[SuppressGCTransition]<Secp256k1Point*, Secp256k1Affine*, Secp256k1Field*, nint> _addScaled;
    private readonly delegate* unmanaged[SuppressGCTransition]<Secp256k1Point*, Secp256k1Affine*, Secp256k1Field*, nint> _subtractScaled;

    private Secp256k1Kernel(CodeMemory memory, Secp256k1Code code)
    {
        // Sound: offsets of functions in the code that was loaded.
        byte* start = memory.Code;
        _memory = memory;
        _multiply = (delegate* unmanaged[SuppressGCTransition]<Secp256k1Field*, Secp256k1Field*, Secp256k1Field*, void>)(start + code.Multiply);
        _squareMultiply = (delegate* unmanaged[SuppressGCTransition]<Secp256k1Field*, Secp256k1Field*, nint, Secp256k1Field*, void>)
            (start + code.SquareMultiply);
        _double = (delegate* unmanaged[SuppressGCTransition]<Secp256k1Point*, void>)(start + code.Double);
        _add = Addition(start + code.Add);
        _subtract = Addition(start + code.Subtract);
        _addScaled = Addition(start + code.AddScaled);
        _subtractScaled = Addition(start + code.SubtractScaled);
    }

    /// <summary>Creates the kernel; null if the processor or the operating system does not support it.</summary>
    public static Secp256k1Kernel? Create()
    {
        if (!ProcessorFeatures.HasAdx)
        {
            return null;
        }

        Secp256k1Code code = new();
        CodeMemory? memory = CodeMemory.TryLoad([], code.ToArray());
        return memory is null ? null : new(memory, code);
    }

    public Secp256k1Field Multiply(in Secp256k1Field a, in Secp256k1Field b)
    {
        Secp256k1Field product;
        fixed (Secp256k1Field* first = &a, second = &b)
        {
            _multiply(&product, first, second);
        }

        GC.KeepAlive(_memory);
        return product;
    }

    /// <summary>b times a squared <paramref name="count"/> times, at least once.</summary>
    public Secp256k1Field SquareMultiply(in Secp256k1Field a, int count, in Secp256k1Field b)
    {
        Secp256k1Field product;
        fixed (Secp256k1Field* first = &a, second = &b)
        {
            _squareMultiply(&product, first, count, second);
        }

        GC.KeepAlive(_memory);
        return product;
    }

    /// <summary>Doubles a point in place.</summary>
    public void Double(ref Secp256k1Point point)
    {
        fixed (Secp256k1Point* at = &point)
        {
            _double(at);
        }

        GC.KeepAlive(_memory);
    }

    /// <summary>
    /// Adds <paramref name="q"/>, or its negative, to a point other than infinity, and sets the ratio of the new Z to the old one. False, with the
    /// point as it was, if both have the same x.
    /// </summary>
    public bool TryAdd(ref Secp256k1Point point, in Secp256k1Affine q, bool negative, out Secp256k1Field ratio)
    {
        nint sameX;
        ratio = default;
        fixed (Secp256k1Point* at = &point)
        fixed (Secp256k1Affine* other = &q)
        fixed (Secp256k1Field* into = &ratio)
        {
            sameX = negative ? _subtract(at, other, into) : _add(at, other, into);
        }

        GC.KeepAlive(_memory);
        return sameX == 0;
    }

    /// <summary>The same for a point whose true Z is <paramref name="scale"/> times its Z.</summary>
    public bool TryAddScaled(ref Secp256k1Point point, in Secp256k1Affine q, bool negative, in Secp256k1Field scale)
    {
        nint sameX;
        fixed (Secp256k1Point* at = &point)
        fixed (Secp256k1Affine* other = &q)
        fixed (Secp256k1Field* by = &scale)
        {
            sameX = negative ? _subtractScaled(at, other, by) : _addScaled(at, other, by);
        }

        GC.KeepAlive(_memory);
        return sameX == 0;
    }

    // Sound: as the class; the signature of all four additions.
    private static delegate* unmanaged[SuppressGCTransition]<Secp256k1Point*, Secp256k1Affine*, Secp256k1Field*, nint> Addition(byte* start) =>
        (delegate* unmanaged[SuppressGCTransition]<Secp256k1Point*, Secp256k1Affine*, Secp256k1Field*, nint>)start;
}
