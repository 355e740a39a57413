namespace Fvm.Crypto;

/// <summary>The arguments of a pairing: P in G1, its coordinates embedded in Fp2, and Q in G2; neither is infinity.</summary>
internal readonly struct Pair<T>(in Affine<T> p, in Affine<T> q)
    where T : struct, IQuadraticField<T>
{
    public readonly Affine<T> P = p;
    public readonly Affine<T> Q = q;

    /// <summary>A pair with pairing one: its lines, evaluated at (0, 0), lie in Fp2, which the final exponentiation maps to one.</summary>
    public static Pair<T> Neutral => new(default, G2<T>.Generator);

    /// <summary>One pair per lane; lanes past the last pair repeat it.</summary>
    public static Pair<T> Load(ReadOnlySpan<Pair<Fp2<Fp>>> pairs)
    {
        int lanes = T.LaneCount;
        Span<Fp2<Fp>> coordinates = stackalloc Fp2<Fp>[4 * lanes];
        for (int lane = 0; lane < lanes; lane++)
        {
            Pair<Fp2<Fp>> pair = pairs[Math.Min(lane, pairs.Length - 1)];
            coordinates[lane] = pair.P.X;
            coordinates[lanes + lane] = pair.P.Y;
            coordinates[(2 * lanes) + lane] = pair.Q.X;
            coordinates[(3 * lanes) + lane] = pair.Q.Y;
        }

        Affine<T> p = new(T.Load(coordinates[..lanes]), T.Load(coordinates.Slice(lanes, lanes)));
        return new(p, new(T.Load(coordinates.Slice(2 * lanes, lanes)), T.Load(coordinates[(3 * lanes)..])));
    }
}

/// <summary>
/// Products of Miller functions with shared squarings: the Miller loop of the optimal ate pairing. D. Aranha et al., "Faster Explicit
/// Formulas for Computing Pairings over Ordinary Curves", https://eprint.iacr.org/2010/526, section 4, in homogeneous coordinates on an
/// M-type twist.
/// </summary>
/// <typeparam name="T">The field of the coordinates.</typeparam>
/// <typeparam name="TTarget">The target field, with the lanes of <typeparamref name="T"/> or a single lane.</typeparam>
internal static class MillerLoop<T, TTarget>
    where T : struct, IQuadraticField<T>
    where TTarget : struct, ITargetField<TTarget, T>
{
    /// <summary>The product over all pairs, per lane or over all lanes, before the final exponentiation.</summary>
    public static TTarget Run(ReadOnlySpan<Pair<T>> pairs) => Run(pairs, new Point<T>[pairs.Length]);

    /// <summary>The same, and |x| Q per pair, where x is the curve parameter.</summary>
    /// <param name="pairs">
    /// The pairs. For a Q outside G2 the product is undefined, and the multiple may be (0, 0, 0), which is not a point.
    /// </param>
    /// <param name="running">Receives the multiples, one per pair.</param>
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

        // The curve parameter is negative.
        return result.Conjugate();
    }

    // Doubles R and multiplies by the tangent at R, evaluated at P. R and the line may be scaled: the final exponentiation maps factors in
    // Fp2 to one.
    private static TTarget DoubleStep(in TTarget f, ref Point<T> r, in Affine<T> p)
    {
        // Independent operations two at a time.
        T.MultiplyAndSquare(r.X, r.Y, out T xy, r.X, out T xx);
        T.SquareTwice(r.Y, out T yy, r.Z, out T zz);
        T e = zz.MultiplyByThreeB();
        T e3 = e.Double() + e;
        T.SquareTwice(r.Y + r.Z, out T yz2, e, out T ee);
        yz2 = yz2 - yy - zz;
        ee = ee.Double().Double();
        T.MultiplyTwice(xy, yy - e3, out T x, yy, yz2, out T z);

        r = new(x.Double(), (yy + e3).Square() - (ee.Double() + ee), z.Double().Double());
        T.MultiplyByRealTwice(xx.Double() + xx, p.X, out T line1, yz2, p.Y, out T line4);
        return f.MultiplyByLines(e - yy, line1, -line4);
    }

    // Adds Q to R and multiplies by the line through both, evaluated at P.
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
