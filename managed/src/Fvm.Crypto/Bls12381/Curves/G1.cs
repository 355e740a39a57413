namespace Fvm.Crypto;

/// <summary>
/// G1, the subgroup of order r of y^2 = x^3 + 4 over Fp (https://datatracker.ietf.org/doc/draft-irtf-cfrg-pairing-friendly-curves, section
/// 4.2.1 and appendix C): decompression and subgroup checks, one point per lane.
/// </summary>
internal static class G1<T>
    where T : struct, IPrimeField<T>
{
    /// <summary>Bytes of a compressed point.</summary>
    public const int Size = Fp.Size;

    /// <summary>The generator, broadcast to all lanes.</summary>
    public static readonly Affine<T> Generator = new(
        T.Broadcast(Fp.Parse("17f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb")),
        T.Broadcast(Fp.Parse("08b3f481e3aaa0f1a09e30ed741d8ae4fcf5e095d5d00af600db18cb2c04b3edd03cc744a2888ae40caa232946c5e7e1")));

    /// <summary>The constant of the curve equation, broadcast to all lanes.</summary>
    public static readonly T B = T.Broadcast(Fp.Parse("4"));

    // The cube root of unity with (Beta x, y) = -X^2 (x, y) in G1, where X is the curve parameter.
    internal static readonly T Beta = T.Broadcast(
        Fp.Parse("5f19672fdf76ce51ba69c6076a0f77eaddb3a93be6f89688de17d813620a00022e01fffffffefffe"));

    /// <summary>Reads one compressed point per lane.</summary>
    /// <param name="encodings">48 bytes per point, at least one point. Lanes past the last point repeat it.</param>
    /// <param name="points">The points; lanes at infinity hold the generator.</param>
    /// <param name="infinity">The lanes at infinity.</param>
    /// <returns>False if an encoding is malformed, or its point is not on the curve or not in the subgroup.</returns>
    public static bool TryRead(ReadOnlySpan<byte> encodings, out Affine<T> points, out int infinity)
    {
        Span<byte> bytes = stackalloc byte[Size];
        Span<Fp> x = stackalloc Fp[T.LaneCount];
        infinity = 0;
        int high = 0;
        for (int lane = 0; lane < T.LaneCount; lane++)
        {
            ReadOnlySpan<byte> encoding = encodings.Slice(Math.Min(lane * Size, encodings.Length - Size), Size);
            CompressedPoint.Kind kind = CompressedPoint.Read(encoding, bytes);
            infinity |= kind == CompressedPoint.Kind.Infinity ? 1 << lane : 0;
            high |= kind == CompressedPoint.Kind.High ? 1 << lane : 0;
            if (kind == CompressedPoint.Kind.Malformed || !Fp.TryRead(bytes, out x[lane]))
            {
                points = default;
                return false;
            }
        }

        int all = (1 << T.LaneCount) - 1;
        T abscissa = T.Load(x);
        T square = (abscissa.Square() * abscissa) + B;
        T ordinate = square * FieldPower.InverseRoot(square);
        int onCurve = (ordinate.Square() - square).ZeroLanes;
        ordinate = T.Select(ordinate.HighLanes ^ high, -ordinate, ordinate);
        points = new(T.Select(infinity, Generator.X, abscissa), T.Select(infinity, Generator.Y, ordinate));
        return ((onCurve | infinity) & InSubgroupLanes(points)) == all;
    }

    /// <summary>
    /// The lanes in the subgroup: M. Scott, "A note on group membership tests for G1, G2 and GT on BLS pairing-friendly curves",
    /// https://eprint.iacr.org/2021/1130.
    /// </summary>
    public static int InSubgroupLanes(in Affine<T> points)
    {
        Point<T> multiple = new Point<T>(points).MultiplyByParameter().MultiplyByParameter();
        return InSubgroupLanes(points, multiple);
    }

    /// <summary>The lanes in the subgroup, given X^2 times the points, where X is the curve parameter.</summary>
    public static int InSubgroupLanes(in Affine<T> points, in Point<T> multiple) =>
        (-multiple).EqualLanes(new Point<T>(points.X * Beta, points.Y, T.One));
}
