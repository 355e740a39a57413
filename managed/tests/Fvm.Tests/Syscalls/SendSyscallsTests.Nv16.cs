using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Tests;

/// <content>Syscalls, or forms of them, from before NV18.</content>
public sealed partial class SendSyscallsTests
{
    [Test]
    public void Send_had_neither_limit_nor_flags()
    {
        HarnessSetup setup = HarnessSetup.Nv17;
        setup.Reentry.Result = new InvocationResult(ExitCode.Ok, new Block(Multicodec.DagCbor, new byte[] { 1, 2, 3 }));
        using SyscallHarness actor = new(setup);
        actor.Write(Bounds.End - 49, TestState.BlsKey.ToBytes());
        SyscallResult result = actor.Call("send", "send", Bounds.End - 49, 49, 77, 0, 1, 2).Succeeds();
        Assert.That(Read(result), Is.EqualTo((0u, 1u, Multicodec.DagCbor, 3u)));
        TokenAmount value = TokenAmount.FromAtto(new UInt128(1, 2));
        Assert.That(
            setup.Reentry.Asked!.Value,
            Is.EqualTo(new Call(TestState.Actor, TestState.BlsKey, new MethodNumber(77), null, value, null, false)));
    }

    [Test]
    public void Send_that_returned_another_codec_than_dag_cbor_was_fatal()
    {
        HarnessSetup setup = HarnessSetup.Nv17;
        setup.Reentry.Result = new InvocationResult(ExitCode.Ok, new Block(Multicodec.Raw, new byte[] { 1 }));
        using SyscallHarness actor = new(setup);
        actor.Write(0, TestState.BlsKey.ToBytes());
        actor.Call("send", "send", 0, 49, 77, 0, 0, 0).IsFatal();
    }

    [Test]
    public void Send_to_a_delegated_address_was_illegal()
    {
        using SyscallHarness actor = new(HarnessSetup.Nv17);
        byte[] to = TestState.EthAccountAddress.ToBytes();
        actor.Write(0, to);
        actor.Call("send", "send", 0, (uint)to.Length, 0, 0, 0, 0).Fails(ErrorNumber.IllegalArgument);
    }
}
