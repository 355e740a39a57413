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

    // Two addresses are kept without a map if they come before a transaction; beside a plain model, which a failed call's entries leave.
    [Test]
    public void Lookups_are_tracked_through_nested_transactions()
    {
        Random random = new(4);
        Address[] addresses = [.. Enumerable.Range(0, 6).Select(static i => Address.NewSecp256k1([.. Enumerable.Repeat((byte)i, 65)]))];
        for (int round = 0; round < 500; round++)
        {
            StateAccessTracker tracker = new([]);
            Stack<HashSet<Address>> layers = new();
            HashSet<Address> model = [];
            for (int step = 0; step < 40; step++)
            {
                switch (random.Next(4))
                {
                    case 0:
                        tracker.BeginTransaction();
                        layers.Push([.. model]);
                        break;
                    case 1 when layers.Count > 0:
                        bool revert = random.Next(2) == 0;
                        tracker.EndTransaction(revert);
                        HashSet<Address> before = layers.Pop();
                        model = revert ? before : model;
                        break;
                    default:
                        Address address = addresses[random.Next(addresses.Length)];
                        tracker.RecordLookup(address);
                        model.Add(address);
                        break;
                }

                foreach (Address address in addresses)
                {
                    Assert.That(tracker.IsLookupPaid(address), Is.EqualTo(model.Contains(address)), $"round {round}, step {step}");
                }
            }
        }
    }

    // More actors than the tracker keeps without a map, in transactions of which some are reverted, beside a plain model.
    [Test]
    public void Any_number_of_actors_and_nested_transactions_is_tracked()
    {
        Random random = new(3);
        for (int round = 0; round < 500; round++)
        {
            StateAccessTracker tracker = new([new ActorId(1)]);
            Stack<Dictionary<ActorId, StateAccess>> layers = new();
            Dictionary<ActorId, StateAccess> model = [];
            for (int step = 0; step < 60; step++)
            {
                ActorId actor = new((ulong)random.Next(2, 4 + (round % 30)));
                StateAccess known = model.GetValueOrDefault(actor);
                switch (random.Next(5))
                {
                    case 0:
                        tracker.BeginTransaction();
                        layers.Push(new Dictionary<ActorId, StateAccess>(model));
                        break;
                    case 1 when layers.Count > 0:
                        bool revert = random.Next(2) == 0;
                        tracker.EndTransaction(revert);
                        Dictionary<ActorId, StateAccess> before = layers.Pop();
                        model = revert ? before : model;
                        break;
                    case 2:
                        tracker.RecordUpdate(actor);
                        model[actor] = StateAccess.Updated;
                        break;
                    default:
                        tracker.RecordRead(actor);
                        model[actor] = known == StateAccess.None ? StateAccess.Read : known;
                        break;
                }

                for (ulong id = 2; id < 40; id++)
                {
                    Assert.That(tracker.AccessTo(new ActorId(id)), Is.EqualTo(model.GetValueOrDefault(new ActorId(id))), $"round {round}, step {step}");
                }
            }
        }
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
