namespace Fvm.Crypto;

/// <summary>
/// hash_to_curve of the suite BLS12381G2_XMD:SHA-256_SSWU_RO_ (RFC 9380, https://www.rfc-editor.org/rfc/rfc9380, sections 3 and 8.8.2), one
/// message per lane.
/// </summary>
internal static class HashToG2<T>
    where T : struct, IPrimeField<T>
{
    // Two elements of Fp2, each from two integers of 64 bytes.
    private const int NumberBytes = 64;
    private const int OutputBytes = 4 * NumberBytes;

    /// <summary>Writes one point per message, with at most one message per lane; lanes past the last message repeat it.</summary>
    public static void Hash(ReadOnlySpan<ReadOnlyMemory<byte>> messages, ReadOnlySpan<byte> tag, Span<Affine<Fp2<Fp>>> hashes)
    {
        // Infinity is not handled: a message that hashes to it would be a preimage of the hash.
        HashToField(messages, tag, out Fp2<T> u0, out Fp2<T> u1);
        if (messages.Length == 1 && T.LaneCount > 1)
        {
            PointLanes<PairedFp2>.Store(PackedG2Point.ClearCofactor(MapBoth(u0, u1)).ToAffine(out _), hashes[..1]);
        }
        else
        {
            PointLanes<Fp2<T>>.Store(G2<Fp2<T>>.ClearCofactor(MapToCurve<T>.Map(u0) + MapToCurve<T>.Map(u1)).ToAffine(out _), hashes);
        }
    }

    // Maps both field elements of one message, in two lanes.
    private static Point<Fp2<Fp>> MapBoth(in Fp2<T> u0, in Fp2<T> u1)
    {
        Span<Point<Fp2<Fp>>> mapped = stackalloc Point<Fp2<Fp>>[2];
        PointLanes<Fp2<T>>.Store(MapToCurve<T>.Map(Fp2<T>.Select(1, u0, u1)), mapped);
        return mapped[0] + mapped[1];
    }

    /// <summary>hash_to_field for two elements (section 5.2), of one message per lane; lanes past the last message repeat it.</summary>
    public static void HashToField(
        ReadOnlySpan<ReadOnlyMemory<byte>> messages, ReadOnlySpan<byte> tag, out Fp2<T> u0, out Fp2<T> u1)
    {
        Span<byte> uniform = stackalloc byte[OutputBytes];
        Span<Fp> numbers = stackalloc Fp[4 * T.LaneCount];
        for (int lane = 0; lane < T.LaneCount; lane++)
        {
            if (lane < messages.Length)
            {
                ExpandMessage.Xmd(messages[lane].Span, tag, uniform);
            }

            ReadNumbers(uniform, numbers, lane);
        }

        Join(numbers, out u0, out u1);
    }

    /// <summary>The same of one message, in all lanes.</summary>
    public static void HashToField(ReadOnlySpan<byte> message, ReadOnlySpan<byte> tag, out Fp2<T> u0, out Fp2<T> u1)
    {
        Span<byte> uniform = stackalloc byte[OutputBytes];
        ExpandMessage.Xmd(message, tag, uniform);
        Span<Fp> numbers = stackalloc Fp[4 * T.LaneCount];
        for (int lane = 0; lane < T.LaneCount; lane++)
        {
            ReadNumbers(uniform, numbers, lane);
        }

        Join(numbers, out u0, out u1);
    }

    private static void ReadNumbers(ReadOnlySpan<byte> uniform, Span<Fp> numbers, int lane)
    {
        for (int i = 0; i < 4; i++)
        {
            numbers[(i * T.LaneCount) + lane] = Fp.ReadWide(uniform.Slice(i * NumberBytes, NumberBytes));
        }
    }

    private static void Join(ReadOnlySpan<Fp> numbers, out Fp2<T> u0, out Fp2<T> u1)
    {
        u0 = new(T.Load(numbers), T.Load(numbers[T.LaneCount..]));
        u1 = new(T.Load(numbers[(2 * T.LaneCount)..]), T.Load(numbers[(3 * T.LaneCount)..]));
    }
}
