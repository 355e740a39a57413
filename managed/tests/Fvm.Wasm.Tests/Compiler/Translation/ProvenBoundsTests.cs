using NUnit.Framework;

namespace Fvm.Wasm.Tests;

public sealed class ProvenBoundsTests
{
    [Test]
    public void A_proof_covers_as_many_bytes_as_were_checked_until_the_local_is_set()
    {
        ProvenBounds proofs = new();
        proofs.Add(3, 8, since: 0);
        Assert.That((proofs.Covers(3, 8), proofs.Covers(3, 9), proofs.Covers(4, 1)), Is.EqualTo((true, false, false)));
        proofs.Forget(3);
        Assert.That(proofs.Covers(3, 1), Is.False);
    }

    [Test]
    public void At_the_end_of_a_block_the_proofs_from_before_it_remain()
    {
        ProvenBounds proofs = new();
        proofs.Add(1, 8, since: 0);
        proofs.Add(2, 8, since: 0);
        int start = proofs.Time;
        proofs.Add(1, 16, start);
        proofs.Add(3, 8, start);
        proofs.Forget(2);
        Assert.That((proofs.Covers(1, 16), proofs.Covers(3, 8)), Is.EqualTo((true, true)));
        proofs.KeepUntil(start);
        Assert.That(
            (proofs.Covers(1, 8), proofs.Covers(1, 9), proofs.Covers(2, 1), proofs.Covers(3, 1)), Is.EqualTo((true, false, false, false)));
    }

    [Test]
    public void A_loop_keeps_the_locals_that_nothing_sets_from_there_on()
    {
        ProvenBounds proofs = new();
        for (int local = 0; local < 4; local++)
        {
            proofs.Add(local, 8, since: 0);
        }

        proofs.KeepSetBefore([0, 99, 100, 101], offset: 100);
        Assert.That(
            (proofs.Covers(0, 8), proofs.Covers(1, 8), proofs.Covers(2, 8), proofs.Covers(3, 8)), Is.EqualTo((true, true, false, false)));
    }

    [Test]
    public void Of_many_proofs_some_are_forgotten_and_none_is_invented([Values(1, 5, 40)] int locals)
    {
        ProvenBounds proofs = new();
        Dictionary<int, ulong> all = [];
        Random random = new(1);
        for (int i = 0; i < 2000; i++)
        {
            int local = random.Next(locals);
            ulong extent = all.GetValueOrDefault(local) + (ulong)random.Next(1, 9);
            if (random.Next(8) == 0)
            {
                proofs.Forget(local);
                all.Remove(local);
                continue;
            }

            proofs.Add(local, extent, since: random.Next(proofs.Time + 1));
            all[local] = extent;
            Assert.That(proofs.Covers(local, extent), Is.True);
            for (int other = 0; other < locals; other++)
            {
                Assert.That(proofs.Covers(other, all.GetValueOrDefault(other) + 1), Is.False);
            }
        }
    }
}
