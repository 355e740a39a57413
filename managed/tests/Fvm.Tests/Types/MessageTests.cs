using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;

namespace Fvm.Tests;

public sealed class MessageTests
{
    private const string Canonical = "8a00420065420066014200051864420001400242aabb";

    [Test]
    public void A_message_is_a_list_of_ten_in_the_order_of_the_chain()
    {
        Message message = Message.Decode(Convert.FromHexString(Canonical));

        Assert.That(message.Version, Is.Zero);
        Assert.That(message.To, Is.EqualTo(Address.NewId(101)));
        Assert.That(message.From, Is.EqualTo(Address.NewId(102)));
        Assert.That(message.Sequence, Is.EqualTo(1));
        Assert.That(message.Value, Is.EqualTo(TokenAmount.FromAtto(5L)));
        Assert.That(message.GasLimit, Is.EqualTo(100));
        Assert.That(message.GasFeeCap, Is.EqualTo(TokenAmount.FromAtto(1L)));
        Assert.That(message.GasPremium, Is.EqualTo(TokenAmount.Zero));
        Assert.That(message.Method, Is.EqualTo(new MethodNumber(2)));
        Assert.That(Convert.ToHexStringLower(message.Params.Span), Is.EqualTo("aabb"));
        Assert.That(Convert.ToHexStringLower(message.Encode()), Is.EqualTo(Canonical));
    }

    [TestCase("", TestName = "No bytes")]
    [TestCase("8900420065420066014200051864420001400242aabb", TestName = "A list of nine")]
    [TestCase("8b00420065420066014200051864420001400242aabb", TestName = "A list of eleven")]
    [TestCase("9f00420065420066014200051864420001400242aabbff", TestName = "A list of no definite length")]
    [TestCase("8a00420065420066014200051864420001400242aabb00", TestName = "A byte too many")]
    [TestCase("8a00420065420066014200051864420001400242aa", TestName = "A byte too few")]
    [TestCase("8a00620065420066014200051864420001400242aabb", TestName = "An address that is a text")]
    [TestCase("8a00420565420066014200051864420001400242aabb", TestName = "An address of no protocol")]
    [TestCase("8a00420065420066014202051864420001400242aabb", TestName = "An amount of no sign")]
    [TestCase("8a00420065420066014200052064420001400242aabb", TestName = "A gas limit below zero")]
    [TestCase("8a0042006542006601420005f6420001400242aabb", TestName = "A gas limit of null")]
    [TestCase("8a00420065420066014200051864420001400262aabb", TestName = "Parameters that are a text")]
    public void What_is_no_message_is_refused(string hex) =>
        Assert.That(() => Message.Decode(Convert.FromHexString(hex)), Throws.TypeOf<MessageException>());

    [Test]
    public void An_amount_that_is_too_large_cannot_be_encoded()
    {
        Message message = new()
        {
            From = Address.NewId(1),
            To = Address.NewId(2),
            Value = TokenAmount.FromAtto(System.Numerics.BigInteger.One << 1016),
        };

        Assert.That(message.Encode, Throws.TypeOf<MessageException>());
    }

    [TestCase(0UL, false)]
    [TestCase(1UL, true)]
    [TestCase((ulong)long.MaxValue, true)]
    [TestCase((ulong)long.MaxValue + 1, false)]
    public void A_gas_limit_is_between_one_and_the_largest_signed_number(ulong limit, bool valid)
    {
        Message message = new() { From = Address.NewId(1), To = Address.NewId(2), GasLimit = limit };

        Assert.That(message.HasValidGasLimit(out string? reason), Is.EqualTo(valid));
        Assert.That(reason is null, Is.EqualTo(valid));
    }

    [Test]
    public void Messages_come_back() => Prop.ForAll<ulong, ulong, byte[]>((first, second, bytes) =>
    {
        Message message = new()
        {
            Version = first,
            From = Address.NewId(second),
            To = Address.NewActor(bytes),
            Sequence = second,
            Value = TokenAmount.FromHalves(first, second),
            Method = new MethodNumber(first),
            Params = bytes,
            GasLimit = second,
            GasFeeCap = TokenAmount.FromAtto(first),
            GasPremium = -TokenAmount.FromAtto(second),
        };
        Message again = Message.Decode(message.Encode());
        return again.Params.Span.SequenceEqual(bytes) && again with { Params = default } == message with { Params = default };
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Mutated_messages_are_read_or_refused_and_nothing_else()
    {
        Random random = new(1);
        byte[] original = Convert.FromHexString(Canonical);
        for (int i = 0; i < 100_000; i++)
        {
            byte[] mutated = original[..random.Next(1, original.Length + 1)];
            for (int flips = random.Next(1, 4); flips > 0; flips--)
            {
                mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
            }

            try
            {
                Message.Decode(mutated).Encode();
            }
            catch (MessageException)
            {
                // A refusal is acceptable.
            }
        }
    }

    [Test]
    public void Recorded_messages_come_back_byte_for_byte()
    {
        int count = 0;
        foreach (JsonElement vector in SharedVectors.Read("nv28", "sends"))
        {
            foreach (JsonElement message in vector.GetProperty("apply_messages").EnumerateArray())
            {
                byte[] bytes = message.GetProperty("bytes").GetBytesFromBase64();
                Assert.That(Message.Decode(bytes).Encode(), Is.EqualTo(bytes));
                count++;
            }
        }

        Assert.That(count, Is.GreaterThan(100));
    }
}
