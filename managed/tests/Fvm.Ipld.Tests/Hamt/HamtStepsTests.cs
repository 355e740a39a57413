using NUnit.Framework;

namespace Fvm.Ipld.Tests;

using Hamt = Fvm.Ipld.Hamt;

/// <summary>Steps through blocks lead to the values that the HAMT itself finds.</summary>
public sealed class HamtStepsTests
{
    [TestCase(1, 5)]
    [TestCase(3, 5)]
    [TestCase(2_000, 5)]
    [TestCase(2_000, 8)]
    [TestCase(500, 3)]
    public void Steps_find_what_the_map_finds(int keys, int bitWidth)
    {
        HamtOptions options = new() { BitWidth = bitWidth };
        MemoryBlockstore store = new();
        Hamt map = new(store, options);
        for (int key = 0; key < keys; key++)
        {
            map.Set(BitConverter.GetBytes(key), Encode.Number(key));
        }

        Cid root = map.Flush();
        for (int key = 0; key < keys * 2; key++)
        {
            bool found = map.TryGet(BitConverter.GetBytes(key), out ReadOnlyMemory<byte> expected);
            (HamtStep step, byte[] value) = Walk(store, root, options, BitConverter.GetBytes(key));
            Assert.That(step, Is.EqualTo(found ? HamtStep.Value : HamtStep.Absent));
            Assert.That(value, Is.EqualTo(expected.ToArray()));
        }
    }

    [Test]
    public void Blocks_that_are_no_nodes_are_malformed()
    {
        MemoryBlockstore store = new();
        Hamt map = new(store, HamtOptions.State);
        for (int key = 0; key < 100; key++)
        {
            map.Set(BitConverter.GetBytes(key), Encode.Number(key));
        }

        byte[] node = store.Get(map.Flush())!;
        int malformed = 0;
        for (int length = 0; length < node.Length; length++)
        {
            malformed += Step(node.AsSpan(0, length)) == HamtStep.Malformed ? 1 : 0;
        }

        Assert.That(Step(node), Is.Not.EqualTo(HamtStep.Malformed));
        Assert.That(malformed, Is.GreaterThan(node.Length / 4), "cut before the pointer");
        Assert.That(Step([]), Is.EqualTo(HamtStep.Malformed));
        Assert.That(Step([0x82, 0x58, 0x21, .. new byte[33], 0x80]), Is.EqualTo(HamtStep.Malformed));
        Assert.That(Step([0x82, 0x44, 0xff, 0xff, 0xff, 0xff, 0x80]), Is.EqualTo(HamtStep.Malformed));
        Assert.That(HamtSteps.Find(node, HamtOptions.State, [1], 52, out _, out _), Is.EqualTo(HamtStep.Malformed));
    }

    private static HamtStep Step(ReadOnlySpan<byte> node) => HamtSteps.Find(node, HamtOptions.State, BitConverter.GetBytes(7), 0, out _, out _);

    private static (HamtStep Step, byte[] Value) Walk(MemoryBlockstore store, Cid node, HamtOptions options, byte[] key)
    {
        for (int depth = 0; ; depth++)
        {
            HamtStep step = HamtSteps.Find(store.Get(in node), options, key, depth, out Cid below, out ReadOnlySpan<byte> value);
            if (step != HamtStep.Link)
            {
                return (step, value.ToArray());
            }

            node = below;
        }
    }
}
