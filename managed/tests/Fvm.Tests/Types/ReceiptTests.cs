using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Tests;

public sealed class ReceiptTests
{
    [Test]
    public void A_receipt_without_events_ends_with_null()
    {
        Receipt receipt = new() { ExitCode = ExitCode.SysOutOfGas, ReturnData = new byte[] { 1, 2 }, GasUsed = 300 };
        Assert.That(Convert.ToHexStringLower(receipt.Encode()), Is.EqualTo("840742010219012cf6"));
    }

    [Test]
    public void A_receipt_with_events_ends_with_their_root()
    {
        Cid root = EmptyState.Cid;
        Receipt receipt = new() { ExitCode = ExitCode.Ok, EventsRoot = root };
        Assert.That(
            Convert.ToHexStringLower(receipt.Encode()),
            Is.EqualTo("84004000d82a582700" + Convert.ToHexStringLower(root.ToBytes())));
    }

    [Test]
    public void Exit_codes_below_sixteen_are_the_machines()
    {
        Assert.That(ExitCode.Ok.IsSuccess, Is.True);
        Assert.That(ExitCode.Ok.IsSystemError, Is.True);
        Assert.That(new ExitCode(15).IsSystemError, Is.True);
        Assert.That(ExitCode.UsrIllegalArgument.IsSystemError, Is.False);
        Assert.That(ExitCode.SysAssertionFailed.Describe(), Is.EqualTo("10 (SYS_ASSERTION_FAILED)"));
    }
}
