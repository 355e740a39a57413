namespace Fvm.Hosting.Tests;

public sealed class ProcessorShareTests
{
    [TestCase(1, 4, false)]
    [TestCase(8, 4, false)]
    [TestCase(9, 4, true)]
    [TestCase(256, 1, true)]
    public void Only_more_lanes_than_processors_serve_are_bounded(int lanes, int processors, bool bounded)
    {
        ProcessorShare? share = ProcessorShare.For(lanes, processors);
        Assert.That(share is not null, Is.EqualTo(bounded));
    }

    [Test]
    public void No_more_messages_compute_than_there_are_shares_and_a_callback_lets_others_compute()
    {
        ProcessorShare share = new(2);
        int computing = 0;
        int most = 0;
        int within = 0;
        using CountdownEvent meeting = new(8);
        Thread[] threads = new Thread[8];
        for (int i = 0; i < threads.Length; i++)
        {
            threads[i] = new Thread(() =>
            {
                HostCalls calls = new(share);
                calls.BeginMessage();
                for (int round = 0; round < 50; round++)
                {
                    Interlocked.Exchange(ref most, Math.Max(Volatile.Read(ref most), Interlocked.Increment(ref computing)));
                    Thread.Yield();
                    Interlocked.Decrement(ref computing);
                    calls.BeforeCallback();
                    if (round == 0)
                    {
                        // All eight are inside a callback at the same time, though only two may compute.
                        Interlocked.Increment(ref within);
                        meeting.Signal();
                        meeting.Wait(TimeSpan.FromSeconds(20));
                    }

                    calls.AfterCallback();
                }

                calls.EndMessage();
            });
            threads[i].Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        Assert.Multiple(() =>
        {
            Assert.That(meeting.IsSet, Is.True);
            Assert.That(within, Is.EqualTo(8));
            Assert.That(most, Is.InRange(1, 2));
        });
    }

    [Test]
    public void The_most_urgent_waiter_gets_the_next_share()
    {
        ProcessorShare share = new(1);
        share.Take();
        List<LanePriority> order = [];
        List<Thread> threads = [];
        foreach (LanePriority priority in (LanePriority[])[LanePriority.Low, LanePriority.Normal, LanePriority.High])
        {
            Thread thread = new(() =>
            {
                share.Take(priority);
                order.Add(priority);
                share.Give();
            });
            threads.Add(thread);
            thread.Start();
            Assert.That(SpinWait.SpinUntil(() => share.Waiting == threads.Count, 20_000), Is.True);
        }

        share.Give();
        threads.ForEach(static thread => thread.Join());

        Assert.That(order, Is.EqualTo(new[] { LanePriority.High, LanePriority.Normal, LanePriority.Low }));
    }

    [Test]
    public void Callbacks_outside_of_a_message_take_no_share()
    {
        ProcessorShare share = new(1);
        HostCalls calls = new(share);
        share.Take();
        Thread other = new(() =>
        {
            calls.BeforeCallback();
            calls.AfterCallback();
        });
        other.Start();
        Assert.That(other.Join(TimeSpan.FromSeconds(20)), Is.True);
        calls.BeforeCallback();
        Thread second = new(() => share.Take()) { IsBackground = true };
        second.Start();
        Assert.That(second.Join(TimeSpan.FromMilliseconds(100)), Is.False, "the callback gave a share that it did not have");
    }
}
