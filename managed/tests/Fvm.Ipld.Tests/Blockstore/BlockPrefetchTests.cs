using NUnit.Framework;

namespace Fvm.Ipld.Tests;

public sealed class BlockPrefetchTests
{
    [Test]
    public void A_prefetch_changes_nothing([Values(0, 1, 63, 64, 65, 3_000, 8_191, 8_193, 100_000)] int length)
    {
        byte[] block = new byte[length];
        new Random(length).NextBytes(block);
        byte[] before = [.. block];

        BlockPrefetch.Begin(block);

        Assert.That(block, Is.EqualTo(before));
    }
}
