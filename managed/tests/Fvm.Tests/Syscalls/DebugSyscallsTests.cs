using System.Text;
using NUnit.Framework;

namespace Fvm.Tests;

public sealed class DebugSyscallsTests
{
    private static HarnessSetup Debugging => new() { Debugging = true };

    [Test]
    public void Log_writes_a_line_to_the_trace()
    {
        using SyscallHarness actor = new(Debugging);
        actor.Write(Bounds.End - 5, "hello"u8);
        SyscallResult result = actor.Call("debug", "log", Bounds.End - 5, 5).Succeeds();
        Assert.That(result.Events, Has.Member(new LogEvent("hello")));
    }

    [Test]
    public void Log_without_debugging_does_nothing_whatever_its_arguments_are()
    {
        using SyscallHarness actor = new();
        SyscallResult result = actor.Call("debug", "log", uint.MaxValue, uint.MaxValue).Succeeds();
        Assert.That(result.Events.OfType<LogEvent>(), Is.Empty);
    }

    [TestCaseSource(typeof(Bounds), nameof(Bounds.Outside))]
    public void Log_outside_of_memory_costs_only_the_call(uint offset, uint length)
    {
        using SyscallHarness actor = new(Debugging);
        actor.Call("debug", "log", offset, length).Fails(ErrorNumber.IllegalArgument);
    }

    [Test]
    public void Log_of_what_is_not_utf8_costs_only_the_call()
    {
        using SyscallHarness actor = new(Debugging);
        actor.Write(0, [0xff]);
        actor.Call("debug", "log", 0, 1).Fails(ErrorNumber.IllegalArgument);
    }

    [Test]
    public void Log_runs_out_of_gas_at_each_charge() =>
        SyscallResult.RunsOutAtEachCharge(static () => new(Debugging), static actor => actor.Call("debug", "log", 0, 1));

    [TestCase(true, 0u)]
    [TestCase(false, uint.MaxValue)]
    public void Enabled_is_zero_for_yes_and_minus_one_for_no(bool debugging, uint expected)
    {
        using SyscallHarness actor = new(new HarnessSetup { Debugging = debugging });
        Assert.That(actor.Call("debug", "enabled").Succeeds().U32, Is.EqualTo(expected));
    }

    [Test]
    public void Enabled_runs_out_of_gas_at_each_charge() =>
        SyscallResult.RunsOutAtEachCharge(static () => new(), static actor => actor.Call("debug", "enabled"));

    [TestCase("a")]
    [TestCase("a name.txt")]
    [TestCase("größe")]
    public void Store_artifact_hands_name_and_data_to_the_machine_s_store(string name)
    {
        Shelf shelf = new();
        using SyscallHarness actor = new(Debugging with { Artifacts = shelf });
        Store(actor, name).Succeeds();
        Assert.That(shelf.Stored, Is.EqualTo($"100 42 104 0 {name} 010203"));
    }

    [Test]
    public void Store_artifact_without_a_store_succeeds()
    {
        using SyscallHarness actor = new(Debugging);
        Store(actor, "name").Succeeds();
    }

    [TestCase("")]
    [TestCase(".hidden")]
    [TestCase("a/b")]
    [TestCase("/")]
    public void Store_artifact_with_a_bad_name_costs_only_the_call(string name)
    {
        using SyscallHarness actor = new(Debugging);
        Store(actor, name).Fails(ErrorNumber.IllegalArgument);
    }

    [TestCase(256, true)]
    [TestCase(257, false)]
    public void Store_artifact_takes_names_of_at_most_256_bytes(int length, bool succeeds)
    {
        using SyscallHarness actor = new(Debugging);
        string name = string.Concat(Enumerable.Repeat("ß", length / 2)) + (length % 2 == 1 ? "s" : string.Empty);
        SyscallResult result = Store(actor, name);
        if (succeeds)
        {
            result.Succeeds();
        }
        else
        {
            result.Fails(ErrorNumber.IllegalArgument);
        }
    }

    [TestCaseSource(typeof(Bounds), nameof(Bounds.Outside))]
    public void Store_artifact_outside_of_memory_costs_only_the_call(uint offset, uint length)
    {
        using SyscallHarness actor = new(Debugging);
        actor.Write(0, "name"u8);
        actor.Call("debug", "store_artifact", offset, length, 0, 1).Fails(ErrorNumber.IllegalArgument);
        actor.Call("debug", "store_artifact", 0, 4, offset, length).Fails(ErrorNumber.IllegalArgument);
    }

    [Test]
    public void Store_artifact_without_debugging_does_nothing_whatever_its_arguments_are()
    {
        Shelf shelf = new();
        using SyscallHarness actor = new(new HarnessSetup { Artifacts = shelf });
        actor.Call("debug", "store_artifact", uint.MaxValue, 1, uint.MaxValue, 1).Succeeds();
        Assert.That(shelf.Stored, Is.Null);
    }

    [Test]
    public void Store_artifact_runs_out_of_gas_at_each_charge() =>
        SyscallResult.RunsOutAtEachCharge(static () => new(Debugging), static actor => Store(actor, "name"));

    private static SyscallResult Store(SyscallHarness actor, string name)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(name);
        actor.Write(100, bytes);
        actor.Write(1_000, [1, 2, 3]);
        return actor.Call("debug", "store_artifact", 100, (uint)bytes.Length, 1_000, 3);
    }

    private sealed class Shelf : IArtifactStore
    {
        public string? Stored { get; private set; }

        public void Store(ActorId origin, ulong nonce, ActorId actor, ulong invocation, string name, ReadOnlySpan<byte> data) =>
            Stored = $"{origin} {nonce} {actor} {invocation} {name} {Convert.ToHexStringLower(data)}";
    }
}
