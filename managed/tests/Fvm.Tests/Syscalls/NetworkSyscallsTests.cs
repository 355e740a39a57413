using System.Buffers.Binary;
using System.Numerics;
using NUnit.Framework;

namespace Fvm.Tests;

public sealed partial class NetworkSyscallsTests
{
    private const uint CidLength = 38;

    [TestCase(NetworkVersion.Nv21)]
    [TestCase(NetworkVersion.Nv28)]
    public void Context_gives_epoch_time_base_fee_chain_and_version(NetworkVersion version)
    {
        using SyscallHarness actor = new(new HarnessSetup { Version = version });
        byte[] result = actor.Call("network", "context").Succeeds(actor.Prices.OnNetworkContext()).Result;
        Assert.That(result, Has.Length.EqualTo(44));
        Assert.That(BinaryPrimitives.ReadInt64LittleEndian(result), Is.EqualTo(1_000));
        Assert.That(BinaryPrimitives.ReadUInt64LittleEndian(result.AsSpan(8)), Is.EqualTo(1_700_000_000));
        Assert.That(BinaryPrimitives.ReadUInt128LittleEndian(result.AsSpan(16)), Is.EqualTo((UInt128)100));
        Assert.That(BinaryPrimitives.ReadUInt64LittleEndian(result.AsSpan(32)), Is.EqualTo(31415926));
        Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(result.AsSpan(40)), Is.EqualTo((uint)version));
    }

    [Test]
    public void Context_with_a_base_fee_beyond_128_bits_is_fatal()
    {
        TokenAmount large = TokenAmount.FromAtto(BigInteger.Pow(2, 128));
        using SyscallHarness actor = new(new HarnessSetup { Context = context => context with { BaseFee = large } });
        actor.Call("network", "context").IsFatal(actor.Prices.OnNetworkContext());
    }

    [Test]
    public void Context_runs_out_of_gas_at_each_charge() =>
        SyscallResult.RunsOutAtEachCharge(static () => new(), static actor => actor.Call("network", "context"));

    [TestCase(999L)]
    [TestCase(1L)]
    [TestCase(0L)]
    public void Tipset_cid_asks_the_node_and_costs_by_how_far_it_looks_back(long epoch)
    {
        using SyscallHarness actor = new();
        SyscallResult result = actor.Call("network", "tipset_cid", (ulong)epoch, Bounds.End - CidLength, CidLength);
        Assert.That(result.Succeeds(actor.Prices.OnTipsetCid(1_000 - epoch)).U32, Is.EqualTo(CidLength));
        Assert.That(actor.ReadCid(Bounds.End - CidLength), Is.EqualTo(actor.Setup.Externs.TipsetCid));
        Assert.That(actor.Setup.Externs.AskedEpoch, Is.EqualTo(new ChainEpoch(epoch)));
    }

    [TestCase(1_000L)]
    [TestCase(1_001L)]
    [TestCase(-1L)]
    [TestCase(long.MinValue)]
    [TestCase(long.MaxValue)]
    public void Tipset_cid_of_now_the_future_or_before_the_beginning_costs_only_the_call(long epoch)
    {
        using SyscallHarness actor = new();
        actor.Call("network", "tipset_cid", (ulong)epoch, 0, 100).Fails(ErrorNumber.IllegalArgument);
    }

    [Test]
    public void Tipset_cid_that_the_node_cannot_give_is_fatal()
    {
        using SyscallHarness actor = new();
        actor.Setup.Externs.Failure = new ExternException("no tipset");
        actor.Call("network", "tipset_cid", 999, 0, 100).IsFatal(actor.Prices.OnTipsetCid(1));
    }

    [Test]
    public void Tipset_cid_into_too_small_a_buffer_fails_after_the_charge()
    {
        using SyscallHarness actor = new();
        actor.Call("network", "tipset_cid", 999, 0, CidLength - 1).Fails(ErrorNumber.BufferTooSmall, actor.Prices.OnTipsetCid(1));
    }

    [TestCaseSource(typeof(Bounds), nameof(Bounds.Outside))]
    public void Tipset_cid_outside_of_memory_costs_only_the_call(uint offset, uint length)
    {
        using SyscallHarness actor = new();
        actor.Call("network", "tipset_cid", 999, offset, length).Fails(ErrorNumber.IllegalArgument);
        Assert.That(actor.Setup.Externs.AskedEpoch, Is.Null);
    }

    [Test]
    public void Tipset_cid_runs_out_of_gas_at_each_charge() =>
        SyscallResult.RunsOutAtEachCharge(static () => new(), static actor => actor.Call("network", "tipset_cid", 999, 0, 100));

    [Test]
    public void Total_fil_circ_supply_costs_only_the_call()
    {
        using SyscallHarness actor = new();
        Assert.That(
            (BigInteger)actor.Call("network", "total_fil_circ_supply").Succeeds().U128,
            Is.EqualTo(TestMachine.Supply.Atto));
    }

    [Test]
    public void Total_fil_circ_supply_beyond_128_bits_is_fatal()
    {
        TokenAmount large = TokenAmount.FromAtto(BigInteger.Pow(2, 128));
        using SyscallHarness actor = new(new HarnessSetup { Context = context => context with { CirculatingSupply = large } });
        actor.Call("network", "total_fil_circ_supply").IsFatal();
    }

    [Test]
    public void Total_fil_circ_supply_runs_out_of_gas_at_each_charge() =>
        SyscallResult.RunsOutAtEachCharge(static () => new(), static actor => actor.Call("network", "total_fil_circ_supply"));
}
