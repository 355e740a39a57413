using NUnit.Framework;

namespace Fvm.Actors.Tests;

public sealed class BitfieldDecoderTests
{
    // Version 00, first run set or not, then runs: 1 = one, 01 = four bits, 00 = a varint.
    [TestCase("", "")]
    [TestCase("0c", "0")]                      // 00 1 1
    [TestCase("b400", "0-4")]                  // 00 1 01 1010: five in four bits
    [TestCase("18", "1")]                      // 00 0 1 1
    [TestCase("040b", "0-87")]                 // 00 1 00 00011010: 88 in a varint
    public void Runs_are_read(string hex, string expected)
    {
        IEnumerable<string> runs = BitfieldDecoder.Decode(Convert.FromHexString(hex))!
            .Select(static run => run.First == run.Last ? $"{run.First}" : $"{run.First}-{run.Last}");
        Assert.That(string.Join(",", runs), Is.EqualTo(expected));
    }

    [TestCase("01")]                           // an unknown version
    [TestCase("e4ffffffffffffffffffff")]       // a varint without end
    public void Malformed_bytes_are_refused(string hex) => Assert.That(BitfieldDecoder.Decode(Convert.FromHexString(hex)), Is.Null);

    [Test]
    public void The_number_of_runs_is_bounded() =>
        Assert.That(BitfieldDecoder.Decode(Enumerable.Repeat((byte)0xfc, 1 << 20).ToArray()), Is.Null);
}
