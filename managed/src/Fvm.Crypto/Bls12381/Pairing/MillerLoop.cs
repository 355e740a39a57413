// The optimal ate pairing's loop: D. Aranha et al., "Faster Explicit Formulas for Computing Pairings over Ordinary Curves",
// https://eprint.iacr.org/2010/526, section 4, in homogeneous coordinates on an M-type twist.
namespace Fvm.Crypto.Bls12381;

/// <summary>
/// A pair to be paired: P of G1, its coordinates as elements of Fp2 without a part in u, and Q of G2. Neither may be at infinity.
/// </summary>
internal readonly struct Pair<T>(in Affine<T> p, in Affine<T> q)
    where T : struct, IQuadraticField<T>
{
    public readonly Affine<T> P = p;
    public readonly Affine<T> Q = q;

    /// <summary>A pair that changes nothing: a line at (0, 0) is a number in Fp2, which vanishes in the final exponentiation.</summary>
    public static Pair<T> Neutral => new(default, G2<T>.Generator);
}

/// <summary>Products of Miller functions; several pairs share the squarings.</summary>
/// <typeparam name="T">The coordinates of the points.</typeparam>
/// <typeparam name="TTarget">The products, in as many lanes or in one.</typeparam>
internal static class MillerLoop<T, TTarget>
    where T : struct, IQuadraticField<T>
    where TTarget : struct, ITargetField<TTarget, T>
{
    /// <summary>The product over all pairs before the final exponentiation, in each lane, or over all lanes.</summary>
    public static TTarget Run(ReadOnlySpan<Pair<T>> pairs) => Run(pairs, new Point<T>[pairs.Length]);

    /// <summary>The same, which also gives |x| Q for each pair, where x is the curve's parameter.</summary>
    /// <param name="pairs">
    /// The pairs. Where Q is outside the subgroup the product is of no use, and the multiple may come out as (0, 0, 0), which is no point.
    /// </param>
    /// <param name="running">Gets the multiples: a place for each pair.</param>
    public static TTarget Run(ReadOnlySpan<Pair<T>> pairs, Span<Point<T>> running)
    {
        for (int i = 0; i < pairs.Length; i++)
        {
            running[i] = new(pairs[i].Q);
        }

        TTarget result = TTarget.One;
        for (int bit = CurveParameter.TopBit - 1; bit >= 0; bit--)
        {
            if (bit != CurveParameter.TopBit - 1)
            {
                result = result.Square();
            }

            for (int i = 0; i < pairs.Length; i++)
            {
                result = DoubleStep(result, ref running[i], pairs[i].P);
                if (CurveParameter.IsSet(bit))
                {
                    result = AddStep(result, ref running[i], pairs[i]);
                }
            }
        }

        // The parameter is negative.
        return result.Conjugate();
    }

    // Doubles R and multiplies by the tangent at R, at P. R and the line are scaled freely: factors in Fp2 vanish in the end.
    private static TTarget DoubleStep(in TTarget f, ref Point<T> r, in Affine<T> p)
    {
        T xy = r.X * r.Y;
        T yy = r.Y.Square();
        T zz = r.Z.Square();
        T e = zz.MultiplyByThreeB();
        T e3 = e.Double() + e;
        T yz2 = (r.Y + r.Z).Square() - yy - zz;
        T xx = r.X.Square();
        T ee = e.Square().Double().Double();

        r = new((xy * (yy - e3)).Double(), (yy + e3).Square() - (ee.Double() + ee), (yy * yz2).Double().Double());
        return f.MultiplyByLines(e - yy, (xx.Double() + xx).MultiplyByReal(p.X), -yz2.MultiplyByReal(p.Y));
    }

    // Adds Q to R and multiplies by the line through both, at P.
    private static TTarget AddStep(in TTarget f, ref Point<T> r, in Pair<T> pair)
    {
        Affine<T> q = pair.Q;
        T theta = r.Y - (q.Y * r.Z);
        T lambda = r.X - (q.X * r.Z);
        T square = lambda.Square();
        T cube = square * lambda;
        T g = r.X * square;
        T h = cube + (r.Z * theta.Square()) - g.Double();

        r = new(lambda * h, (theta * (g - h)) - (cube * r.Y), r.Z * cube);
        return f.MultiplyByLines((theta * q.X) - (lambda * q.Y), -theta.MultiplyByReal(pair.P.X), lambda.MultiplyByReal(pair.P.Y));
    }
}
