using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Tests;

public sealed class EventsAccumulatorTests
{
    [Test]
    public void Without_events_there_is_no_root() => Assert.That(new EventsAccumulator(new KeptBytes()).Root(), Is.Null);

    [Test]
    public void A_transaction_that_is_reverted_takes_its_events_and_those_within_it_back()
    {
        EventsAccumulator events = new(new KeptBytes());
        events.BeginTransaction();
        events.Append(By(1));
        events.BeginTransaction();
        events.Append(By(2));
        events.BeginTransaction();
        events.Append(By(3));
        events.EndTransaction(revert: false);
        events.EndTransaction(revert: true);
        events.Append(By(4));
        events.EndTransaction(revert: false);
        Assert.That(events.Events.Select(static e => e.Emitter.Value), Is.EqualTo(new[] { 1, 4 }));
    }

    [Test]
    public void Transactions_that_began_before_the_first_event_take_all_events_back()
    {
        EventsAccumulator events = new(new KeptBytes());
        events.BeginTransaction();
        events.BeginTransaction();
        events.EndTransaction(revert: true);
        events.BeginTransaction();
        events.Append(By(1));
        events.BeginTransaction();
        events.Append(By(2));
        events.EndTransaction(revert: true);
        Assert.That(events.Events.Select(static e => e.Emitter.Value), Is.EqualTo(new[] { 1 }));
        events.EndTransaction(revert: true);
        Assert.That(events.Events, Is.Empty);
        Assert.That(() => events.Root(), Throws.InstanceOf<FatalException>());
        events.EndTransaction(revert: false);
        Assert.That(events.Root(), Is.Null);
    }

    [Test]
    public void An_open_transaction_at_the_end_is_fatal()
    {
        EventsAccumulator events = new(new KeptBytes());
        events.BeginTransaction();
        Assert.That(() => events.Root(), Throws.InstanceOf<FatalException>());
    }

    [Test]
    public void The_root_depends_on_order_and_number()
    {
        Cid?[] roots = [.. new[] { new[] { 1 }, [1, 2], [2, 1], [1, 1], [.. Enumerable.Range(0, 100)] }.Select(static emitters =>
        {
            EventsAccumulator events = new(new KeptBytes());
            Array.ForEach(emitters, emitter => events.Append(By(emitter)));
            return events.Root();
        })];
        Assert.That(roots, Is.Unique);
        Assert.That(roots, Is.All.Not.Null);
    }

    private static ReadOnlySpan<byte> By(int emitter) => new StampedEvent(new ActorId((ulong)emitter), new ActorEvent([])).Encoded.Span;
}
