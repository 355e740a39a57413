using NUnit.Framework;

namespace Fvm.Tests;

public sealed class MemoryLimiterTests
{
    [Test]
    public void Memory_and_tables_count_together_up_to_the_bound()
    {
        MemoryLimiter limiter = new(1_000);
        Assert.That(limiter.TryGrowMemory(0, 600));
        Assert.That(limiter.TryGrowTable(0, 50), "8 bytes an element");
        Assert.That(limiter.Used, Is.EqualTo(1_000));
        Assert.That(limiter.TryGrowMemory(600, 601), Is.False);
        Assert.That(limiter.TryGrowTable(50, 51), Is.False);
        Assert.That(limiter.TryGrowMemory(600, 600));
        Assert.That(limiter.Used, Is.EqualTo(1_000), "what is refused does not count");
    }

    [Test]
    public void Huge_growth_is_refused()
    {
        MemoryLimiter limiter = new(1_000);
        Assert.That(limiter.TryGrowMemory(0, ulong.MaxValue), Is.False);
        Assert.That(limiter.TryGrowTable(0, uint.MaxValue), Is.False);
    }
}
