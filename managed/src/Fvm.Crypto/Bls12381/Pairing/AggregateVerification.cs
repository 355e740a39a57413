// The work of verifying an aggregate: read points, hash messages, pair, compare with one.
using System.Runtime.InteropServices;

namespace Fvm.Crypto.Bls12381;

/// <summary>
/// Verifies e(g1, signature) = e(key 1, H(message 1)) * e(key 2, H(message 2)) * ..., with as many keys, messages and pairs side by side
/// as the field has lanes.
/// </summary>
internal static class AggregateVerification<T>
    where T : struct, IPrimeField<T>
{
    // Pairs in a run of Miller's loop: their squarings are shared, and their lines should stay in the processor's cache.
    private const int PairsInRun = 64;

    /// <summary>Verifies at least one key with as many messages; keys are 48 bytes each.</summary>
    public static BlsVerdict Run(
        ReadOnlySpan<byte> signature, ReadOnlySpan<byte> publicKeys, IReadOnlyList<ReadOnlyMemory<byte>> messages, ReadOnlySpan<byte> tag)
    {
        if (!G2<Fp>.TryRead(signature, out Affine<Fp2<Fp>> aggregate, out bool isInfinity))
        {
            return BlsVerdict.Malformed;
        }

        Affine<Fp>[] keys = new Affine<Fp>[messages.Count];
        if (!TryReadKeys(publicKeys, keys, out bool anyInfinity))
        {
            return BlsVerdict.Malformed;
        }

        if (anyInfinity || HasDuplicates(messages))
        {
            return BlsVerdict.Invalid;
        }

        // The signature is paired with -g1, so that the product must be one. At infinity it contributes one by itself.
        List<Pair<Fp>> pairs = new(Math.Min(PairsInRun, keys.Length + 1));
        if (!isInfinity)
        {
            pairs.Add(new(-G1<Fp>.Generator, aggregate));
        }

        Fp12<Fp> product = Fp12<Fp>.One;
        for (int done = 0; done < keys.Length;)
        {
            int count = Math.Min(PairsInRun - pairs.Count, keys.Length - done);
            AddPairs(pairs, keys.AsSpan(done, count), messages, done, tag);
            done += count;
            product *= PairAll(CollectionsMarshal.AsSpan(pairs));
            pairs.Clear();
        }

        return FinalExponentiation.IsOne(product) ? BlsVerdict.Valid : BlsVerdict.Invalid;
    }

    private static bool TryReadKeys(ReadOnlySpan<byte> encodings, Span<Affine<Fp>> keys, out bool anyInfinity)
    {
        anyInfinity = false;
        while (!keys.IsEmpty)
        {
            int count = Math.Min(T.LaneCount, keys.Length);
            if (!G1<T>.TryRead(encodings[..(count * G1<T>.Size)], out Affine<T> points, out int infinity))
            {
                return false;
            }

            anyInfinity |= infinity != 0;
            Lanes<T>.Store(points, keys);
            keys = keys[count..];
            encodings = encodings[(count * G1<T>.Size)..];
        }

        return true;
    }

    private static void AddPairs(
        List<Pair<Fp>> pairs, ReadOnlySpan<Affine<Fp>> keys, IReadOnlyList<ReadOnlyMemory<byte>> messages, int first,
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

    // The pairs go to the lanes in turn.
    private static Fp12<Fp> PairAll(ReadOnlySpan<Pair<Fp>> pairs)
    {
        Span<Pair<T>> groups = new Pair<T>[pairs.Length / T.LaneCount];
        for (int i = 0; i < groups.Length; i++)
        {
            groups[i] = Lanes<T>.Load(pairs.Slice(i * T.LaneCount, T.LaneCount));
        }

        Fp12<Fp> product = groups.IsEmpty ? Fp12<Fp>.One : Lanes<T>.Product(MillerLoop<T>.Run(groups), T.LaneCount);
        ReadOnlySpan<Pair<Fp>> rest = pairs[(groups.Length * T.LaneCount)..];
        return rest.IsEmpty ? product : product * PairRest(rest);
    }

    // Fewer pairs than lanes: idle lanes are cheaper than one pair after the other.
    private static Fp12<Fp> PairRest(ReadOnlySpan<Pair<Fp>> pairs) =>
        pairs.Length == 1 ? MillerLoop<Fp>.Run(pairs) : Lanes<T>.Product(MillerLoop<T>.Run([Lanes<T>.Load(pairs)]), pairs.Length);

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
