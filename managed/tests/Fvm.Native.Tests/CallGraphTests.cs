using Fvm.Hosting;

namespace Fvm.Native.Tests;

public sealed class CallGraphTests
{
    private readonly CallGraph _graph = new(default);

    [Test]
    public void A_thread_in_no_callback_may_call_any_machine()
    {
        Assert.That(_graph.Begin(Machine()), Is.Null);
    }

    [Test]
    public void A_callback_may_call_another_machine_and_not_its_own()
    {
        NativeMachine first = Machine();
        NativeMachine second = Machine();
        NativeMachine? before = _graph.Enter(first);

        Assert.That(() => _graph.Begin(first), Throws.TypeOf<CallerException>());
        Assert.That(_graph.Begin(second), Is.SameAs(first));

        _graph.End(first);
        _graph.Leave(before);
        Assert.That(_graph.Begin(first), Is.Null);
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(7)]
    public void A_circle_of_callbacks_is_refused_where_it_would_close(int machines)
    {
        NativeMachine[] circle = [.. Enumerable.Range(0, machines).Select(_ => Machine())];
        for (int i = 0; i < machines - 1; i++)
        {
            // One thread each, like messages.
            OnThread(() =>
            {
                _ = _graph.Enter(circle[i]);
                Assert.That(_graph.Begin(circle[i + 1]), Is.SameAs(circle[i]));
            });
        }

        OnThread(() =>
        {
            _ = _graph.Enter(circle[^1]);
            foreach (NativeMachine machine in circle)
            {
                Assert.That(() => _graph.Begin(machine), Throws.TypeOf<CallerException>());
            }

            Assert.That(_graph.Begin(Machine()), Is.SameAs(circle[^1]));
        });
    }

    private static void OnThread(Action work)
    {
        Exception? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                work();
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        Assert.That(failure, Is.Null);
    }

    private NativeMachine Machine() => new(null!, new HostCalls(), _graph, new BigStackPool(1));
}
