using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;

namespace Fvm.Ipld.Tests;

/// <summary>Varints: round trips and rejected encodings.</summary>
public sealed class VarintTests
{
    [TestCase("00", 0UL)]
    [TestCase("7f", 127UL)]
    [TestCase("8001", 128UL)]
    [TestCase("ff01", 255UL)]
    [TestCase("ac02", 300UL)]
    [TestCase("ffffffffffffffffff01", ulong.MaxValue)]
    public void Known_forms_are_read_and_written(string hex, ulong value)
    {
        byte[] bytes = Encode.Hex(hex);
        byte[] written = new byte[Varint.LengthOf(value)];

        Assert.That(Varint.TryRead(bytes, out ulong read, out int length), Is.True);
        Assert.That((read, length), Is.EqualTo((value, bytes.Length)));
        Assert.That(Varint.Write(value, written), Is.EqualTo(written.Length));
        Assert.That(written, Is.EqualTo(bytes));
    }

    [TestCase("", Description = "nothing")]
    [TestCase("80", Description = "cut off")]
    [TestCase("8000", Description = "not minimal")]
    [TestCase("ff8000", Description = "not minimal")]
    [TestCase("80808080808080808080", Description = "ten bytes that continue")]
    [TestCase("8080808080808080808001", Description = "eleven bytes")]
    public void Other_forms_are_refused(string hex) => Assert.That(Varint.TryRead(Encode.Hex(hex), out _, out _), Is.False);

    [Test]
    public void Bits_beyond_the_64th_are_dropped_as_the_reference_does()
    {
        Assert.That(Varint.TryRead(Encode.Hex("92808080808080808002"), out ulong value, out int read), Is.True);
        Assert.That((value, read), Is.EqualTo((0x12UL, 10)));
    }

    [Test]
    public void Every_number_comes_back() => Prop.ForAll<ulong, byte>((value, shift) =>
    {
        ulong number = value >> (shift & 63);
        byte[] bytes = new byte[Varint.LengthOf(number)];
        return Varint.Write(number, bytes) == bytes.Length
            && Varint.TryRead(bytes, out ulong read, out int length)
            && read == number
            && length == bytes.Length;
    }).QuickCheckThrowOnFailure();
}
