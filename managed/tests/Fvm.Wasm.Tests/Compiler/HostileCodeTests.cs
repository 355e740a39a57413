using System.Diagnostics;
using System.Globalization;
using Fvm.Wasm.Fuzz;
using NUnit.Framework;

namespace Fvm.Wasm.Tests;

/// <summary>Checks <see cref="CompilerBounds"/> against a thousand modules crafted to exceed them.</summary>
public sealed class HostileCodeTests
{
    private const int Modules = 1_000;

    /// <summary>Maximum attempts for a module over its time bound: the machine may have been busy with other work.</summary>
    private const int Attempts = 5;

    [SetUp]
    public void RequireCompiler()
    {
        if (!CompilerEngine.IsSupported)
        {
            Assert.Ignore("machine code cannot be made here");
        }
    }

    [Test]
    public void A_thousand_hostile_modules_stay_within_the_stated_bounds()
    {
        Dictionary<string, Cost> worst = [];
        for (ulong seed = 0; seed < Modules; seed++)
        {
            int size = (seed / (ulong)HostileCode.Kinds.Count % 8) switch { 0 => 150_000, 1 or 2 => 40_000, 3 => 500, _ => 8_000 };
            string kind = HostileCode.Kinds[(int)(seed % (ulong)HostileCode.Kinds.Count)].Name;
            Cost cost = Check($"{kind}, seed {seed}", HostileCode.Make(seed, size));
            worst[kind] = worst.TryGetValue(kind, out Cost before) ? Cost.Max(before, cost) : cost;
        }

        foreach ((string kind, Cost cost) in worst)
        {
            TestContext.Out.WriteLine($"{kind}: {cost}");
        }
    }

    [TestCase("nesting of all kinds")]
    [TestCase("50,000 locals by turns")]
    [TestCase("one operator")]
    [TestCase("loops that read and write")]
    public void A_function_as_large_as_the_reference_names_stays_within_the_stated_bounds(string kind)
    {
        // wasmparser's own limit, which the reference does not enforce for functions.
        const int Limit = 7_654_321;
        ulong seed = (ulong)HostileCode.Kinds.ToList().FindIndex(row => row.Name == kind);
        while (CountFunctions(seed) != 1)
        {
            seed += (ulong)HostileCode.Kinds.Count;
        }

        TestContext.Out.WriteLine(Check(kind, HostileCode.Make(seed, Limit)));
    }

    private static int CountFunctions(ulong seed) => Fvm.Wasm.ModuleValidator.Decode(HostileCode.Make(seed, 400), ModuleRunner.Limits).Bodies.Length - 1;

    private static Cost Check(string name, byte[] module)
    {
        Cost cost = default;
        for (int attempt = 1; ; attempt++)
        {
            using CompilerEngine engine = new();
            using CompiledCode code = engine.LoadModule(module, ModuleRunner.Limits, ModuleRunner.Rules);
            long start = CpuTime();
            long before = GC.GetAllocatedBytesForCurrentThread();
            code.Segment.CompileAll(1);
            long managed = GC.GetAllocatedBytesForCurrentThread() - before;
            long nanoseconds = CpuTime() - start;

            long bytes = code.Module.Bodies.Sum(static body => (long)body.CodeLength);
            int largest = code.Module.Bodies.Max(static body => body.CodeLength);
            int functions = code.Module.Bodies.Length;
            long made = code.Segment.CodeSize - code.Segment.StubsSize;
            long memory = managed + code.Segment.WorkingMemory;
            cost = new Cost(
                made / (double)CompilerBounds.MachineCode(bytes, functions),
                memory / (double)CompilerBounds.WorkingMemory(largest),
                nanoseconds / (double)CompilerBounds.Nanoseconds(bytes, functions));
            Assert.That(made, Is.LessThanOrEqualTo(CompilerBounds.MachineCode(bytes, functions)), name);
            Assert.That(memory, Is.LessThanOrEqualTo(CompilerBounds.WorkingMemory(largest)), name);
            if (nanoseconds <= CompilerBounds.Nanoseconds(bytes, functions))
            {
                return cost;
            }

            Assert.That(attempt, Is.LessThan(Attempts), $"{name}: {nanoseconds / 1_000_000} ms for {bytes} bytes");
        }
    }

    /// <summary>Processor time of this thread, in nanoseconds.</summary>
    private static long CpuTime() => File.Exists("/proc/thread-self/schedstat")
        ? long.Parse(File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0], CultureInfo.InvariantCulture)
        : (long)Stopwatch.GetElapsedTime(0).TotalNanoseconds;

    /// <summary>The cost of compilation, as fractions of the bounds.</summary>
    private readonly record struct Cost(double Code, double Memory, double Time)
    {
        public static Cost Max(Cost a, Cost b) => new(Math.Max(a.Code, b.Code), Math.Max(a.Memory, b.Memory), Math.Max(a.Time, b.Time));

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture, $"at most {Code:P0} of the code, {Memory:P0} of the memory and {Time:P0} of the time that it may take");
    }
}
