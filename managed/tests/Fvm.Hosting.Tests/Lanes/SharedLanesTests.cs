namespace Fvm.Hosting.Tests;

/// <summary>Lanes whose work has a share of the processors from its begin to its end.</summary>
public sealed class SharedLanesTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Test]
    public void Work_without_a_share_wakes_no_thread_and_begins_in_the_order_of_priority()
    {
        ProcessorShare share = new(1);
        BigStackPool pool = Pool(8, share);
        using ManualResetEventSlim go = new();
        using CountdownEvent ended = new(4);
        List<LanePriority> order = [];
        pool.Begin(new Work(() => go.Wait(Patience), ended));
        foreach (LanePriority priority in (LanePriority[])[LanePriority.Low, LanePriority.Normal, LanePriority.High])
        {
            pool.Begin(new Work(() => order.Add(priority), ended) { Priority = priority });
        }

        Assert.That(share.IsWanted, Is.True);
        go.Set();

        Assert.That(ended.Wait(Patience), Is.True);
        Assert.Multiple(() =>
        {
            Assert.That(order, Is.EqualTo(new[] { LanePriority.High, LanePriority.Normal, LanePriority.Low }));
            Assert.That(pool.Threads, Is.EqualTo(1), "one thread did all of it");
            Assert.That(share.IsWanted, Is.False);
        });
    }

    [Test]
    public void Work_within_a_callback_lets_other_work_begin()
    {
        ProcessorShare share = new(1);
        BigStackPool pool = Pool(2, share);
        using ManualResetEventSlim other = new();
        using CountdownEvent ended = new(2);
        bool hasRun = false;
        pool.Begin(new Work(() => hasRun = Call(share, () => other.Wait(Patience)), ended));
        pool.Begin(new Work(other.Set, ended));

        Assert.That(ended.Wait(Patience), Is.True);
        Assert.That(hasRun, Is.True);
    }

    [Test]
    public void Work_that_no_lane_is_left_for_has_no_share()
    {
        ProcessorShare share = new(1);
        BigStackPool pool = Pool(2, share);
        using CountdownEvent within = new(2);
        using ManualResetEventSlim answer = new();
        using CountdownEvent ended = new(3);
        for (int i = 0; i < 2; i++)
        {
            pool.Begin(new Work(() => Call(share, () => within.Signal() | answer.Wait(Patience)), ended));
        }

        Assert.That(within.Wait(Patience), Is.True);
        pool.Begin(new Work(static () => { }, ended));
        Assert.That(share.IsWanted, Is.False, "it could not begin");
        answer.Set();

        Assert.That(ended.Wait(Patience), Is.True, "those that returned from their callbacks got no share");
    }

    [TestCase(0, true)]
    [TestCase(60_000, false)]
    public void A_message_makes_way_for_waiting_work_after_its_slice(int milliseconds, bool makesWay)
    {
        ProcessorShare share = new(1);
        BigStackPool pool = Pool(2, share);
        using CountdownEvent ended = new(2);
        using ManualResetEventSlim other = new();
        bool hasRun = false;
        pool.Begin(new Work(
            () =>
            {
                HostCalls calls = new(share) { Slice = TimeSpan.FromMilliseconds(milliseconds) };
                calls.EnterLane();
                pool.Begin(new Work(other.Set, ended));
                Thread.Sleep(5);
                calls.MakeWay();
                hasRun = other.IsSet;
                calls.LeaveLane();
            },
            ended));

        Assert.That(ended.Wait(Patience), Is.True);
        Assert.That(hasRun, Is.EqualTo(makesWay));
    }

    [TestCase(1, 1)]
    [TestCase(2, 3)]
    [TestCase(4, 16)]
    public void All_work_ends_and_no_more_computes_than_has_a_share(int shares, int lanes)
    {
        const int Works = 2_000;
        ProcessorShare share = new(shares);
        BigStackPool pool = Pool(lanes, share);
        using CountdownEvent ended = new(Works);
        int computing = 0;
        int most = 0;
        Parallel.For(0, Works, new ParallelOptions { MaxDegreeOfParallelism = 8 }, index =>
        {
            pool.Begin(new Work(
                () =>
                {
                    for (int i = 0; i <= index % 3; i++)
                    {
                        int now = Interlocked.Increment(ref computing);
                        int before;
                        while ((before = Volatile.Read(ref most)) < now && Interlocked.CompareExchange(ref most, now, before) != before)
                        {
                        }

                        Interlocked.Decrement(ref computing);
                        if (i < index % 3)
                        {
                            Call(share, Thread.Yield);
                        }
                    }
                },
                ended)
            {
                Priority = (LanePriority)(index % 3),
            });
        });

        Assert.That(ended.Wait(Patience), Is.True, $"{ended.CurrentCount} works did not end");
        Assert.That(Task.Run(() => TakeAll(share, shares)).Wait(Patience), Is.True, "shares were lost");
        Assert.Multiple(() =>
        {
            Assert.That(most, Is.InRange(1, shares));
            Assert.That(pool.Threads, Is.InRange(1, lanes));
        });
    }

    private static BigStackPool Pool(int lanes, ProcessorShare share)
    {
        BigStackPool pool = new(lanes, share: share);
        pool.Prepare();
        return pool;
    }

    private static bool Call(ProcessorShare share, Func<bool> host)
    {
        share.Give();
        bool answer = host();
        share.Take();
        return answer;
    }

    // All shares can be had at once.
    private static void TakeAll(ProcessorShare share, int shares)
    {
        for (int i = 0; i < shares; i++)
        {
            share.Take();
        }
    }

    private sealed class Work(Action work, CountdownEvent ended) : LaneWork(blocks: false)
    {
        protected override void Run() => work();

        protected override void OnEnd() => ended.Signal();
    }
}
