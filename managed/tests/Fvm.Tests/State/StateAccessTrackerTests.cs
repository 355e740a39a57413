using NUnit.Framework;

namespace Fvm.Tests;

public sealed class StateAccessTrackerTests
{
    private static readonly ActorId Actor = new(101);
    private static readonly Address Key = Address.NewSecp256k1(new byte[65]);

    [Test]
    public void A_read_never_takes_an_update_back()
    {
        StateAccessTracker tracker = new([]);
        Assert.That(tracker.AccessTo(Actor), Is.EqualTo(StateAccess.None));
        tracker.RecordRead(Actor);
        Assert.That(tracker.AccessTo(Actor), Is.EqualTo(StateAccess.Read));
        tracker.RecordUpdate(Actor);
        tracker.RecordRead(Actor);
        Assert.That(tracker.AccessTo(Actor), Is.EqualTo(StateAccess.Updated));
    }

    [Test]
    public void What_a_reverted_transaction_paid_for_is_forgotten()
    {
        StateAccessTracker tracker = new([]);
        tracker.BeginTransaction();
        tracker.RecordUpdate(Actor);
        tracker.EndTransaction(revert: false);
        tracker.BeginTransaction();
        tracker.RecordRead(new ActorId(102));
        tracker.RecordLookup(Key);
        Assert.That(tracker.IsLookupPaid(Key), Is.True);
        tracker.EndTransaction(revert: true);

        Assert.That(tracker.AccessTo(Actor), Is.EqualTo(StateAccess.Updated));
        Assert.That(tracker.AccessTo(new ActorId(102)), Is.EqualTo(StateAccess.None));
        Assert.That(tracker.IsLookupPaid(Key), Is.False);
        Assert.That(() => tracker.EndTransaction(revert: false), Throws.TypeOf<FatalException>());
    }

    [Test]
    public void Preloaded_actors_and_numbers_are_free()
    {
        StateAccessTracker tracker = new([new ActorId(1)]);
        Assert.That(tracker.AccessTo(new ActorId(1)), Is.EqualTo(StateAccess.Updated));
        Assert.That(tracker.IsLookupPaid(Address.NewId(7)), Is.True);
        Assert.That(tracker.IsLookupPaid(Key), Is.False);
    }
}
