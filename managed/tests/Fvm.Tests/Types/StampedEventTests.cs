using Fvm.Ipld.Cbor;
using NUnit.Framework;

namespace Fvm.Tests;

public sealed class StampedEventTests
{
    [Test]
    public void An_event_is_emitter_and_entries_of_four()
    {
        StampedEvent stamped = new(
            new ActorId(1009), new ActorEvent([new EventEntry(EventFlags.IndexedAll, "t1"u8.ToArray(), 0x55, new byte[] { 0xaa })]));

        byte[] bytes = stamped.Encode();

        Assert.That(Convert.ToHexStringLower(bytes), Is.EqualTo("821903f18184036274311855" + "41aa"));
        CborReader reader = new(bytes);
        StampedEvent again = StampedEvent.Read(ref reader);
        Assert.That(again.Emitter, Is.EqualTo(stamped.Emitter));
        Assert.That(again.Encode(), Is.EqualTo(bytes));
        Assert.That(again.ToString(), Is.EqualTo("event of f01009: t1=aa"));
    }

    [Test]
    public void An_event_may_have_no_entries()
    {
        StampedEvent stamped = new(new ActorId(1), new ActorEvent([]));
        Assert.That(Convert.ToHexStringLower(stamped.Encode()), Is.EqualTo("820180"));
    }

    [TestCase("8101")]
    [TestCase("8201818303612a55")]
    [TestCase("82018184036374ff31185541aa", TestName = "A key that is not UTF-8")]
    [TestCase("8201818403627431185561aa", TestName = "A value that is a text")]
    public void What_is_no_event_is_refused(string hex) => Assert.That(
        () =>
        {
            CborReader reader = new(Convert.FromHexString(hex));
            StampedEvent.Read(ref reader);
        },
        Throws.TypeOf<CborException>());
}
