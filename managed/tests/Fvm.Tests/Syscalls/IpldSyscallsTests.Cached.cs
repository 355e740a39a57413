using Fvm.Ipld;
using Fvm.Wasm;
using NUnit.Framework;

namespace Fvm.Tests;

public sealed partial class IpldSyscallsTests
{
    [Test]
    public void Block_open_of_a_block_that_was_read_before_charges_the_same_whatever_gas_is_left()
    {
        using SyscallHarness reads = new();
        Cid state = reads.Setup.State.ActorStateRoot;
        GasCharge[] charges = [.. reads.CallCharges, .. Open(reads, state).Charges[reads.CallCharges.Length..]];
        ulong all = charges.Aggregate(0UL, static (sum, charge) => sum + charge.Total.Milli);
        for (ulong left = 0; left < all + 1_000; left += Math.Max(1, all / 500))
        {
            using SyscallHarness first = new();
            using SyscallHarness again = new();
            Open(again, state);
            SyscallResult[] results = [.. ((SyscallHarness[])[first, again]).Select(actor =>
            {
                actor.LeaveGas(Gas.OfMilli(left));
                return Open(actor, state);
            })];
            Assert.That((results[1].Trap, results[1].Number), Is.EqualTo((results[0].Trap, results[0].Number)), $"{left}");
            Assert.That(results[1].Events, Is.EqualTo(results[0].Events), $"{left}");
            Assert.That(again.Execution.Gas.Available, Is.EqualTo(first.Execution.Gas.Available), $"{left}");
        }
    }

    [Test]
    public void Block_open_reads_again_once_the_store_has_failed()
    {
        FailingBlockstore? store = null;
        using SyscallHarness actor = new(new() { Store = inner => store = new FailingBlockstore(inner) });
        Cid state = actor.Setup.State.ActorStateRoot;
        Assert.That(Open(actor, state).Number, Is.Zero);
        store!.Failing = static _ => true;
        Assert.That(Open(actor, state).Number, Is.Zero, "it was read before");
        Assert.That(Open(actor, actor.Setup.State.Leaf).Trap, Is.EqualTo(TrapCode.HostFault));
        Assert.That(Open(actor, state).Trap, Is.EqualTo(TrapCode.HostFault));
    }
}
