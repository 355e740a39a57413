using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Tests;

/// <content>Syscalls, or forms of them, from before NV18.</content>
public sealed partial class ActorSyscallsTests
{
    [Test]
    public void New_actor_address_comes_from_the_sender_s_key_the_nonce_and_the_number_of_addresses_before()
    {
        using SyscallHarness actor = new(HarnessSetup.Nv17);
        byte[] sender = TestState.SenderKey.ToBytes();
        foreach (byte before in (byte[])[0, 1, 2])
        {
            Assert.That(actor.Call("actor", "new_actor_address", Bounds.End - 21, 21).Succeeds().U32, Is.EqualTo(21));
            byte[] seed = [(byte)(0x40 + sender.Length), .. sender, 0, 0, 0, 0, 0, 0, 0, 42, 0, 0, 0, 0, 0, 0, 0, before];
            Assert.That(actor.Read(Bounds.End - 21, 21), Is.EqualTo(Address.NewActor(seed).ToBytes()));
        }
    }

    [Test]
    public void New_actor_address_of_a_sender_that_is_given_by_number_comes_from_its_key_all_the_same()
    {
        HarnessSetup setup = HarnessSetup.Nv17 with { SenderAddress = Address.NewId(TestState.Sender) };
        setup.State.Set(TestState.Sender, "account", TestState.Rich, AccountState(setup.State, TestState.SenderKey));
        using SyscallHarness actor = new(setup);
        using SyscallHarness byKey = new(HarnessSetup.Nv17);
        actor.Call("actor", "new_actor_address", 0, 21).Succeeds();
        byKey.Call("actor", "new_actor_address", 0, 21).Succeeds();
        Assert.That(actor.Read(0, 21), Is.EqualTo(byKey.Read(0, 21)));
    }

    [Test]
    public void New_actor_address_of_a_sender_that_is_no_account_is_fatal()
    {
        using SyscallHarness actor = new(HarnessSetup.Nv17 with { SenderAddress = Address.NewId(TestState.Actor) });
        actor.Call("actor", "new_actor_address", 0, 21).IsFatal();
    }

    [TestCase(0u)]
    [TestCase(20u)]
    public void New_actor_address_into_too_small_a_buffer_counts_no_address(uint length)
    {
        using SyscallHarness actor = new(HarnessSetup.Nv17);
        actor.Call("actor", "new_actor_address", 0, length).Fails(ErrorNumber.BufferTooSmall);
        Assert.That(actor.Execution.ActorsCreated, Is.Zero);
    }

    [Test]
    public void New_actor_address_runs_out_of_gas_at_each_charge() => SyscallResult.RunsOutAtEachCharge(
        static () => new(HarnessSetup.Nv17), static actor => actor.Call("actor", "new_actor_address", 0, 21));

    [Test]
    public void Create_actor_was_open_to_all_and_counted_no_address()
    {
        using SyscallHarness actor = new(HarnessSetup.Nv17);
        actor.Write(0, TestState.CodeOf("multisig"));
        actor.Call("actor", "create_actor", 105, 0).Succeeds(actor.Prices.OnCreateActor(true));
        Assert.That(
            actor.Machine.StateTree.GetActor(TestState.Next), Is.EqualTo(ActorState.NewEmpty(TestState.CodeOf("multisig"), null)));
        Assert.That(actor.Execution.ActorsCreated, Is.Zero);
    }

    [TestCase("system", 105u)]
    [TestCase("init", 105u)]
    [TestCase("reward", 105u)]
    [TestCase("cron", 105u)]
    [TestCase("storagepower", 105u)]
    [TestCase("storagemarket", 105u)]
    [TestCase("verifiedregistry", 105u)]
    [TestCase("no builtin actor", 105u)]
    [TestCase("multisig", 101u)]
    public void Create_actor_of_a_singleton_of_other_code_or_over_an_actor_was_forbidden_and_cost_only_the_call(string code, uint id)
    {
        using SyscallHarness actor = new(HarnessSetup.Nv17);
        actor.Write(0, TestState.CodeOf(code));
        actor.Call("actor", "create_actor", id, 0).Fails(ErrorNumber.Forbidden);
    }

    [Test]
    public void Resolve_address_and_its_like_cost_only_the_call_before_nv18()
    {
        using SyscallHarness actor = new(HarnessSetup.Nv17);
        Assert.That(Resolve(actor, TestState.BlsKey).Succeeds().U64, Is.EqualTo(101));
        Resolve(actor, Unknown).Fails(ErrorNumber.NotFound);
        Resolve(actor, TestState.EthAccountAddress).Fails(ErrorNumber.IllegalArgument);
        actor.Call("actor", "get_actor_code_cid", 101, 0, CodeLength).Succeeds();
        actor.Call("actor", "get_actor_code_cid", Missing, 0, CodeLength).Fails(ErrorNumber.NotFound);
        actor.Call("actor", "get_builtin_actor_type", 0).Succeeds();
        actor.Call("actor", "get_code_cid_for_type", 4, 0, CodeLength).Succeeds();
        actor.Call("self", "current_balance").Succeeds();
        actor.Call("self", "root", 0, 100).Succeeds();
        actor.Call("self", "set_root", 0).Succeeds();
    }

    private static Cid AccountState(TestState state, Address key) => state.Put(Multicodec.DagCbor, new AccountActorState(key).Encode());
}
