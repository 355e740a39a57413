using NUnit.Framework;

namespace Fvm.Tests;

public sealed class KeptBytesTests
{
    [TestCase(1)]
    [TestCase(1_000)]
    [TestCase(4_096)]
    [TestCase(4_097)]
    [TestCase(200_000)]
    public void Copies_of_any_length_stay_as_they_were(int length)
    {
        KeptBytes kept = new();
        byte[][] all = [.. Enumerable.Range(0, 200).Select(i => Enumerable.Repeat((byte)i, i % 3 == 0 ? length : i).ToArray())];
        ReadOnlyMemory<byte>[] copies = [.. all.Select(one => kept.Keep(one))];
        Assert.That(copies.Select(static one => one.ToArray()), Is.EqualTo(all));
    }

    [TestCase(3)]
    [TestCase(100_000)]
    public void A_block_gives_its_bytes_alone_as_an_array(int length)
    {
        KeptBytes kept = new();
        byte[] bytes = [.. Enumerable.Range(0, length).Select(static i => (byte)i)];
        Block first = new(0x55, kept.Keep(bytes));
        Block second = new(0x55, kept.Keep(bytes));
        Assert.That((first.DataArray, second.DataArray), Is.EqualTo((bytes, bytes)));
    }
}
