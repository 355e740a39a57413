using System.Buffers.Binary;
using NUnit.Framework;

namespace Fvm.Ipld.Tests;

public sealed class CarV2Tests
{
    private const int DataStart = 51;

    private static readonly byte[] Block = [0x83, 1, 2, 3];
    private static readonly Cid Root = Cid.Blake2b256(Multicodec.DagCbor, Block);
    private static readonly byte[] Inner = CarFile.Write([Root], KeyValuePair.Create(Root, Block));

    [TestCase(0, 0, false, TestName = "The data of a CARv2 file are read")]
    [TestCase(100, 0, false, TestName = "The data of a CARv2 file are read behind padding")]
    [TestCase(100_000, 0, false, TestName = "The data of a CARv2 file are read behind long padding")]
    [TestCase(0, 70, false, TestName = "The index of a CARv2 file is not read")]
    [TestCase(100, 100_000, true, TestName = "A packed CARv2 file is read")]
    public void Data_of_version_2_are_read(int padding, int index, bool packed)
    {
        byte[] index255 = new byte[index];
        index255.AsSpan().Fill(0xff);
        byte[] file = [.. Head((ulong)(DataStart + padding), (ulong)Inner.Length), .. new byte[padding], .. Inner, .. index255];
        CarBlockstore car = CarBlockstore.Load(packed ? CarFile.Gzip(file) : file);

        Assert.That(car.Roots, Is.EqualTo(new[] { Root }));
        Assert.That(car.Blocks.Single().Value, Is.EqualTo(Block));
    }

    [TestCase(0UL, 10UL, "would start at byte 0, within its header of 51 bytes")]
    [TestCase(50UL, 10UL, "would start at byte 50")]
    [TestCase(51UL, 0UL, "has no data")]
    [TestCase(51UL, 10_000UL, "would reach from byte 51 to byte 10051, but the file ends at byte")]
    [TestCase(1UL << 40, 10UL, "but the file ends at byte")]
    [TestCase(ulong.MaxValue, 10UL, "but the file ends at byte")]
    [TestCase(51UL, ulong.MaxValue, "would reach from byte 51 to byte 18446744073709551666")]
    [TestCase(51UL, ulong.MaxValue - 50, "but the file ends at byte")]
    public void Data_outside_of_the_file_are_refused(ulong offset, ulong length, string message)
    {
        byte[] file = [.. Head(offset, length), .. Inner];

        Assert.That(() => CarBlockstore.Load(file), Throws.TypeOf<CarException>().With.Message.Contains(message).And.Message.Contains("CARv2"));
    }

    [Test]
    public void A_packed_file_whose_data_end_too_early_is_cut_off()
    {
        byte[] file = CarFile.Gzip([.. Head(DataStart, (ulong)Inner.Length + 10), .. Inner]);

        Assert.That(() => CarBlockstore.Load(file), Throws.TypeOf<CarException>().With.Message.Contains("the file is cut off"));
    }

    [Test]
    public void A_file_is_refused_that_ends_anywhere_before_its_data_do()
    {
        byte[] file = [.. Head(DataStart, (ulong)Inner.Length), .. Inner];
        for (int length = 0; length < file.Length; length++)
        {
            byte[] part = file[..length];
            Assert.That(() => CarBlockstore.Load(part), Throws.TypeOf<CarException>(), $"{length} of {file.Length}");
        }
    }

    [Test]
    public void Data_that_are_of_version_2_themselves_are_named()
    {
        byte[] inner = [.. Head(DataStart, (ulong)Inner.Length), .. Inner];
        byte[] file = [.. Head(DataStart, (ulong)inner.Length), .. inner];

        Assert.That(() => CarBlockstore.Load(file), Throws.TypeOf<CarException>().With.Message.Contains("of version 2 themselves"));
    }

    internal static byte[] Head(ulong offset, ulong length)
    {
        byte[] head = new byte[DataStart];
        Convert.FromHexString("0aa16776657273696f6e02").CopyTo(head, 0);
        BinaryPrimitives.WriteUInt64LittleEndian(head.AsSpan(27), offset);
        BinaryPrimitives.WriteUInt64LittleEndian(head.AsSpan(35), length);
        return head;
    }
}
