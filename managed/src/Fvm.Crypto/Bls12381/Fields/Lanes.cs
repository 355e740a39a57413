// Moving points and products between single values and lanes.
namespace Fvm.Crypto.Bls12381;

/// <summary>Loads single values into the lanes of a quadratic field and takes them out again.</summary>
internal static class Lanes<T>
    where T : struct, IQuadraticField<T>
{
    /// <summary>One pair for each lane; lanes past the last repeat it.</summary>
    public static Pair<T> Load(ReadOnlySpan<Pair<Fp2<Fp>>> pairs)
    {
        Span<Fp2<Fp>> side = stackalloc Fp2<Fp>[4 * T.LaneCount];
        for (int lane = 0; lane < T.LaneCount; lane++)
        {
            Pair<Fp2<Fp>> pair = pairs[Math.Min(lane, pairs.Length - 1)];
            side[lane] = pair.P.X;
            side[T.LaneCount + lane] = pair.P.Y;
            side[(2 * T.LaneCount) + lane] = pair.Q.X;
            side[(3 * T.LaneCount) + lane] = pair.Q.Y;
        }

        Affine<T> p = new(T.Load(side[..T.LaneCount]), T.Load(side.Slice(T.LaneCount, T.LaneCount)));
        return new(p, new(T.Load(side.Slice(2 * T.LaneCount, T.LaneCount)), T.Load(side[(3 * T.LaneCount)..])));
    }

    /// <summary>Writes the point of each lane, as many as fit.</summary>
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

    /// <summary>Writes the point of each lane, as many as fit.</summary>
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

    /// <summary>Writes the element of each lane, as many as fit.</summary>
    public static void Store(in Fp12<T> values, Span<Fp12<Fp2<Fp>>> result)
    {
        Span<Fp2<Fp>> side = stackalloc Fp2<Fp>[6 * T.LaneCount];
        values.C0.C0.Store(side[..T.LaneCount]);
        values.C0.C1.Store(side.Slice(T.LaneCount, T.LaneCount));
        values.C0.C2.Store(side.Slice(2 * T.LaneCount, T.LaneCount));
        values.C1.C0.Store(side.Slice(3 * T.LaneCount, T.LaneCount));
        values.C1.C1.Store(side.Slice(4 * T.LaneCount, T.LaneCount));
        values.C1.C2.Store(side[(5 * T.LaneCount)..]);
        for (int lane = 0; lane < Math.Min(T.LaneCount, result.Length); lane++)
        {
            Fp6<Fp2<Fp>> c0 = new(side[lane], side[T.LaneCount + lane], side[(2 * T.LaneCount) + lane]);
            Fp6<Fp2<Fp>> c1 = new(side[(3 * T.LaneCount) + lane], side[(4 * T.LaneCount) + lane], side[(5 * T.LaneCount) + lane]);
            result[lane] = new(c0, c1);
        }
    }

    /// <summary>The same element in every lane.</summary>
    public static Fp12<T> Broadcast(in Fp12<Fp2<Fp>> value) => new(
        new(T.Broadcast(value.C0.C0), T.Broadcast(value.C0.C1), T.Broadcast(value.C0.C2)),
        new(T.Broadcast(value.C1.C0), T.Broadcast(value.C1.C1), T.Broadcast(value.C1.C2)));
}
