using Fvm.Wasm;
using NUnit.Framework;

namespace Fvm.Tests;

public sealed class NetworkTableTests
{
    [Test]
    public void The_fuzzer_s_limits_of_modules_are_those_of_networks() =>
        Assert.That(Fvm.Wasm.Fuzz.ModuleRunner.Limits, Is.EqualTo(ReferenceLimits.Modules));

    [Test]
    public void There_is_a_row_for_each_version_in_order()
    {
        NetworkVersion[] versions = NetworkTable.All.ToArray().Select(rules => rules.Version).ToArray();
        Assert.That(versions, Is.EqualTo(Enum.GetValues<NetworkVersion>()));
    }

    [TestCase(16U, SyscallAbi.Fvm2, StateTreeVersion.V4, nameof(PriceTable.Skyr), 8)]
    [TestCase(17U, SyscallAbi.Fvm2, StateTreeVersion.V4, nameof(PriceTable.Skyr), 9)]
    [TestCase(18U, SyscallAbi.Fvm3, StateTreeVersion.V5, nameof(PriceTable.Hygge), 10)]
    [TestCase(20U, SyscallAbi.Fvm3, StateTreeVersion.V5, nameof(PriceTable.Hygge), 11)]
    [TestCase(21U, SyscallAbi.Fvm4, StateTreeVersion.V5, nameof(PriceTable.Watermelon), 12)]
    [TestCase(24U, SyscallAbi.Fvm4, StateTreeVersion.V5, nameof(PriceTable.Watermelon), 15)]
    [TestCase(25U, SyscallAbi.Fvm4, StateTreeVersion.V5, nameof(PriceTable.Teep), 16)]
    [TestCase(28U, SyscallAbi.Fvm4, StateTreeVersion.V5, nameof(PriceTable.Teep), 18)]
    public void Rows_say_what_the_reference_runs(uint version, SyscallAbi abi, StateTreeVersion tree, string prices, int actors)
    {
        NetworkRules rules = NetworkRules.For(version);

        Assert.That(rules.Syscalls, Is.EqualTo(abi));
        Assert.That(rules.StateTree, Is.EqualTo(tree));
        Assert.That(rules.Prices.Name, Is.EqualTo(prices));
        Assert.That(rules.ActorsVersion, Is.EqualTo(actors));
    }

    [TestCase(0U)]
    [TestCase(15U)]
    [TestCase((uint)NetworkTable.Last + 1)]
    public void Other_versions_are_not_supported(uint version) =>
        Assert.That(() => NetworkRules.For(version), Throws.TypeOf<NotSupportedException>());

    [Test]
    public void Instructions_cost_four_gas_and_bytes_of_memory_two_fifths()
    {
        MeteringRules rules = NetworkRules.For(NetworkVersion.Nv28).Metering;

        Assert.That(rules.InstructionDefault, Is.EqualTo(4_000));
        Assert.That(rules.JumpIndirect, Is.EqualTo(4_000));
        Assert.That(rules.Call, Is.Zero);
        Assert.That(rules.MemoryFillPerByte, Is.EqualTo(400));
        Assert.That(rules.MemoryCopyPerByte, Is.EqualTo(400));
        Assert.That(rules.MaxStackHeight, Is.EqualTo(2048));
        Assert.That(NetworkRules.For(NetworkVersion.Nv16).Metering.MemoryCopyPerByte, Is.Zero);
    }
}
