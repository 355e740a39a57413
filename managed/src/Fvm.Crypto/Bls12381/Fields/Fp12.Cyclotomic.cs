namespace Fvm.Crypto;

internal readonly partial struct Fp12<T>
{
    /// <summary>
    /// The square of an element of the cyclotomic subgroup: R. Granger, M. Scott, "Faster Squaring in the Cyclotomic Subgroup of Sixth
    /// Degree Extensions", https://eprint.iacr.org/2009/565, section 3.2.
    /// </summary>
    public Fp12<T> CyclotomicSquare()
    {
        // Three squarings in Fp4 = Fp2[w^3], of the coefficient pairs (0, 3), (1, 4) and (2, 5) in powers of w.
        SquareFp4(C0.C0, C1.C1, out T a0, out T a1);
        SquareFp4(C1.C0, C0.C2, out T b0, out T b1);
        SquareFp4(C0.C1, C1.C2, out T c0, out T c1);
        return new(
            new(TripleMinusDouble(a0, C0.C0), TripleMinusDouble(b0, C0.C1), TripleMinusDouble(c0, C0.C2)),
            new(TriplePlusDouble(c1.MultiplyByNonResidue(), C1.C0), TriplePlusDouble(a1, C1.C1), TriplePlusDouble(b1, C1.C2)));
    }

    /// <summary>This element of the cyclotomic subgroup to the power |x|, where x is the curve parameter.</summary>
    public Fp12<T> PowerOfParameter()
    {
        Fp12<T> result = this;
        for (int bit = CurveParameter.TopBit - 1; bit >= 0; bit--)
        {
            result = result.CyclotomicSquare();
            if (CurveParameter.IsSet(bit))
            {
                result *= this;
            }
        }

        return result;
    }

    // (x + y s)^2 = (x^2 + y^2 (1 + u)) + 2 x y s, where s^2 = 1 + u.
    private static void SquareFp4(in T x, in T y, out T c0, out T c1)
    {
        T xx = x.Square();
        T yy = y.Square();
        c0 = yy.MultiplyByNonResidue() + xx;
        c1 = (x + y).Square() - xx - yy;
    }

    // The result contains the doubled coefficients of the operand, which without reduction would grow with every squaring.
    private static T TripleMinusDouble(in T triple, in T doubled) => ((triple - doubled).Double() + triple).Reduce();

    private static T TriplePlusDouble(in T triple, in T doubled) => ((triple + doubled).Double() + triple).Reduce();
}
