using NUnit.Framework;

namespace Fvm.Ipld.Tests;

public sealed class CidSetTests
{
    private static readonly byte[] Digest = [.. Enumerable.Range(1, 32).Select(static i => (byte)i)];

    [Test]
    public void A_set_agrees_with_a_hash_set_of_any_cids()
    {
        Random random = new(1);
        CidSet set = new();
        for (int round = 0; round < 20; round++)
        {
            HashSet<Cid> expected = [];
            for (int step = 0; step < 50 << (round % 9); step++)
            {
                Cid added = Any(random);
                Assert.That(set.Add(in added), Is.EqualTo(expected.Add(added)));
                Cid asked = Any(random);
                Assert.That(set.Contains(in asked), Is.EqualTo(expected.Contains(asked)), asked.ToString());
            }

            Assert.That(set.Count, Is.EqualTo(expected.Count));
            Assert.That(expected, Is.All.Matches<Cid>(cid => set.Contains(in cid)));
            set.Clear();
            Assert.That(set.Count, Is.Zero);
            Assert.That(expected, Is.All.Matches<Cid>(cid => !set.Contains(in cid)), "cleared");
        }
    }

    [Test]
    public void Cids_that_differ_in_one_part_are_different()
    {
        byte[] other = [.. Digest];
        other[31]++;
        Cid[] cids =
        [
            Cid.CreateV1(Multicodec.Raw, MultihashCode.Blake2b256, Digest),
            Cid.CreateV1(Multicodec.Cbor, MultihashCode.Blake2b256, Digest),
            Cid.CreateV1(Multicodec.Raw | (1UL << 32), MultihashCode.Blake2b256, Digest),
            Cid.CreateV1(Multicodec.Raw, MultihashCode.Sha2_256, Digest),
            Cid.CreateV1(Multicodec.Raw, MultihashCode.Blake2b256, Digest.AsSpan(0, 31)),
            Cid.CreateV1(Multicodec.Raw, MultihashCode.Blake2b256, other),
            Cid.CreateV0(Digest),
            default,
        ];
        for (int i = 0; i < cids.Length; i++)
        {
            CidSet set = new();
            set.Add(in cids[i]);
            for (int j = 0; j < cids.Length; j++)
            {
                Assert.That(set.Contains(in cids[j]), Is.EqualTo(i == j), $"{i} {j}");
            }
        }
    }

    // Of few different ones, so that many are repeated.
    private static Cid Any(Random random)
    {
        byte[] digest = [.. Digest];
        digest[random.Next(32)] = (byte)random.Next(16);
        ulong codec = random.Next(3) == 0 ? Multicodec.Raw : Multicodec.DagCbor;
        return random.Next(8) switch
        {
            0 => Cid.CreateV1(codec, MultihashCode.Identity, digest.AsSpan(0, random.Next(32))),
            1 => Cid.CreateV1(codec, MultihashCode.Blake2b512, [.. digest, .. digest]),
            _ => Cid.CreateV1(codec, MultihashCode.Blake2b256, digest),
        };
    }
}
