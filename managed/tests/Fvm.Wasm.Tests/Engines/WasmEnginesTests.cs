using System.Diagnostics;
using System.Runtime.CompilerServices;
using Fvm.Wasm.Fuzz;
using NUnit.Framework;

namespace Fvm.Wasm.Tests;

public sealed class WasmEnginesTests
{
    [Test]
    public void The_default_is_the_compiler_or_users_hear_why_not()
    {
        Assert.That(WasmEngines.Default, Is.EqualTo(CompilerEngine.IsSupported ? "compiler" : "interpreter"));
        Assert.That(WasmEngines.Fallback is null, Is.EqualTo(CompilerEngine.IsSupported));
    }

    [Test]
    public void Each_engine_is_made_by_its_name_and_no_other_is()
    {
        foreach (string name in WasmEngines.Names)
        {
            using IWasmEngine engine = WasmEngines.Create(name);
            Assert.That(engine.Name, Is.EqualTo(name));
        }

        Assert.That(() => WasmEngines.Create("jit"), Throws.ArgumentException.With.Message.Contains("interpreter"));
    }

    // Engines read the arguments and find the function by pointers.
    [TestCaseSource(typeof(WasmEngines), nameof(WasmEngines.Names))]
    public void Calls_of_no_function_or_with_too_few_slots_are_refused(string name)
    {
        ModuleBuilder builder = new();
        int imported = builder.Import(ModuleGenerator.HostModule, "mix", "iI", "I");
        int sum = builder.Function("II", "I", "", "local.get 0 local.get 1 i64.add");
        int nothing = builder.Function("", "", "", "nop");
        using IWasmEngine engine = WasmEngines.Create(name);
        using IWasmCode code = engine.Load(builder.ToBytes(), ModuleRunner.Limits, null);
        using IWasmInstance instance = code.Link(TestHost.Table, out _)!.Instantiate(new TestHost(), out _)!;
        foreach ((int function, int slots) in new[] { (imported, 1), (sum, 1), (nothing, 0) })
        {
            Assert.That(() => instance.Call(function, new ulong[slots]), Throws.TypeOf<ArgumentOutOfRangeException>());
        }

        foreach (int function in new[] { -1, nothing + 1, int.MinValue, int.MaxValue })
        {
            Assert.That(() => instance.Call(function, new ulong[2]), Throws.TypeOf<IndexOutOfRangeException>());
        }

        ulong[] arguments = [2, 3, ulong.MaxValue];
        Assert.That(instance.Call(sum, arguments), Is.EqualTo(TrapCode.None));
        Assert.That(arguments, Is.EqualTo((ulong[])[5, 3, ulong.MaxValue]));
    }

    // Finalizers run in any order, and an exception in one would end the process.
    [TestCaseSource(typeof(WasmEngines), nameof(WasmEngines.Names))]
    [Platform("Linux")]
    public void Engines_and_instances_forgotten_together_give_their_memories_back(string name)
    {
        const int Count = 200;
        const long Memory = 4 << 20;
        ModuleBuilder builder = new();
        builder.Memory((uint)(Memory / LinearMemory.PageSize));
        byte[] wasm = builder.ToBytes();
        MakeAndForget(name, wasm, 1);
        Collect();
        long before = Addresses();
        Assert.That(MakeAndForget(name, wasm, Count) - before, Is.GreaterThan(Count * Memory / 2), "the instances were not made");
        Collect();
        Assert.That(Addresses() - before, Is.LessThan(Count * Memory / 4));
    }

    // Returns the addresses that are in use while all are there.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long MakeAndForget(string name, byte[] wasm, int count)
    {
        List<IWasmInstance> made = [];
        for (int i = 0; i < count; i++)
        {
            IWasmEngine engine = WasmEngines.Create(name);
            made.Add(engine.Load(wasm, ModuleRunner.Limits, null).Link(TestHost.Table, out _)!.Instantiate(new TestHost(), out _)!);
        }

        long addresses = Addresses();
        GC.KeepAlive(made);
        return addresses;
    }

    private static void Collect()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    private static long Addresses()
    {
        using Process process = Process.GetCurrentProcess();
        return process.VirtualMemorySize64;
    }
}
