using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Tests;

public sealed class StampedEventTests
{
    [Test]
    public void An_event_is_emitter_and_entries_of_four()
    {
        StampedEvent stamped = new(
            new ActorId(1009), new ActorEvent([new EventEntry(EventFlags.IndexedAll, "t1"u8.ToArray(), 0x55, new byte[] { 0xaa })]));

        Assert.That(Convert.ToHexStringLower(stamped.Encoded.Span), Is.EqualTo("821903f18184036274311855" + "41aa"));
        Assert.That(stamped.Emitter, Is.EqualTo(new ActorId(1009)));
        EventEntry entry = stamped.Event.Entries.Single();
        Assert.That(
            (entry.Flags, entry.Key.ToArray(), entry.Codec, entry.Value.ToArray()),
            Is.EqualTo((EventFlags.IndexedAll, "t1"u8.ToArray(), 0x55UL, new byte[] { 0xaa })));
        Assert.That(stamped.ToString(), Is.EqualTo("event of f01009: t1=aa"));
    }

    [Test]
    public void An_event_may_have_no_entries()
    {
        StampedEvent stamped = new(new ActorId(1), new ActorEvent([]));
        Assert.That(Convert.ToHexStringLower(stamped.Encoded.Span), Is.EqualTo("820180"));
    }

    [TestCase("8101")]
    [TestCase("818303612a55")]
    [TestCase("8184036374ff31185541aa", TestName = "A key that is not UTF-8")]
    [TestCase("818403627431185561aa", TestName = "A value that is a text")]
    public void What_is_no_event_is_refused(string hex) => Assert.That(
        () =>
        {
            CborReader reader = new(Convert.FromHexString(hex));
            StampedEvent.ReadEvent(ref reader);
        },
        Throws.TypeOf<CborException>());
}
