using NUnit.Framework;

namespace Fvm.Vectors.Tests;

public sealed class ParallelReplayTests
{
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(7)]
    public void Results_come_in_the_order_of_the_items_however_long_each_takes(int jobs)
    {
        List<int> reported = [];

        ParallelReplay.Run(Enumerable.Range(0, 500), jobs, Slow, reported.Add);

        Assert.That(reported, Is.EqualTo(Enumerable.Range(0, 500)));
    }

    [Test]
    public void Reading_waits_while_the_first_item_is_not_done()
    {
        int read = 0;
        using ManualResetEventSlim finish = new();
        int readBeforeTheFirstWasDone = 0;
        IEnumerable<int> items = Enumerable.Range(0, 10_000).Select(item =>
        {
            Interlocked.Increment(ref read);
            return item;
        });
        Task run = Task.Run(() => ParallelReplay.Run(
            items,
            jobs: 2,
            item =>
            {
                if (item == 0)
                {
                    finish.Wait();
                    readBeforeTheFirstWasDone = Volatile.Read(ref read);
                }

                return item;
            },
            _ => { }));
        Thread.Sleep(200);
        finish.Set();
        run.Wait();

        Assert.That(readBeforeTheFirstWasDone, Is.LessThanOrEqualTo(200));
        Assert.That(read, Is.EqualTo(10_000));
    }

    [Test]
    public void An_exception_of_the_work_ends_the_run_and_comes_out()
    {
        AggregateException error = Assert.Throws<AggregateException>(() => ParallelReplay.Run(
            Enumerable.Range(0, 100_000), 3, item => item == 50 ? throw new InvalidOperationException("fifty") : item, _ => { }))!;

        Assert.That(error.InnerException!.Message, Is.EqualTo("fifty"));
    }

    [Test]
    public void An_exception_of_the_items_comes_out()
    {
        static IEnumerable<int> Broken()
        {
            yield return 1;
            throw new IOException("torn");
        }

        AggregateException error = Assert.Throws<AggregateException>(() => ParallelReplay.Run(Broken(), 2, item => item, _ => { }))!;

        Assert.That(error.InnerException!.Message, Is.EqualTo("torn"));
    }

    private static int Slow(int item)
    {
        Thread.SpinWait((item * 7919) % 2000);
        return item;
    }
}
