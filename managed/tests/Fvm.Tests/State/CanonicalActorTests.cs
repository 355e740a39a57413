using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Tests;

public sealed class CanonicalActorTests
{
    private static readonly TokenAmount[] Balances =
    [
        TokenAmount.Zero,
        TokenAmount.FromAtto(1L),
        TokenAmount.FromAtto(255L),
        TokenAmount.FromAtto(256L),
        TokenAmount.FromAtto(System.Numerics.BigInteger.Pow(2, 90)),
        TokenAmount.FromAtto(System.Numerics.BigInteger.Pow(2, 130)),
        TokenAmount.FromAtto(System.Numerics.BigInteger.Pow(2, 500)),
        TokenAmount.FromAtto(-5L),
    ];

    private static readonly Address?[] Addresses =
    [
        null,
        Address.NewDelegated(ActorId.EthereumAddressManager, new byte[20]),
        Address.NewDelegated(ActorId.EthereumAddressManager, new byte[19]),
        Address.NewDelegated(new ActorId(1000), new byte[20]),
        Address.NewId(new ActorId(5)),
    ];

    // As many as an actor's longest usual form needs: with fewer, another part of the measure decides.
    private static readonly byte[] Following = new byte[128];

    [Test]
    public void Usual_actors_are_recognised_and_others_are_left_to_decoding([Values] StateTreeVersion version)
    {
        if (version < StateTreeVersion.V4)
        {
            return;
        }

        int recognised = 0;
        foreach (ActorState actor in Actors())
        {
            byte[] bytes = actor.Encode(version);
            int length = CanonicalActor.Measure(bytes, version);
            Assert.That(length, Is.EqualTo(0).Or.EqualTo(bytes.Length));
            Assert.That(CanonicalActor.Measure([.. bytes, 0], version), Is.EqualTo(length), "bytes may follow");
            Assert.That(CanonicalActor.Measure([.. bytes, .. Following], version), Is.EqualTo(length), "many bytes may follow");
            recognised += length > 0 ? 1 : 0;
        }

        // 7 numbers, 6 small amounts that are not negative, and two of five addresses, or one where there is none.
        Assert.That(recognised, Is.EqualTo(version == StateTreeVersion.V5 ? 7 * 6 * 2 : 7 * 6 * 5));
    }

    [Test]
    public void What_is_recognised_is_decoded_and_encoded_to_the_same_bytes_whatever_was_changed([Values(4, 5)] int number)
    {
        StateTreeVersion version = number == 4 ? StateTreeVersion.V4 : StateTreeVersion.V5;
        Random random = new(number);
        int recognised = 0;
        foreach (ActorState actor in Actors())
        {
            byte[] original = actor.Encode(version);
            for (int round = 0; round < 3_000; round++)
            {
                // A changed byte, mostly outside of the digests, or a cut.
                byte[] bytes = [.. original, 0, 0];
                int at = random.Next(3) == 0 ? random.Next(bytes.Length) : random.Next(85, bytes.Length);
                bytes[at] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)(bytes[at] ^ (1 << random.Next(8)));
                bytes = bytes[..random.Next(random.Next(8) == 0 ? 0 : bytes.Length - 3, bytes.Length)];
                int length = CanonicalActor.Measure(bytes, version);
                int longer = CanonicalActor.Measure([.. bytes, .. Following], version);
                Assert.That(longer, Is.EqualTo(length).Or.GreaterThan(bytes.Length), "other bytes matter only if they complete it");
                if (length > 0)
                {
                    recognised++;
                    byte[] value = bytes[..length];
                    Assert.That(ActorState.Decode(value, version).Encode(version), Is.EqualTo(value));
                }
            }
        }

        Assert.That(recognised, Is.GreaterThan(10_000));
    }

    private static IEnumerable<ActorState> Actors() =>
        from sequence in (ulong[])[0, 23, 24, 255, 256, 65_536, ulong.MaxValue]
        from balance in Balances
        from address in Addresses
        select new ActorState
        {
            Code = Cid.Blake2b256(Multicodec.Raw, "code"u8),
            State = EmptyState.Cid,
            Sequence = sequence,
            Balance = balance,
            DelegatedAddress = address,
        };
}
