namespace Fvm.Crypto;

/// <summary>Unpacks points over a field with lanes into single points, one per lane.</summary>
internal static class PointLanes<T>
    where T : struct, IQuadraticField<T>
{
    /// <summary>Writes one point per lane, limited by the length of the result.</summary>
    public static void Store(in Affine<T> points, Span<Affine<Fp2<Fp>>> result)
    {
        Span<Fp2<Fp>> x = stackalloc Fp2<Fp>[T.LaneCount];
        Span<Fp2<Fp>> y = stackalloc Fp2<Fp>[T.LaneCount];
        points.X.Store(x);
        points.Y.Store(y);
        for (int lane = 0; lane < Math.Min(T.LaneCount, result.Length); lane++)
        {
            result[lane] = new(x[lane], y[lane]);
        }
    }

    /// <summary>Writes one point per lane, limited by the length of the result.</summary>
    public static void Store(in Point<T> points, Span<Point<Fp2<Fp>>> result)
    {
        Span<Fp2<Fp>> x = stackalloc Fp2<Fp>[T.LaneCount];
        Span<Fp2<Fp>> y = stackalloc Fp2<Fp>[T.LaneCount];
        Span<Fp2<Fp>> z = stackalloc Fp2<Fp>[T.LaneCount];
        points.X.Store(x);
        points.Y.Store(y);
        points.Z.Store(z);
        for (int lane = 0; lane < Math.Min(T.LaneCount, result.Length); lane++)
        {
            result[lane] = new(x[lane], y[lane], z[lane]);
        }
    }
}
