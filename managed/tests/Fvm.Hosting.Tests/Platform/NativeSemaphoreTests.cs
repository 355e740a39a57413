namespace Fvm.Hosting.Tests;

public sealed class NativeSemaphoreTests
{
    [Test]
    public void It_counts()
    {
        using NativeSemaphore semaphore = new(1);
        semaphore.Take();
        Assert.That(semaphore.TryTake(1), Is.False);
        semaphore.Give();
        semaphore.Give();
        Assert.That((semaphore.TryTake(1), semaphore.TryTake(1), semaphore.TryTake(1)), Is.EqualTo((true, true, false)));
    }

    // The C library would read at address 0, and end the process.
    [Test]
    public void Its_use_after_disposal_is_an_exception()
    {
        NativeSemaphore semaphore = new(1);
        semaphore.Dispose();
        semaphore.Dispose();
        Assert.Multiple(() =>
        {
            Assert.That(semaphore.Give, Throws.TypeOf<ObjectDisposedException>());
            Assert.That(semaphore.Take, Throws.TypeOf<ObjectDisposedException>());
            Assert.That(() => semaphore.TryTake(0), Throws.TypeOf<ObjectDisposedException>());
        });
    }
}
