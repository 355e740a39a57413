using NUnit.Framework;

namespace Fvm.Tests;

/// <summary>
/// What messages choose is a key of dictionaries: with a hash that is known beforehand, a message could give a hundred thousand keys the same
/// hash code, and each access would compare with all of them.
/// </summary>
public sealed class HashCodeTests
{
    private const int Many = 100_000;

    [Test]
    public void Actor_ids_with_the_same_hash_of_their_number_differ() =>
        Assert.That(Codes(static i => new ActorId(i * 0x1_0000_0001)), Is.GreaterThan(Many - 100));

    [Test]
    public void Epochs_with_the_same_hash_of_their_number_differ() =>
        Assert.That(Codes(static i => new ChainEpoch((long)(i * 0x1_0000_0001))), Is.GreaterThan(Many - 100));

    [Test]
    public void Addresses_differ_in_each_part() => Assert.Multiple(static () =>
    {
        Assert.That(Codes(static i => Address.NewId(i * 0x1_0000_0001)), Is.GreaterThan(Many - 100));
        Assert.That(Codes(static i => Address.NewDelegated(new ActorId(i), new byte[20])), Is.GreaterThan(Many - 100));
        Assert.That(Codes(static i => Address.NewDelegated(new ActorId(10), BitConverter.GetBytes(i))), Is.GreaterThan(Many - 100));
    });

    private static int Codes<T>(Func<ulong, T> create)
        where T : struct
    {
        HashSet<int> codes = [];
        for (ulong i = 0; i < Many; i++)
        {
            codes.Add(create(i).GetHashCode());
        }

        return codes.Count;
    }
}
