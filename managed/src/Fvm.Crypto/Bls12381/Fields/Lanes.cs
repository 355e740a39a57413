// Moving points and field elements between single values and lanes.
namespace Fvm.Crypto.Bls12381;

/// <summary>Loads single values into lanes and takes them out again.</summary>
internal static class Lanes<T>
    where T : struct, IPrimeField<T>
{
    /// <summary>One value for each lane; lanes past the last repeat it.</summary>
    public static Fp2<T> Load(ReadOnlySpan<Fp2<Fp>> values)
    {
        Span<Fp> c0 = stackalloc Fp[T.LaneCount];
        Span<Fp> c1 = stackalloc Fp[T.LaneCount];
        for (int lane = 0; lane < T.LaneCount; lane++)
        {
            Fp2<Fp> value = values[Math.Min(lane, values.Length - 1)];
            c0[lane] = value.C0;
            c1[lane] = value.C1;
        }

        return new(T.Load(c0), T.Load(c1));
    }

    /// <summary>One pair for each lane; lanes past the last repeat it.</summary>
    public static Pair<T> Load(ReadOnlySpan<Pair<Fp>> pairs)
    {
        Span<Fp> px = stackalloc Fp[T.LaneCount];
        Span<Fp> py = stackalloc Fp[T.LaneCount];
        Span<Fp2<Fp>> qx = stackalloc Fp2<Fp>[T.LaneCount];
        Span<Fp2<Fp>> qy = stackalloc Fp2<Fp>[T.LaneCount];
        for (int lane = 0; lane < T.LaneCount; lane++)
        {
            Pair<Fp> pair = pairs[Math.Min(lane, pairs.Length - 1)];
            px[lane] = pair.P.X;
            py[lane] = pair.P.Y;
            qx[lane] = pair.Q.X;
            qy[lane] = pair.Q.Y;
        }

        return new(new(T.Load(px), T.Load(py)), new(Load(qx), Load(qy)));
    }

    /// <summary>Writes the value of each lane, as many as fit.</summary>
    public static void Store(in Fp2<T> values, Span<Fp2<Fp>> result)
    {
        Span<Fp> c0 = stackalloc Fp[T.LaneCount];
        Span<Fp> c1 = stackalloc Fp[T.LaneCount];
        values.C0.Store(c0);
        values.C1.Store(c1);
        for (int lane = 0; lane < Math.Min(T.LaneCount, result.Length); lane++)
        {
            result[lane] = new(c0[lane], c1[lane]);
        }
    }

    /// <summary>Writes the point of each lane, as many as fit.</summary>
    public static void Store(in Affine<T> points, Span<Affine<Fp>> result)
    {
        Span<Fp> x = stackalloc Fp[T.LaneCount];
        Span<Fp> y = stackalloc Fp[T.LaneCount];
        points.X.Store(x);
        points.Y.Store(y);
        for (int lane = 0; lane < Math.Min(T.LaneCount, result.Length); lane++)
        {
            result[lane] = new(x[lane], y[lane]);
        }
    }

    /// <summary>Writes the point of each lane, as many as fit.</summary>
    public static void Store(in Affine<Fp2<T>> points, Span<Affine<Fp2<Fp>>> result)
    {
        Span<Fp2<Fp>> x = stackalloc Fp2<Fp>[T.LaneCount];
        Span<Fp2<Fp>> y = stackalloc Fp2<Fp>[T.LaneCount];
        Store(points.X, x);
        Store(points.Y, y);
        for (int lane = 0; lane < Math.Min(T.LaneCount, result.Length); lane++)
        {
            result[lane] = new(x[lane], y[lane]);
        }
    }

    /// <summary>Writes the point of each lane, as many as fit.</summary>
    public static void Store(in Point<Fp2<T>> points, Span<Point<Fp2<Fp>>> result)
    {
        Span<Fp2<Fp>> x = stackalloc Fp2<Fp>[T.LaneCount];
        Span<Fp2<Fp>> y = stackalloc Fp2<Fp>[T.LaneCount];
        Span<Fp2<Fp>> z = stackalloc Fp2<Fp>[T.LaneCount];
        Store(points.X, x);
        Store(points.Y, y);
        Store(points.Z, z);
        for (int lane = 0; lane < Math.Min(T.LaneCount, result.Length); lane++)
        {
            result[lane] = new(x[lane], y[lane], z[lane]);
        }
    }

    /// <summary>The product of the first lanes.</summary>
    public static Fp12<Fp> Product(in Fp12<T> values, int count)
    {
        Span<Fp2<Fp>> coefficients = stackalloc Fp2<Fp>[6 * T.LaneCount];
        Store(values.C0.C0, coefficients);
        Store(values.C0.C1, coefficients[T.LaneCount..]);
        Store(values.C0.C2, coefficients[(2 * T.LaneCount)..]);
        Store(values.C1.C0, coefficients[(3 * T.LaneCount)..]);
        Store(values.C1.C1, coefficients[(4 * T.LaneCount)..]);
        Store(values.C1.C2, coefficients[(5 * T.LaneCount)..]);

        Fp12<Fp> product = Fp12<Fp>.One;
        for (int lane = 0; lane < count; lane++)
        {
            Fp6<Fp> c0 = new(coefficients[lane], coefficients[T.LaneCount + lane], coefficients[(2 * T.LaneCount) + lane]);
            Fp6<Fp> c1 = new(
                coefficients[(3 * T.LaneCount) + lane], coefficients[(4 * T.LaneCount) + lane], coefficients[(5 * T.LaneCount) + lane]);
            product *= new Fp12<Fp>(c0, c1);
        }

        return product;
    }
}
