using NUnit.Framework;

namespace Fvm.Tests;

public sealed class SyscallGateTests
{
    private static readonly GasCharge NoExec = new(ChargeNames.WasmExec, Gas.Zero, Gas.Zero);

    private static IEnumerable<TestCaseData> Rows => SyscallTable.For(NetworkRules.For(NetworkVersion.Nv28)).Rows
        .Select(static row => new TestCaseData(row.Module, row.Name, row.ResultSize, row.Parameters.Length));

    private static IEnumerable<TestCaseData> RowsWithResult => Rows.Where(static row => (int)row.Arguments[2]! > 0);

    [TestCaseSource(nameof(RowsWithResult))]
    public void A_result_out_of_bounds_is_illegal_and_charges_the_execution_again(string module, string name, int size, int arguments)
    {
        using SyscallHarness actor = new();
        GasCharge twice = new(ChargeNames.WasmExec, SyscallHarness.Exec * 2, Gas.Zero);
        foreach (uint offset in (uint[])[Bounds.End - (uint)size + 1, Bounds.End, Bounds.End + 1, uint.MaxValue - (uint)size + 1, uint.MaxValue])
        {
            long left = actor.GasLeft;
            actor.ResultOffset = offset;
            SyscallResult result = actor.Call(module, name, new ulong[arguments]);
            Assert.That((result.Trap, (ErrorNumber)result.Number), Is.EqualTo((default(Fvm.Wasm.TrapCode), ErrorNumber.IllegalArgument)));
            Assert.That(result.Charges, Is.EqualTo(actor.CallCharges));
            Assert.That(actor.GasLeft, Is.EqualTo(left - (long)SyscallHarness.Exec.Milli), "the counter is not set anew");

            // The next syscall with a valid result buffer charges all execution since the counter was last set.
            actor.ResultOffset = SyscallHarness.DefaultResultOffset;
            SyscallResult next = actor.Call("gas", "available");
            Assert.That(next.Charges, Is.EqualTo(new[] { twice, actor.Prices.OnSyscall() }));
            Assert.That(actor.GasLeft, Is.EqualTo((long)actor.Execution.Gas.Available.Milli));
        }
    }

    [Test]
    public void A_result_out_of_bounds_charged_the_execution_once_before_nv18()
    {
        using SyscallHarness actor = new(HarnessSetup.Nv17);
        actor.ResultOffset = Bounds.End;
        actor.Call("vm", "context");
        actor.ResultOffset = SyscallHarness.DefaultResultOffset;
        actor.Call("vm", "context").Succeeds();
    }

    [TestCaseSource(nameof(RowsWithResult))]
    public void A_result_that_ends_with_the_memory_is_inside(string module, string name, int size, int arguments)
    {
        using SyscallHarness actor = new();
        actor.ResultOffset = Bounds.End - (uint)size;
        actor.Call(module, name, new ulong[arguments]);
        Assert.That(actor.Instance.LastError, Is.Null.Or.Not.Contains("no space"));
        Assert.That(actor.GasLeft, Is.EqualTo((long)actor.Execution.Gas.Available.Milli));
    }

    [TestCaseSource(nameof(Rows))]
    public void A_start_function_s_syscall_is_fatal_and_charges_nothing(string module, string name, int size, int arguments)
    {
        using SyscallHarness actor = new();
        actor.Instance.IsStarted = false;
        SyscallResult result = actor.Call(module, name, new ulong[arguments]);
        Assert.That((actor.Instance.Parked?.Kind, result.Charges.Length), Is.EqualTo(((OutcomeKind?)OutcomeKind.Fatal, 0)));
    }

    [TestCaseSource(nameof(Rows))]
    public void Every_syscall_survives_arguments_of_all_ones(string module, string name, int size, int arguments)
    {
        using SyscallHarness actor = new(new HarnessSetup { Debugging = true });
        SyscallResult result = actor.Call(module, name, [.. Enumerable.Repeat(ulong.MaxValue, arguments)]);
        Assert.That(result.Charges.Take(2), Is.EqualTo(actor.CallCharges));
        Assert.That(actor.Instance.Parked?.Kind, Is.Not.EqualTo(OutcomeKind.Fatal), actor.Instance.Parked?.Message);
    }

    [Test]
    public void Execution_that_used_more_than_there_is_runs_out_of_gas()
    {
        using SyscallHarness actor = new();
        actor.LeaveGas(Gas.OfMilli(1_000));
        SyscallResult result = actor.Call("gas", "available");
        Assert.That(actor.Instance.Parked, Is.EqualTo(Abort.OutOfGas()));

        // The remaining gas, and the amount below zero.
        Assert.That(result.Charges, Is.EqualTo(new[] { new GasCharge(ChargeNames.WasmExec, Gas.OfMilli(5_000), Gas.Zero) }));
        Assert.That(actor.Execution.Gas.Available, Is.EqualTo(Gas.Zero));
    }

    [Test]
    public void Memory_that_grew_is_split_off_from_execution_up_to_all_of_it()
    {
        using SyscallHarness actor = new();
        ulong bytes = 5;
        Assert.That(actor.Execution.Limiter.TryGrowMemory(0, bytes));
        Gas memory = actor.Prices.OfMemory(bytes);
        Assert.That(memory, Is.LessThan(SyscallHarness.Exec).And.GreaterThan(Gas.Zero));
        SyscallResult first = actor.Call("gas", "available");
        Assert.That(first.Charges, Is.EqualTo(new[]
        {
            new GasCharge(ChargeNames.WasmExec, SyscallHarness.Exec - memory, Gas.Zero),
            new GasCharge(ChargeNames.WasmMemoryGrow, memory, Gas.Zero),
            actor.Prices.OnSyscall(),
        }));

        Assert.That(actor.Execution.Limiter.TryGrowMemory(bytes, 1 << 20));
        SyscallResult second = actor.Call("gas", "available");
        Assert.That(second.Charges, Is.EqualTo(new[]
        {
            NoExec, new GasCharge(ChargeNames.WasmMemoryGrow, SyscallHarness.Exec, Gas.Zero), actor.Prices.OnSyscall(),
        }));
    }

    [Test]
    public void Memory_that_grew_can_run_out_of_gas_by_itself()
    {
        using SyscallHarness actor = new();
        actor.LeaveGas(SyscallHarness.Exec - Gas.OfMilli(1));
        Assert.That(actor.Execution.Limiter.TryGrowMemory(0, 1 << 20));
        SyscallResult result = actor.Call("gas", "available");
        Assert.That(result.Charges, Is.EqualTo(new[] { NoExec, new GasCharge(ChargeNames.WasmMemoryGrow, SyscallHarness.Exec, Gas.Zero) }));
        Assert.That(actor.Instance.Parked, Is.EqualTo(Abort.OutOfGas()));
    }

    [Test]
    public void Whatever_a_handler_throws_is_fatal_and_the_counter_is_set_anew()
    {
        using SyscallHarness actor = new();
        actor.Setup.Externs.Failure = new InvalidOperationException("a fault of the host");
        actor.Call("rand", "get_chain_randomness", 999).IsFatal(actor.Prices.OnGetRandomness(1));
        Assert.That(actor.Instance.Parked!.Message, Does.Contain("a fault of the host"));
    }

    [Test]
    public void A_success_forgets_the_last_error()
    {
        using SyscallHarness actor = new();
        actor.Call("ipld", "block_stat", 7).Fails(ErrorNumber.InvalidHandle, actor.Prices.OnBlockStat());
        Assert.That(actor.Instance.LastError, Does.StartWith("ipld::block_stat"));
        actor.Call("gas", "available").Succeeds();
    }
}
