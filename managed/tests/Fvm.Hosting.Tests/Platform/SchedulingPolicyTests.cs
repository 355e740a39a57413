namespace Fvm.Hosting.Tests;

public sealed class SchedulingPolicyTests
{
    [Test]
    public void A_thread_enters_it_once_and_others_keep_theirs()
    {
        bool[] states = [];

        // A thread of its own: the threads of the tests keep their policy.
        Thread thread = new(() => states =
        [
            SchedulingPolicy.IsBatch, SchedulingPolicy.TryEnterBatch(), SchedulingPolicy.IsBatch, SchedulingPolicy.TryEnterBatch(),
        ]);
        thread.Start();
        thread.Join();

        Assert.That(states, Is.EqualTo(new[] { false, true, true, false }));
        Assert.That(SchedulingPolicy.IsBatch, Is.False);
    }
}
