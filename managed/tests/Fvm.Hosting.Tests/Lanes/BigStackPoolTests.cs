using Fvm.Wasm;

namespace Fvm.Hosting.Tests;

public sealed class BigStackPoolTests
{
    [Test]
    public void Work_has_a_stack_far_beyond_the_callers()
    {
        BigStackPool pool = new(1);
        using Work deep = new(() => Descend(200_000));

        pool.Run(deep);

        Assert.That(deep.Answer, Is.EqualTo(200_000));
    }

    [Test]
    public void What_work_throws_is_thrown_to_the_caller_and_the_thread_goes_on()
    {
        BigStackPool pool = new(1);
        using Work bad = new(() => throw new CallFailedException("no"));
        using Work good = new(() => 7);

        Assert.That(() => pool.Run(bad), Throws.TypeOf<CallFailedException>());
        pool.Run(good);

        Assert.That(good.Answer, Is.EqualTo(7));
        Assert.That(pool.Threads, Is.EqualTo(1));
    }

    [Test]
    public void No_more_work_is_done_at_once_than_there_are_lanes()
    {
        BigStackPool pool = new(3);
        int now = 0;
        int most = 0;
        Lock gate = new();
        Thread[] callers = new Thread[24];
        for (int i = 0; i < callers.Length; i++)
        {
            callers[i] = new Thread(() =>
            {
                using Work work = new(() =>
                {
                    lock (gate)
                    {
                        most = Math.Max(most, ++now);
                    }

                    Thread.Sleep(5);
                    lock (gate)
                    {
                        now--;
                    }

                    return 1;
                });
                pool.Run(work);
            });
            callers[i].Start();
        }

        foreach (Thread caller in callers)
        {
            caller.Join();
        }

        Assert.That(most, Is.EqualTo(3));
        Assert.That(pool.Threads, Is.EqualTo(3));
    }

    [Test]
    public void Threads_are_made_when_they_are_needed()
    {
        BigStackPool pool = new(256);
        for (int i = 0; i < 10; i++)
        {
            using Work work = new(() => i);
            pool.Run(work);
        }

        // Sequential, but the thread may not be idle yet when the next item arrives.
        Assert.That(pool.Threads, Is.LessThanOrEqualTo(3));
    }

    [Test]
    public void Work_that_waits_for_other_work_is_refused_where_no_thread_is_left()
    {
        BigStackPool pool = new(2);
        using Work inner = new(() =>
        {
            Assert.That(() => pool.BeginWait(forLane: true), Throws.TypeOf<CallerException>());

            // Waiting for a machine's gate is allowed while the queue is empty.
            Assert.That(pool.BeginWait(forLane: false), Is.True);
            Assert.That(pool.RefuseIfStuck, Throws.Nothing);
            pool.EndWait();
            return 2;
        });
        using Work outer = new(() =>
        {
            Assert.That(pool.BeginWait(forLane: true), Is.True);
            pool.Run(inner);
            pool.EndWait();
            return 3;
        });

        pool.Run(outer);

        Assert.That((outer.Answer, inner.Answer), Is.EqualTo((3, 2)));
        Assert.That(pool.BeginWait(forLane: true), Is.False, "a thread that is none of the pool's");
    }

    [Test]
    public void Waiting_work_gets_a_thread_in_the_order_of_priority_then_of_arrival()
    {
        BigStackPool pool = new(1);
        using ManualResetEventSlim go = new();
        List<int> order = [];
        using CountdownEvent ended = new(7);
        pool.Begin(new Work(() => go.Wait(TimeSpan.FromSeconds(20)) ? 1 : 0, ended.Signal));
        LanePriority[] priorities =
            [LanePriority.Low, LanePriority.Normal, LanePriority.High, LanePriority.Low, LanePriority.High, LanePriority.Normal];
        for (int i = 0; i < priorities.Length; i++)
        {
            int number = i;
            pool.Begin(new Work(() => { order.Add(number); return number; }, ended.Signal) { Priority = priorities[i] });
        }

        go.Set();

        Assert.That(ended.Wait(TimeSpan.FromSeconds(20)), Is.True);
        Assert.That(order, Is.EqualTo(new[] { 2, 4, 1, 5, 0, 3 }));
    }

    private static int Descend(int depth)
    {
        // As every nested call does.
        NativeStack.OfThread().Need(NativeStack.PerCall);
        Span<byte> room = stackalloc byte[512];
        room.Fill((byte)depth);
        return depth == 0 ? room[0] : 1 + Descend(depth - 1) + (room[1] - (byte)depth);
    }

    private sealed class Work(Func<int> work, Func<bool>? ended = null) : LaneWork
    {
        public int Answer { get; private set; }

        protected override void Run() => Answer = work();

        protected override void OnEnd() => ended?.Invoke();
    }
}
