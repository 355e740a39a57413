using NUnit.Framework;

namespace Fvm.Tracing.Tests;

public sealed class RevertReasonTests
{
    private const string Word20 = "0000000000000000000000000000000000000000000000000000000000000020";

    [TestCase("08c379a0" + Word20 + "0000000000000000000000000000000000000000000000000000000000000003" + "61626300", "abc")]
    [TestCase("08c379a0" + Word20 + "0000000000000000000000000000000000000000000000000000000000000000", "")]
    [TestCase("4e487b71" + "0000000000000000000000000000000000000000000000000000000000000011", "arithmetic underflow or overflow")]
    [TestCase("", null)]
    [TestCase("08c379a0" + Word20, null)]
    [TestCase("08c379a0" + Word20 + "00000000000000000000000000000000000000000000000000000000000000ff" + "61", null)]
    [TestCase("08c379a0" + "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", null)]
    [TestCase("08c379a0" + "0000000000000000000000000000000000000000000000000000000000000021" + Word20, null)]
    [TestCase("12345678" + Word20, null)]
    public void The_reason_is_read_or_there_is_none(string hex, string? reason) =>
        Assert.That(RevertReason.Of(Convert.FromHexString(hex)), Is.EqualTo(reason));
}
