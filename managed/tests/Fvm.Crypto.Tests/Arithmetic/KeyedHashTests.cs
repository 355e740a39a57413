using NUnit.Framework;

namespace Fvm.Crypto.Tests;

public sealed class KeyedHashTests
{
    private const int Many = 100_000;

    [Test]
    public void Words_whose_halves_are_equal_have_different_hash_codes() =>
        Assert.That(Distinct(static i => KeyedHash.Of(i * 0x1_0000_0001)), Is.GreaterThan(Many - 100));

    [Test]
    public void Words_in_a_row_have_different_hash_codes() =>
        Assert.That(Distinct(KeyedHash.Of), Is.GreaterThan(Many - 100));

    [Test]
    public void Pairs_with_a_constant_sum_or_difference_of_bits_have_different_hash_codes() => Assert.Multiple(static () =>
    {
        Assert.That(Distinct(static i => KeyedHash.Combine(KeyedHash.Of(i), Many - i)), Is.GreaterThan(Many - 100));
        Assert.That(Distinct(static i => KeyedHash.Combine(KeyedHash.Of(i), i)), Is.GreaterThan(Many - 100));
    });

    // Around each boundary of a block of 16 bytes.
    [Test]
    public void Each_bit_of_bytes_their_length_and_the_word_beside_them_matter([Range(0, 66)] int length)
    {
        byte[] bytes = [.. Enumerable.Range(0, length).Select(static i => (byte)(i * 7))];
        HashSet<ulong> hashes = [KeyedHash.Of(bytes), KeyedHash.Of(bytes, 1), KeyedHash.Of([.. bytes, 0])];
        for (int bit = 0; bit < 8 * length; bit++)
        {
            byte[] changed = [.. bytes];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            hashes.Add(KeyedHash.Of(changed));
        }

        Assert.That(hashes, Has.Count.EqualTo(3 + (8 * length)));
        Assert.That(KeyedHash.Of([.. bytes]), Is.EqualTo(KeyedHash.Of(bytes)), "a function of the content");
    }

    private static int Distinct(Func<ulong, ulong> hash)
    {
        HashSet<int> codes = [];
        for (ulong i = 0; i < Many; i++)
        {
            codes.Add(KeyedHash.ToHashCode(hash(i)));
        }

        return codes.Count;
    }
}
