using NUnit.Framework;

namespace Fvm.Ipld.Tests;

public sealed class CarViewTests
{
    private static readonly Cid First = Cid.Blake2b256(Multicodec.Raw, [1, 2, 3]);
    private static readonly Cid Empty = Cid.Blake2b256(Multicodec.Raw, []);

    [TestCase(0)]
    [TestCase(5)]
    public void Blocks_and_roots_are_those_of_the_file_wherever_it_lies_in_its_array(int offset)
    {
        byte[] file = File();
        byte[] array = [.. new byte[offset], .. file, 9, 9];
        using CarView view = CarView.Open(array.AsMemory(offset, file.Length));
        Assert.That(view.Roots, Is.EqualTo(new[] { First }));
        Assert.That((view.Count, view.BlockBytes), Is.EqualTo((2, 3)));
        Assert.That(view.Get(in First), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(view.Get(in First), Is.SameAs(view.Get(in First)));
        Assert.That(view.Get(in Empty), Is.Empty);
        Cid other = Cid.Blake2b256(Multicodec.Raw, [4]);
        Assert.That((view.Has(in First), view.Has(in other), view.Get(in other)), Is.EqualTo((true, false, (byte[]?)null)));
        Assert.That(view.ReadAll().Select(static block => block.Key), Is.EquivalentTo(new[] { First, Empty }));
    }

    [Test]
    public void A_file_cut_off_anywhere_within_a_block_is_refused()
    {
        byte[] file = File();
        Assert.That(() => CarView.Open(file.AsMemory(0, file.Length - 1)), Throws.TypeOf<CarException>());
        Assert.That(() => CarView.Open(default), Throws.TypeOf<CarException>());
    }

    private static byte[] File()
    {
        using MemoryStream stream = new();
        using (CarWriter writer = new(stream, [First], leaveOpen: true))
        {
            writer.Write(in First, [1, 2, 3]);
            writer.Write(in Empty, []);
        }

        return stream.ToArray();
    }
}
