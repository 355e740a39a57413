using System.Runtime.CompilerServices;
using NUnit.Framework;

namespace Fvm.Tests;

/// <summary>What a machine holds between messages.</summary>
public sealed class IdleMachineTests
{
    [Test]
    public void Opened_blocks_stay_between_messages_until_the_collector_wants_their_memory()
    {
        using TestRun run = new();
        Executor executor = new(run.Machine);
        Transfer(run, executor);
        GC.Collect();
        Assert.That(executor.KeepsBlocks, Is.False, "nobody uses them");

        // Whether a collection comes in between or not, the next message runs, and costs the same.
        Assert.That(Transfer(run, executor), Is.EqualTo(Transfer(run, executor)));
    }

    // Not inlined, and on a thread of its own: no frame keeps the blocks.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong Transfer(TestRun run, Executor executor)
    {
        ulong gasUsed = 0;
        Thread thread = new(() =>
        {
            ApplyRet ret = executor.Execute(run.Message(TestState.BlsKey), ApplyKind.Explicit, TestRun.RawLength);
            gasUsed = ret.Receipt.GasUsed;
        });
        thread.Start();
        thread.Join();
        return gasUsed;
    }
}
