using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Tests;

public sealed class SelfSyscallsTests
{
    private const uint RootLength = 38;

    [Test]
    public void Root_gives_the_state_and_makes_it_reachable()
    {
        using SyscallHarness actor = new();
        Cid state = actor.Setup.State.ActorStateRoot;
        Assert.That(actor.Kernel.Blocks.IsReachable(state), Is.False);
        SyscallResult result = actor.Call("self", "root", Bounds.End - RootLength, RootLength);
        Assert.That(result.Succeeds(GetRoot(actor)).U32, Is.EqualTo(RootLength));
        Assert.That(actor.ReadCid(Bounds.End - RootLength), Is.EqualTo(state));
        Assert.That(actor.Kernel.Blocks.IsReachable(state));
    }

    [Test]
    public void Root_into_too_small_a_buffer_fails_after_the_charge_and_makes_the_state_reachable_nevertheless()
    {
        using SyscallHarness actor = new();
        actor.Call("self", "root", 0, RootLength - 1).Fails(ErrorNumber.BufferTooSmall, GetRoot(actor));
        Assert.That(actor.Kernel.Blocks.IsReachable(actor.Setup.State.ActorStateRoot));
    }

    [Test]
    public void Root_of_a_deleted_actor_is_an_illegal_operation()
    {
        using SyscallHarness actor = new();
        actor.Machine.StateTree.DeleteActor(TestState.Actor);
        actor.Call("self", "root", 0, 100).Fails(ErrorNumber.IllegalOperation, GetRoot(actor));
    }

    [TestCaseSource(typeof(Bounds), nameof(Bounds.Outside))]
    public void Root_outside_of_memory_costs_only_the_call(uint offset, uint length)
    {
        using SyscallHarness actor = new();
        actor.Call("self", "root", offset, length).Fails(ErrorNumber.IllegalArgument);
    }

    [Test]
    public void Root_runs_out_of_gas_at_each_charge() =>
        SyscallResult.RunsOutAtEachCharge(static () => new(), static actor => actor.Call("self", "root", 0, 100));

    [Test]
    public void Set_root_sets_the_state_to_a_reachable_block_and_pays_for_the_update_once()
    {
        using SyscallHarness actor = new();
        Cid leaf = actor.Setup.State.Leaf;
        SetRoot(actor, leaf).Succeeds(SetRootCharge(actor), actor.Prices.OnActorUpdate());
        Assert.That(actor.Machine.StateTree.GetActor(TestState.Actor)!.State, Is.EqualTo(leaf));
        SetRoot(actor, leaf).Succeeds(SetRootCharge(actor));
    }

    [Test]
    public void Set_root_to_a_block_that_is_not_reachable_is_charged_and_not_found()
    {
        using SyscallHarness actor = new();
        actor.Write(0, actor.Setup.State.Leaf);
        actor.Call("self", "set_root", 0).Fails(ErrorNumber.NotFound, SetRootCharge(actor));
        Assert.That(actor.Machine.StateTree.GetActor(TestState.Actor)!.State, Is.EqualTo(actor.Setup.State.ActorStateRoot));
    }

    [Test]
    public void Set_root_while_read_only_is_refused_before_the_charge()
    {
        using SyscallHarness actor = new(new HarnessSetup { ReadOnly = true });
        SetRoot(actor, actor.Setup.State.Leaf).Fails(ErrorNumber.ReadOnly);
    }

    [Test]
    public void Set_root_of_a_deleted_actor_is_an_illegal_operation()
    {
        using SyscallHarness actor = new();
        actor.Machine.StateTree.DeleteActor(TestState.Actor);
        SetRoot(actor, actor.Setup.State.Leaf).Fails(ErrorNumber.IllegalOperation, SetRootCharge(actor));
    }

    [TestCase(0u)]
    [TestCase(Bounds.End)]
    [TestCase(uint.MaxValue)]
    public void Set_root_to_what_is_no_cid_is_illegal_even_while_read_only(uint offset)
    {
        using SyscallHarness actor = new(new HarnessSetup { ReadOnly = true });
        actor.Call("self", "set_root", offset).Fails(ErrorNumber.IllegalArgument);
    }

    [Test]
    public void Set_root_runs_out_of_gas_at_each_charge() =>
        SyscallResult.RunsOutAtEachCharge(static () => new(), static actor => SetRoot(actor, actor.Setup.State.Leaf));

    [Test]
    public void Current_balance_gives_the_balance_and_nothing_once_the_actor_is_deleted()
    {
        using SyscallHarness actor = new();
        Assert.That(actor.Call("self", "current_balance").Succeeds(actor.Prices.OnSelfBalance()).U128, Is.EqualTo((UInt128)500));
        actor.Machine.StateTree.DeleteActor(TestState.Actor);
        Assert.That(actor.Call("self", "current_balance").Succeeds(actor.Prices.OnSelfBalance()).U128, Is.EqualTo(UInt128.Zero));
    }

    [Test]
    public void Current_balance_beyond_128_bits_is_fatal()
    {
        HarnessSetup setup = new();
        setup.State.Set(TestState.Actor, "multisig", TokenAmount.FromAtto(System.Numerics.BigInteger.Pow(2, 128)));
        using SyscallHarness actor = new(setup);
        actor.Call("self", "current_balance").IsFatal(actor.Prices.OnSelfBalance());
    }

    [Test]
    public void Current_balance_runs_out_of_gas_at_each_charge() =>
        SyscallResult.RunsOutAtEachCharge(static () => new(), static actor => actor.Call("self", "current_balance"));

    [TestCase(1u)]
    [TestCase(2u)]
    [TestCase(uint.MaxValue)]
    public void Self_destruct_burns_what_is_left_where_it_may(uint burn)
    {
        using SyscallHarness actor = new();
        PriceList p = actor.Prices;
        actor.Call("self", "self_destruct", burn).Succeeds(p.OnDeleteActor(), p.OnSelfBalance(), p.OnActorUpdate());
        Assert.That(actor.Machine.StateTree.GetActor(TestState.Actor), Is.Null);
        Assert.That(actor.Machine.StateTree.GetActor(ActorId.BurntFunds)!.Balance, Is.EqualTo(TokenAmount.FromAtto(500L)));

        // A second call has no effect.
        actor.Call("self", "self_destruct", burn).Succeeds(p.OnDeleteActor(), p.OnSelfBalance());
    }

    [Test]
    public void Self_destruct_with_funds_left_is_an_illegal_operation_where_it_may_not_burn_them()
    {
        using SyscallHarness actor = new();
        actor.Call("self", "self_destruct", 0).Fails(ErrorNumber.IllegalOperation, actor.Prices.OnDeleteActor(), actor.Prices.OnSelfBalance());
        Assert.That(actor.Machine.StateTree.GetActor(TestState.Actor), Is.Not.Null);
    }

    [Test]
    public void Self_destruct_without_funds_needs_no_burning()
    {
        using SyscallHarness actor = new(Poor());
        PriceList p = actor.Prices;
        actor.Call("self", "self_destruct", 0).Succeeds(p.OnDeleteActor(), p.OnSelfBalance(), p.OnActorUpdate());
        Assert.That(actor.Machine.StateTree.GetActor(TestState.Actor), Is.Null);
    }

    [Test]
    public void Self_destruct_while_read_only_is_refused_before_the_charge()
    {
        using SyscallHarness actor = new(new HarnessSetup { ReadOnly = true });
        actor.Call("self", "self_destruct", 1).Fails(ErrorNumber.ReadOnly);
    }

    [Test]
    public void Self_destruct_runs_out_of_gas_at_each_charge() =>
        SyscallResult.RunsOutAtEachCharge(static () => new(Poor()), static actor => actor.Call("self", "self_destruct", 0));

    // The reference turns every failure of the transfer into a fatal error, including out of gas.
    [Test]
    public void Self_destruct_that_cannot_pay_for_burning_its_funds_is_fatal()
    {
        using SyscallHarness actor = new();
        PriceList p = actor.Prices;
        actor.LeaveGas(SyscallHarness.Exec + p.OnSyscall().Total + p.OnActorUpdate().Total - Gas.OfMilli(1));
        actor.Call("self", "self_destruct", 1).IsFatal(p.OnDeleteActor(), p.OnSelfBalance(), p.OnActorUpdate());
    }

    private static HarnessSetup Poor()
    {
        HarnessSetup setup = new();
        setup.State.Set(TestState.Actor, "multisig", TokenAmount.Zero);
        return setup;
    }

    private static SyscallResult SetRoot(SyscallHarness actor, in Cid root)
    {
        actor.Kernel.Blocks.MarkReachable(root);
        actor.Write(Bounds.End - RootLength, root);
        return actor.Call("self", "set_root", Bounds.End - RootLength);
    }

    private static GasCharge GetRoot(SyscallHarness actor) => actor.Prices.OnGetRoot();

    private static GasCharge SetRootCharge(SyscallHarness actor) => actor.Prices.OnSetRoot();
}
