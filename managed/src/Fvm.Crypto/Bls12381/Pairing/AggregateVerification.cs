using System.Runtime.InteropServices;

namespace Fvm.Crypto;

/// <summary>
/// Verifies e(g1, signature) = e(key 1, H(message 1)) * e(key 2, H(message 2)) * ..., with one key, message or pair per lane of the field:
/// decompression, hashing, product of pairings, comparison with one.
/// </summary>
/// <typeparam name="T">The base field of keys, hashes and full groups of pairs.</typeparam>
/// <typeparam name="TFew">The extension field of the remaining pairs.</typeparam>
/// <typeparam name="TTarget">The target field of the product.</typeparam>
internal static class AggregateVerification<T, TFew, TTarget>
    where T : struct, IPrimeField<T>
    where TFew : struct, IQuadraticField<TFew>
    where TTarget : struct, ITargetField<TTarget, TFew>
{
    // Pairs per Miller loop: they share its squarings, and their points stay in the L1 cache.
    private const int PairsInRun = 64;

    /// <summary>Verifies one or more 48-byte keys with one message each.</summary>
    public static BlsVerdict Run(
        ReadOnlySpan<byte> signature, ReadOnlySpan<byte> publicKeys, IReadOnlyList<ReadOnlyMemory<byte>> messages, ReadOnlySpan<byte> tag)
    {
        if (!G2Encoding.TryRead(signature, out Affine<Fp2<Fp>> aggregate, out bool isInfinity))
        {
            return BlsVerdict.Malformed;
        }

        Affine<Fp2<Fp>>[] keys = new Affine<Fp2<Fp>>[messages.Count];
        if (!TryReadKeys(publicKeys, keys, out bool anyInfinity))
        {
            return BlsVerdict.Malformed;
        }

        if (anyInfinity || HasDuplicates(messages))
        {
            return BlsVerdict.Invalid;
        }

        // The signature is paired with -g1, so the product must be one. A signature at infinity contributes the factor one.
        List<Pair<Fp2<Fp>>> pairs = new(Math.Min(PairsInRun, keys.Length + 1));
        if (!isInfinity)
        {
            pairs.Add(new(-InExtension(G1<Fp>.Generator), aggregate));
        }

        TTarget product = TTarget.One;
        for (int done = 0; done < keys.Length;)
        {
            int count = Math.Min(PairsInRun - pairs.Count, keys.Length - done);
            AddPairs(pairs, keys.AsSpan(done, count), messages, done, tag);
            done += count;

            // Sound: the list does not change while its span is in use.
            product *= PairAll(CollectionsMarshal.AsSpan(pairs));
            pairs.Clear();
        }

        return FinalExponentiation<TTarget>.OneLanes(product) != 0 ? BlsVerdict.Valid : BlsVerdict.Invalid;
    }

    private static bool TryReadKeys(ReadOnlySpan<byte> encodings, Span<Affine<Fp2<Fp>>> keys, out bool anyInfinity)
    {
        Span<Fp> x = stackalloc Fp[T.LaneCount];
        Span<Fp> y = stackalloc Fp[T.LaneCount];
        anyInfinity = false;
        while (!keys.IsEmpty)
        {
            int count = Math.Min(T.LaneCount, keys.Length);
            if (!G1<T>.TryRead(encodings[..(count * G1<T>.Size)], out Affine<T> points, out int infinity))
            {
                return false;
            }

            anyInfinity |= infinity != 0;
            points.X.Store(x);
            points.Y.Store(y);
            for (int lane = 0; lane < count; lane++)
            {
                keys[lane] = InExtension(new(x[lane], y[lane]));
            }

            keys = keys[count..];
            encodings = encodings[(count * G1<T>.Size)..];
        }

        return true;
    }

    private static Affine<Fp2<Fp>> InExtension(in Affine<Fp> point) => new(new(point.X, Fp.Zero), new(point.Y, Fp.Zero));

    private static void AddPairs(
        List<Pair<Fp2<Fp>>> pairs, ReadOnlySpan<Affine<Fp2<Fp>>> keys, IReadOnlyList<ReadOnlyMemory<byte>> messages, int first,
        ReadOnlySpan<byte> tag)
    {
        ReadOnlyMemory<byte>[] side = new ReadOnlyMemory<byte>[T.LaneCount];
        Span<Affine<Fp2<Fp>>> hashes = stackalloc Affine<Fp2<Fp>>[T.LaneCount];
        for (int start = 0; start < keys.Length; start += T.LaneCount)
        {
            int count = Math.Min(T.LaneCount, keys.Length - start);
            for (int lane = 0; lane < count; lane++)
            {
                side[lane] = messages[first + start + lane];
            }

            HashToG2<T>.Hash(side.AsSpan(0, count), tag, hashes);
            for (int lane = 0; lane < count; lane++)
            {
                pairs.Add(new(keys[start + lane], hashes[lane]));
            }
        }
    }

    // Groups of one pair per lane, then the remaining pairs.
    private static TTarget PairAll(ReadOnlySpan<Pair<Fp2<Fp>>> pairs)
    {
        int groups = T.LaneCount > 1 ? pairs.Length / T.LaneCount : 0;
        TTarget product = PairRest(pairs[(groups * T.LaneCount)..]);
        return groups == 0 ? product : product * PairGroups(pairs[..(groups * T.LaneCount)]);
    }

    private static TTarget PairRest(ReadOnlySpan<Pair<Fp2<Fp>>> pairs)
    {
        Pair<TFew>[] few = new Pair<TFew>[(pairs.Length + TFew.LaneCount - 1) / TFew.LaneCount];
        Pair<Fp2<Fp>>[] side = new Pair<Fp2<Fp>>[TFew.LaneCount];
        for (int i = 0; i < few.Length; i++)
        {
            for (int lane = 0; lane < side.Length; lane++)
            {
                int at = (i * side.Length) + lane;
                side[lane] = at < pairs.Length ? pairs[at] : Pair<Fp2<Fp>>.Neutral;
            }

            few[i] = Pair<TFew>.Load(side);
        }

        return MillerLoop<TFew, TTarget>.Run(few);
    }

    private static TTarget PairGroups(ReadOnlySpan<Pair<Fp2<Fp>>> pairs)
    {
        Pair<Fp2<T>>[] groups = new Pair<Fp2<T>>[pairs.Length / T.LaneCount];
        for (int i = 0; i < groups.Length; i++)
        {
            groups[i] = Pair<Fp2<T>>.Load(pairs[(i * T.LaneCount)..]);
        }

        Fp12<Fp2<Fp>>[] products = new Fp12<Fp2<Fp>>[T.LaneCount];
        MillerLoop<Fp2<T>, Fp12<Fp2<T>>>.Run(groups).Store(products);
        TTarget product = TTarget.Broadcast(products[0]);
        for (int lane = 1; lane < products.Length; lane++)
        {
            product *= TTarget.Broadcast(products[lane]);
        }

        return product;
    }

    private static bool HasDuplicates(IReadOnlyList<ReadOnlyMemory<byte>> messages)
    {
        if (messages.Count == 1)
        {
            return false;
        }

        HashSet<ReadOnlyMemory<byte>> seen = new(messages.Count, ContentComparer.Instance);
        foreach (ReadOnlyMemory<byte> message in messages)
        {
            if (!seen.Add(message))
            {
                return true;
            }
        }

        return false;
    }
}
