using Fvm.Wasm.Fuzz;
using NUnit.Framework;

namespace Fvm.Wasm.Tests;

/// <summary>
/// Loops at a fixed point, which use up the gas at once because no iteration changes anything it reads, and loops that resemble them.
/// </summary>
public sealed unsafe class LoopRepetitionTests
{
    private const string Endless = "loop br 0 end ";

    [TestCase(Endless)]
    [TestCase("loop global.get 0 i64.const 3 i64.div_u drop i32.const 8 i32.load drop data.drop 0 br 0 end")]
    [TestCase("loop local.get 0 br_if 0 end i64.const 1 global.set 0")]
    [TestCase("loop i32.const 16 local.get 0 i32.store i32.const 7 local.set 1 br 0 end")]
    [TestCase("i64.const 1 global.set 0 loop global.get 0 drop br 0 i64.const 2 global.set 0 end")]
    [TestCase("loop block loop i32.const 0 br_if 0 end local.get 0 br_if 1 end end")]
    [TestCase("loop loop " + Endless + "br 1 end end")]
    public void A_loop_that_changes_nothing_it_reads_ends_however_much_gas_there_is(string code)
    {
        RequireCompiler();
        using CompilerEngine engine = new();
        Assert.That(Run(engine, code, long.MaxValue - 5, 1).Trap, Is.EqualTo(TrapCode.OutOfGas));
    }

    [TestCase(Endless)]
    [TestCase("loop nop nop global.get 0 drop block local.get 0 br_if 0 nop end br 0 end")]
    [TestCase("loop local.get 1 i32.const 1 i32.add local.tee 1 i32.const 50 i32.lt_u br_if 0 end")]
    [TestCase("loop global.get 0 i64.const 1 i64.add global.set 0 br 0 end")]
    [TestCase("loop i32.const 4 i32.const 4 i32.load i32.const 1 i32.add i32.store br 0 end")]
    [TestCase("loop i32.const 0 local.get 1 i32.store8 local.get 1 i32.const 3 i32.add local.set 1 br 0 end")]
    [TestCase("loop loop global.get 0 i64.const 40 i64.gt_u br_if 1 global.get 0 i64.const 1 i64.add global.set 0 br 0 end end")]
    [TestCase("loop loop local.get 1 br_if 1 i32.const 1 local.set 1 br 0 end end")]
    [TestCase("loop loop local.get 1 i32.const 9 i32.gt_u br_if 1 local.get 1 i32.const 1 i32.add local.set 1 br 0 end end " + Endless)]
    [TestCase("loop call 0 drop br 0 end")]
    [TestCase("loop call 0 drop memory.size i32.const 1 memory.grow drop br 0 end")]
    [TestCase("loop i32.const 70000 i32.load drop br 0 end")]
    [TestCase("loop i32.const 0 i32.const 1 local.get 0 memory.fill br 0 end")]
    [TestCase("loop i32.const 0 i32.const 0 i32.const 2 memory.init 0 data.drop 0 br 0 end")]
    [TestCase("loop data.drop 0 i32.const 0 i32.const 0 i32.const 2 memory.init 0 br 0 end")]
    [TestCase("loop i32.const 0 table.get 0 drop i32.const 0 i32.const 1 table.get 0 table.set 0 br 0 end")]
    [TestCase("loop i32.const 0 table.get 0 drop br 0 end")]
    [TestCase("loop i32.const 0 if br 1 end br 0 end")]
    [TestCase("loop local.get 1 if br 2 end i32.const 1 local.set 1 br 0 end")]
    public void What_a_loop_leaves_behind_is_what_the_interpreter_leaves(string code)
    {
        RequireCompiler();
        using CompilerEngine compiler = new();
        using InterpreterEngine interpreter = new();
        for (int i = 0; i < 400; i++)
        {
            long gas = i < 300 ? i : i * 997;
            foreach (int argument in (int[])[0, 1])
            {
                Assert.That(Run(compiler, code, gas, argument), Is.EqualTo(Run(interpreter, code, gas, argument)), $"{gas} gas, argument {argument}");
            }
        }
    }

    private static (TrapCode Trap, long Gas, ulong Global, ulong Memory, ulong Host) Run(IWasmEngine engine, string code, long gas, int argument)
    {
        ModuleBuilder builder = new ModuleBuilder().Memory(1, 2).Table(4);
        builder.Import(ModuleGenerator.HostModule, "count", "", "i");
        builder.Global('I', true, 0);
        builder.Data(null, 1, 2, 3);
        builder.Function("i", "", "i", code);
        using IWasmCode loaded = engine.Load(builder.ToBytes(), ModuleRunner.Limits, ModuleRunner.Rules);
        using FuzzHost host = new();
        using IWasmInstance instance = loaded.Link(FuzzHost.Table, out _)!.Instantiate(host, out _)!;
        instance.Context->HostState = host.Handle;
        instance.Context->GasLeft = gas;
        ulong[] slots = [(ulong)argument];
        TrapCode trap = instance.Call(1, slots);
        return (trap, instance.Context->GasLeft, instance.Context->Globals[0], *(ulong*)instance.Context->MemoryBase, host.Digest);
    }

    private static void RequireCompiler()
    {
        if (!CompilerEngine.IsSupported)
        {
            Assert.Ignore("machine code cannot be made here");
        }
    }
}
