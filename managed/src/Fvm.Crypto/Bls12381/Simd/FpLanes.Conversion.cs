using System.Runtime.Intrinsics;

namespace Fvm.Crypto;

/// <remarks>Conversion between single elements (64-bit limbs, Montgomery factor 2^384) and lanes (50-bit limbs, factor 2^400).</remarks>
internal partial struct FpLanes
{
    private const ulong LimbMask = (1UL << LimbBits) - 1;

    public static FpLanes Broadcast(in Fp element)
    {
        Span<Fp> elements = stackalloc Fp[Count];
        elements.Fill(element);
        return Load(elements);
    }

    public static FpLanes Load(ReadOnlySpan<Fp> elements)
    {
        Span<double> limbs = stackalloc double[LimbCount * Count];
        Span<ulong> words = stackalloc ulong[Fp.Limbs + 1];
        for (int lane = 0; lane < Count; lane++)
        {
            words[Fp.Limbs] = 0;
            elements[lane].ToLaneForm(words);
            for (int i = 0; i < LimbCount; i++)
            {
                int bit = i * LimbBits;
                ulong limb = words[bit / 64] >> (bit % 64);
                if (bit % 64 > 64 - LimbBits)
                {
                    limb |= words[(bit / 64) + 1] << (64 - (bit % 64));
                }

                limbs[(i * Count) + lane] = limb & LimbMask;
            }
        }

        return Carried(
            Vector256.Create<double>(limbs), Vector256.Create<double>(limbs[4..]),
            Vector256.Create<double>(limbs[8..]), Vector256.Create<double>(limbs[12..]),
            Vector256.Create<double>(limbs[16..]), Vector256.Create<double>(limbs[20..]),
            Vector256.Create<double>(limbs[24..]), Vector256.Create<double>(limbs[28..]));
    }

    public readonly void Store(Span<Fp> elements)
    {
        Span<double> limbs = stackalloc double[LimbCount * Count];
        FpLanes reduced = Reduce();
        for (int i = 0; i < LimbCount; i++)
        {
            reduced[i].CopyTo(limbs[(i * Count)..]);
        }

        Span<ulong> words = stackalloc ulong[Fp.Limbs];
        for (int lane = 0; lane < Count; lane++)
        {
            // The value is within ±0.7 p: adding p makes it positive and below 2p.
            Fp.Modulus.CopyTo(words);
            for (int i = 0; i < LimbCount; i++)
            {
                AddShifted(words, (long)limbs[(i * Count) + lane], i * LimbBits);
            }

            elements[lane] = Fp.FromLaneForm(words);
        }
    }

    // words += limb * 2^bit, modulo 2^384.
    private static void AddShifted(Span<ulong> words, long limb, int bit)
    {
        Int128 shifted = (Int128)limb << (bit % 64);
        ulong carry = 0;
        ulong extension = limb < 0 ? ulong.MaxValue : 0;
        for (int i = bit / 64; i < words.Length; i++)
        {
            ulong part = (i - (bit / 64)) switch
            {
                0 => (ulong)shifted,
                1 => (ulong)(shifted >> 64),
                _ => extension,
            };
            words[i] = Limb.Add(words[i], part, ref carry);
        }
    }
}
