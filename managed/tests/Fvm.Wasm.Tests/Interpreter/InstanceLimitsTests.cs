using Fvm.Wasm.Fuzz;
using NUnit.Framework;

namespace Fvm.Wasm.Tests;

/// <summary>Limits on metered modules at load time. The numbers are the thresholds of the reference.</summary>
public sealed class InstanceLimitsTests
{
    [TestCase(65_517, true)]
    [TestCase(65_518, false)]
    public void Globals_must_fit_into_an_instance(int count, bool fits)
    {
        ModuleBuilder builder = Small();
        for (int i = 0; i < count; i++)
        {
            builder.Global('i', mutable: false, 0);
        }

        Expect(builder, fits, "an instance takes");
    }

    [TestCase(65_520, true)]
    [TestCase(65_521, false)]
    public void Branch_tables_have_at_most_65520_targets_even_in_dead_code(int count, bool fits)
    {
        ModuleBuilder builder = new();
        builder.Function("", "", "", "unreachable i32.const 0 br_table " + string.Concat(Enumerable.Repeat("0 ", count + 1)));
        Expect(builder, fits, "br_table has 65521 targets");
    }

    [TestCase(8_192u, true)]
    [TestCase(8_193u, false)]
    public void Memories_start_with_at_most_512_MiB(uint pages, bool fits)
    {
        ModuleBuilder builder = new();
        builder.Function("", "", "", "nop");
        Expect(builder.Memory(pages), fits, "8192 pages");
    }

    [TestCase(20_000u, true)]
    [TestCase(20_001u, false)]
    public void Tables_start_with_at_most_20000_elements(uint elements, bool fits)
    {
        ModuleBuilder builder = new();
        builder.Function("", "", "", "nop");
        Expect(builder.Table(elements), fits, "20000 elements");
    }

    [Test]
    public void Limits_are_the_callers_whatever_the_engine([ValueSource(typeof(WasmEngines), nameof(WasmEngines.Names))] string name)
    {
        using IWasmEngine engine = WasmEngines.Create(name);
        ModuleBuilder builder = new();
        builder.Function("", "", "", "nop");
        byte[] module = builder.Memory(3).Table(5).ToBytes();
        ModuleLimits exact = ModuleRunner.Limits with { Functions = 3, InstancePages = 3, InstanceElements = 5 };
        Assert.That(() => engine.Load(module, exact, ModuleRunner.Rules).Dispose(), Throws.Nothing);
        foreach (ModuleLimits less in new[] { exact with { Functions = 0 }, exact with { InstancePages = 2 }, exact with { InstanceElements = 4 } })
        {
            Assert.That(() => engine.Load(module, less, ModuleRunner.Rules), Throws.TypeOf<InvalidModuleException>(), less.ToString());
        }

        Assert.That(() => exact with { InstancePages = ModuleLimits.MaxInstancePages + 1 }, Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    private static ModuleBuilder Small()
    {
        ModuleBuilder builder = new();
        builder.Memory(1);
        builder.Export("invoke", builder.Function("i", "i", "", "i32.const 0"));
        return builder;
    }

    private static void Expect(ModuleBuilder builder, bool fits, string reason)
    {
        using InterpreterEngine engine = new();
        void Load() => engine.Load(builder.ToBytes(), ModuleRunner.Limits, ModuleRunner.Rules).Dispose();
        Assert.That(Load, fits ? Throws.Nothing : Throws.TypeOf<InvalidModuleException>().With.Message.Contains(reason));
    }
}
