using Fvm.Wasm.Fuzz;
using Fvm.Wasmtime;
using NUnit.Framework;

namespace Fvm.Wasm.Tests;

public sealed class WasmtimeEngineTests
{
    private const ulong Cases = 300;

    [Test]
    public void A_library_that_is_not_there_or_none_of_this_release_is_named_in_one_line()
    {
        string text = Path.Combine(TestContext.CurrentContext.WorkDirectory, "libwasmtime-text.so");
        File.WriteAllText(text, "no library");
        foreach ((string path, string message) in new[]
        {
            ("/nowhere/libwasmtime.so", "there is no file /nowhere/libwasmtime.so"),
            (text, $"{text} cannot be loaded: it is no library for this system"),
        })
        {
            Assert.That(
                () => new WasmtimeEngine(new WasmtimeOptions { Library = path }),
                Throws.TypeOf<EngineUnavailableException>().With.Message.EqualTo(message));
        }
    }

    [Test]
    [Platform("Linux")]
    public void A_library_of_another_release_is_refused_before_a_call()
    {
        string? other = Directory.EnumerateFiles(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "libSystem.Native.so")
            .FirstOrDefault();
        Assert.That(
            () => new WasmtimeEngine(new WasmtimeOptions { Library = other }),
            Throws.TypeOf<EngineUnavailableException>().With.Message.EndsWith("is not Wasmtime 50.0.1"));
    }

    [Test]
    public void The_compiler_agrees_with_Wasmtime_on_random_modules()
    {
        if (!CompilerEngine.IsSupported) Assert.Ignore("there is no compiler here");

        using IWasmEngine wasmtime = TestEngines.Create(WasmtimeEngine.EngineName);
        using CompilerEngine compiler = new();
        EngineFuzzer fuzzer = new(compiler, wasmtime);
        for (ulong seed = 0; seed < Cases; seed++)
        {
            Assert.That(fuzzer.Compare(EngineFuzzer.ModuleOf(seed), seed), Is.Null, $"case {seed}");
        }
    }

    // Up to fvm-wasm-instrument 0.2, and since.
    [TestCase(false, false)]
    [TestCase(true, true)]
    public void Each_generation_of_rules_charges_what_the_metering_finds(bool countsDefaultTarget, bool countsEachLocal)
    {
        MeteringRules rules = ModuleRunner.Rules with { CountsDefaultTarget = countsDefaultTarget, CountsEachLocal = countsEachLocal };
        using IWasmEngine wasmtime = TestEngines.Create(WasmtimeEngine.EngineName);
        using InterpreterEngine interpreter = new();
        ModuleBuilder builder = new();
        int callee = builder.Function("i", "i", "i4", "local.get 0 i32.const 1 i32.add");
        builder.Export("run", builder.Function(
            "i", "i", "", $"block block local.get 0 br_table 0 1 end local.get 0 call {callee} drop end local.get 0 i32.const 3 i32.mul"));
        byte[] module = builder.ToBytes();
        foreach (int argument in (ReadOnlySpan<int>)[0, 1, 2])
        {
            foreach (long gas in (ReadOnlySpan<long>)[1_000_000, 100, 10])
            {
                string expected = Run(interpreter, module, rules, (ulong)argument, gas);
                Assert.That(Run(wasmtime, module, rules, (ulong)argument, gas), Is.EqualTo(expected), $"{argument} with {gas}");
            }
        }
    }

    [Test]
    public void The_height_of_frames_ends_recursion_at_the_same_call([Values(true, false)] bool countsEachLocal)
    {
        MeteringRules rules = ModuleRunner.DeepRules with { CountsEachLocal = countsEachLocal };
        ModuleBuilder builder = new();
        builder.Export("run", builder.Function("i", "i", "I4", "local.get 0 i32.const 1 i32.add call 0"));
        using IWasmEngine wasmtime = TestEngines.Create(WasmtimeEngine.EngineName);
        using InterpreterEngine interpreter = new();
        string expected = Run(interpreter, builder.ToBytes(), rules, 0, long.MaxValue);
        Assert.That(expected, Does.StartWith($"{TrapCode.StackLimit} "));
        Assert.That(Run(wasmtime, builder.ToBytes(), rules, 0, long.MaxValue), Is.EqualTo(expected));
    }

    [Test]
    public void A_module_that_never_links_is_still_refused_for_what_it_has()
    {
        // A table import, and memory.fill of -1 bytes: the reference's instrumentation refuses the latter, before anything is linked.
        WasmWriter module = new WasmWriter().Raw("\0asm\x1\0\0\0"u8);
        module.Byte(1).Sized(new WasmWriter().Raw([1, 0x60, 0, 0]));
        module.Byte(2).Sized(new WasmWriter().Raw([1, 1, (byte)'m', 1, (byte)'t', 1, 0x70, 0, 1]));
        module.Byte(3).Sized(new WasmWriter().Raw([1, 0]));
        module.Byte(5).Sized(new WasmWriter().Raw([1, 0, 1]));
        byte[] code = [0, .. CodeText.Assemble("i32.const 0 i32.const 0 i32.const -1 memory.fill end")];
        module.Byte(10).Sized(new WasmWriter().Count(1).Sized(new WasmWriter().Raw(code)));
        using IWasmEngine wasmtime = TestEngines.Create(WasmtimeEngine.EngineName);
        Assert.That(
            () => wasmtime.Load(module.Written.ToArray(), ModuleRunner.Limits, ModuleRunner.Rules),
            Throws.TypeOf<InvalidModuleException>().With.Message.Contains("negative constant"));
        using IWasmCode unmetered = wasmtime.Load(module.Written.ToArray(), ModuleRunner.Limits, null);
        Assert.That(unmetered.Link(TestHost.Table, out string? failure), Is.Null);
        Assert.That(failure, Does.Contain("unknown import m.t"));
    }

    [Test]
    public void Code_that_loops_for_ever_ends_when_it_is_stopped()
    {
        ModuleBuilder builder = new();
        int loop = builder.Function("", "", "", "loop br 0 end");
        builder.Export("run", loop);
        using WasmtimeEngine engine = new(new WasmtimeOptions { Library = WasmtimeOfTests.Library, Stoppable = true });
        using IWasmCode code = engine.Load(builder.ToBytes(), ModuleRunner.Limits, null);
        using IWasmInstance instance = code.Link(TestHost.Table, out _)!.Instantiate(new TestHost(), out _)!;
        Assert.That(instance.Initialize(), Is.EqualTo(TrapCode.None));
        using Timer timer = new(_ => instance.Stop(), null, TimeSpan.FromMilliseconds(50), Timeout.InfiniteTimeSpan);
        Assert.That(instance.Call(loop, new ulong[1]), Is.EqualTo(TrapCode.HostFault));
    }

    private static unsafe string Run(IWasmEngine engine, byte[] wasm, MeteringRules rules, ulong argument, long gas)
    {
        using IWasmCode code = engine.Load(wasm, ModuleRunner.Limits, rules);
        using IWasmInstance instance = code.Link(TestHost.Table, out _)!.Instantiate(new TestHost(), out _)!;
        instance.Context->GasLeft = gas;
        Assert.That(instance.Initialize(), Is.EqualTo(TrapCode.None));
        ulong[] slots = [argument];
        code.Module.TryFindExport("run", ExternalKind.Function, out int function);
        TrapCode trap = instance.Call(function, slots);
        return $"{trap} {(trap == TrapCode.None ? slots[0] : 0)} gas {instance.Context->GasLeft}";
    }
}
