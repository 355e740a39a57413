using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Tests;

/// <content>Syscalls, or forms of them, from before NV18.</content>
public sealed partial class IpldSyscallsTests
{
    [TestCase(Multicodec.Raw)]
    [TestCase(Multicodec.Cbor)]
    [TestCase(0x70UL)]
    public void Block_create_of_another_codec_than_dag_cbor_was_illegal_after_the_charge(ulong codec)
    {
        using SyscallHarness actor = new(HarnessSetup.Nv17);
        actor.Call("ipld", "block_create", codec, 0, 10).Fails(ErrorNumber.IllegalCodec, actor.Prices.OnBlockCreate(10, 0));
    }

    [Test]
    public void Block_create_had_no_limit_of_its_own()
    {
        using SyscallHarness actor = new(HarnessSetup.Nv17 with { Pages = 17 });
        uint length = (1 << 20) + 1;
        actor.Call("ipld", "block_create", Multicodec.DagCbor, 0, length).Succeeds(actor.Prices.OnBlockCreate((int)length, 0));
    }

    [Test]
    public void Block_open_of_whatever_is_there_was_allowed_and_links_cost_nothing()
    {
        using SyscallHarness actor = new(HarnessSetup.Nv17);
        PriceList p = actor.Prices;
        Cid state = actor.Setup.State.ManifestList;
        int size = actor.Setup.State.Store.Get(state)!.Length;
        Open(actor, state).Succeeds(p.OnBlockOpenBase(), p.OnBlockOpen(size, 0));
    }
}
