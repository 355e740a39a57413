namespace Fvm.Crypto;

/// <summary>
/// Verifies e(g1, signature) = e(key, H(message)) with independent square roots in lanes; requires support for <see cref="FpLanes"/>. The
/// decompressions and the map to the curve share two exponentiations for their square roots; the subgroup check of the signature uses the
/// multiple computed by the Miller loop.
/// </summary>
internal static class SingleVerification
{
    // Lane assignment of the square roots.
    private const int KeyLane = 0;
    private const int SignatureLane = 1;
    private const int FirstHashLane = 2;
    private const int BothReadLanes = 0b0011;

    /// <summary>Verifies; false if a point is infinity, which <see cref="AggregateVerification{T,TFew,TTarget}"/> handles.</summary>
    public static bool TryRun(
        ReadOnlySpan<byte> signature, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> tag,
        out BlsVerdict verdict)
    {
        verdict = BlsVerdict.Malformed;
        CompressedPoint.Kind signatureKind = G2Encoding.Read(signature, out Fp2<Fp> signatureX);
        CompressedPoint.Kind keyKind = G1Encoding.Read(publicKey, out Fp keyX);
        if (signatureKind == CompressedPoint.Kind.Malformed || keyKind == CompressedPoint.Kind.Malformed)
        {
            return true;
        }

        if (signatureKind == CompressedPoint.Kind.Infinity || keyKind == CompressedPoint.Kind.Infinity)
        {
            return false;
        }

        // Two exponentiations: first 1/sqrt(y^2) of the key and of both norms, then of the real parts of both roots in Fp2.
        Fp keySquare = G1Encoding.OrdinateSquare(keyX);
        Fp2<Fp> signatureSquare = G2Encoding.OrdinateSquare(signatureX);
        HashToG2<Fp>.HashToField(message, tag, out Fp2<Fp> u0, out Fp2<Fp> u1);
        MapToCurve<FpLanes>.Candidate candidate = MapToCurve<FpLanes>.Begin(Fp2<FpLanes>.Load([u0, u0, u0, u1]));
        FpLanes squares = Join(keySquare, signatureSquare.Norm(), candidate.Norm);
        FpLanes roots = squares * FieldPower.InverseRoot(squares);
        Span<Fp> single = stackalloc Fp[FpLanes.LaneCount];
        roots.Store(single);
        Fp keyY = single[KeyLane];
        Fp signatureRealSquare = Fp2SquareRoot<Fp>.RealSquare(signatureSquare, single[SignatureLane]);
        MapToCurve<FpLanes>.Choice choice = MapToCurve<FpLanes>.Choose(candidate, roots);
        roots = FieldPower.InverseRoot(Join(Fp.One, signatureRealSquare, choice.RealSquare));
        roots.Store(single);
        Fp2<Fp> signatureY = Fp2SquareRoot<Fp>.Complete(signatureSquare, signatureRealSquare, single[SignatureLane]);
        if (((keyY.Square() - keySquare).ZeroLanes & (signatureY.Square() - signatureSquare).ZeroLanes) == 0)
        {
            return true;
        }

        // Both points with the y of their encodings, and the hash in its subgroup.
        Affine<Fp> key = G1Encoding.SelectOrdinate(keyKind, keyX, keyY);
        Affine<Fp2<Fp>> signaturePoint = G2Encoding.SelectOrdinate(signatureKind, signatureX, signatureY);
        if (IsInG1(key))
        {
            Affine<PairedFp2> hash = PackedG2Point.ClearCofactor(AddHalves(MapToCurve<FpLanes>.Complete(choice, roots))).ToAffine(out _);
            verdict = Pair(key, signaturePoint, hash);
        }

        return true;
    }

    private static FpLanes Join(in Fp key, in Fp signature, in FpLanes hash) =>
        FpLanes.Select(BothReadLanes, FpLanes.Load([key, signature, Fp.Zero, Fp.Zero]), hash);

    // The sum of the two points of the message hash (RFC 9380, section 3).
    private static Point<Fp2<Fp>> AddHalves(in Point<Fp2<FpLanes>> mapped)
    {
        Span<Point<Fp2<Fp>>> points = stackalloc Point<Fp2<Fp>>[FpLanes.LaneCount];
        PointLanes<Fp2<FpLanes>>.Store(mapped, points);
        return points[FirstHashLane] + points[FirstHashLane + 1];
    }

    private static bool IsInG1(in Affine<Fp> key)
    {
        PackedG1Point multiple = new PackedG1Point(key).MultiplyByParameter().MultiplyByParameter();
        return G1<Fp>.InSubgroupLanes(key, multiple.ToPoint()) != 0;
    }

    // Checks that the signature is in G2, and that e(-g1, signature) e(key, hash) = 1.
    private static BlsVerdict Pair(in Affine<Fp> key, in Affine<Fp2<Fp>> signature, in Affine<PairedFp2> hash)
    {
        Affine<Fp> generator = G1<Fp>.Generator;
        Affine<PairedFp2> p = new(Reals(generator.X, key.X), Reals(-generator.Y, key.Y));
        Affine<PairedFp2> q = new(
            PairedFp2.LowHigh(PairedFp2.Broadcast(signature.X), hash.X), PairedFp2.LowHigh(PairedFp2.Broadcast(signature.Y), hash.Y));
        Point<PairedFp2>[] multiples = new Point<PairedFp2>[1];
        PackedFp12 product = MillerLoop<PairedFp2, PackedFp12>.Run([new(p, q)], multiples);
        if ((G2<PairedFp2>.InSubgroupLanes(new Point<PairedFp2>(q), multiples[0]) & 1) == 0)
        {
            return BlsVerdict.Malformed;
        }

        return FinalExponentiation<PackedFp12>.OneLanes(product) != 0 ? BlsVerdict.Valid : BlsVerdict.Invalid;
    }

    private static PairedFp2 Reals(in Fp first, in Fp second) => PairedFp2.Create(new(first, Fp.Zero), new(second, Fp.Zero));
}
