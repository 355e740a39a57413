using NUnit.Framework;

namespace Fvm.Wasm.Tests;

public sealed unsafe class SizedRegionsTests
{
    private const ulong Largest = 512ul << 20;

    [TestCase(0ul, 1ul)]
    [TestCase(65_536ul, 1ul)]
    [TestCase(768ul << 10, 1ul)]
    [TestCase((768ul << 10) + 1, 2ul)]
    [TestCase(17ul << 16, 2ul)]
    [TestCase(28ul << 16, 4ul)]
    [TestCase(400ul << 20, 512ul)]
    [TestCase(512ul << 20, 512ul)]
    public void A_region_has_some_room_and_no_more_addresses_than_about_twice_what_is_needed(ulong length, ulong mebibytes)
    {
        SizedRegions regions = new(PageMemory.Create(), Largest);
        byte* region = regions.Rent(length, out ulong capacity);
        Assert.That(capacity, Is.EqualTo(mebibytes << 20));
        regions.Return(region, capacity, length);
        regions.Trim();
    }

    [Test]
    public void A_memory_that_moves_keeps_its_content_and_is_zero_beyond()
    {
        SizedRegions regions = new(PageMemory.Create(), Largest);
        byte* region = regions.Rent(1, out ulong capacity);
        for (ulong at = 0; at < capacity; at += 4096)
        {
            region[at] = (byte)(at >> 12);
        }

        ulong before = capacity;
        region = regions.Move(region, ref capacity, Largest);
        Assert.That(capacity, Is.EqualTo(Largest));
        for (ulong at = 0; at < before; at += 4096)
        {
            Assert.That(region[at], Is.EqualTo((byte)(at >> 12)));
        }

        Assert.That(region[before], Is.Zero);
        Assert.That(region[Largest - 1], Is.Zero);
        regions.Return(region, capacity, before);

        // A returned region is zero for its next user, whatever the size.
        region = regions.Rent(Largest, out _);
        Assert.That(new Span<byte>(region, (int)before).ContainsAnyExcept((byte)0), Is.False);
        regions.Return(region, capacity, 0);
        regions.Trim();
    }
}
