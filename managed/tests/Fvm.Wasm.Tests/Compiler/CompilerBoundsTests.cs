using System.Diagnostics;
using System.Text;
using Fvm.Wasm.Fuzz;
using NUnit.Framework;

namespace Fvm.Wasm.Tests;

/// <summary>Code crafted for maximal compile cost: each function has the maximum size.</summary>
public sealed class CompilerBoundsTests
{
    /// <summary>The stated time bound, in milliseconds per function of maximum size. Generous, for slow machines.</summary>
    private const int MaxMilliseconds = 2_000;
    private const int MaxBody = 128 * 1024 - 64;

    [TestCase("block ", "end ", 3, TestName = "Deep blocks")]
    [TestCase("loop ", "end ", 3, TestName = "Deep loops")]
    [TestCase("i32.const 0 if ", "end ", 5, TestName = "Deep conditions")]
    [TestCase("i32.const 7 ", "drop ", 3, TestName = "Many constants")]
    [TestCase("local.get 0 ", "drop ", 3, TestName = "Many pending locals")]
    [TestCase("local.get 0 i32.eqz ", "drop ", 4, TestName = "Many values in registers")]
    public void Nesting_is_compiled_within_the_bound(string open, string close, int size)
    {
        int count = MaxBody / size;
        Compile(Repeat(open, count) + Repeat(close, count));
    }

    [TestCase("local.get 0 local.get 1 i32.div_s local.set 0 ", 7)]
    [TestCase("local.get 0 local.get 1 local.set 0 local.set 1 ", 8)]
    [TestCase("local.get 0 i32.load 0 local.set 0 ", 7)]
    [TestCase("memory.size memory.grow drop ", 5)]
    [TestCase("call 0 ", 2)]
    [TestCase("local.get 0 br_if 0 ", 4)]
    [TestCase("local.get 0 local.get 0 local.get 0 memory.copy ", 10)]
    [TestCase("local.get 0 f32.reinterpret_i32 local.get 0 f32.reinterpret_i32 f32.min drop ", 8)]
    [TestCase("local.get 0 local.get 0 local.get 0 select local.set 1 ", 9)]
    public void Repetition_is_compiled_within_the_bound(string code, int size) => Compile(Repeat(code, MaxBody / size / 3));

    [Test]
    public void Stacked_divisions_are_compiled_within_the_bound()
    {
        const int Count = 20_000;
        Compile(Repeat("local.get 0 ", Count) + Repeat("i32.div_s ", Count - 1) + "drop ");
    }

    [Test]
    public void Pending_locals_that_are_set_are_compiled_within_the_bound()
    {
        const int Count = 9_000;
        StringBuilder code = new();
        for (int i = 0; i < Count; i++)
        {
            code.Append($"local.get {i} ");
        }

        for (int i = 0; i < Count; i++)
        {
            code.Append($"i32.const 1 local.set {i} ");
        }

        Compile(code + Repeat("drop ", Count), "i49998");
    }

    [Test]
    public void Huge_branch_tables_are_compiled_within_the_bound() =>
        Compile("block block local.get 0 br_table " + Repeat("0 ", 60_000) + Repeat("1 ", 60_000) + "end end ");

    [Test]
    public void Many_locals_are_compiled_within_the_bound() => Compile("local.get 40000 drop local.get 5 drop ", "i49998");

    [Test]
    public void No_page_is_writable_and_executable_while_code_runs()
    {
        RequireCompiler();
        using CompilerEngine engine = new();
        ModuleBuilder builder = new();
        builder.Export("f", builder.Function("i", "i", "", "local.get 0 i32.const 1 i32.add"));
        using IWasmCode code = engine.Load(builder.ToBytes(), ModuleRunner.Limits, null);
        using IWasmInstance instance = code.Link(FuzzHost.Table, out _)!.Instantiate(new FuzzHost(), out _)!;
        ulong[] slots = [41];
        Assert.That(instance.Call(0, slots), Is.EqualTo(TrapCode.None));
        Assert.That(slots[0], Is.EqualTo(42));

        string[] maps = File.ReadAllLines("/proc/self/maps");
        Assert.That(maps, Has.Some.Contain("r-xs").And.Some.Contain("wasm code"));
        Assert.That(maps.Where(line => line.Contains("wasm code", StringComparison.Ordinal)), Has.None.Contains("wx"));
    }

    private static string Repeat(string text, int count) => new StringBuilder().Insert(0, text, count).ToString();

    private static void Compile(string body, string locals = "")
    {
        RequireCompiler();
        using CompilerEngine engine = new();
        ModuleBuilder builder = new ModuleBuilder().Memory(1);
        builder.Function("", "", "", "");
        builder.Function("ii", "", locals, body);
        using CompiledCode code = engine.LoadModule(builder.ToBytes(), ModuleRunner.Limits, null);
        Stopwatch watch = Stopwatch.StartNew();
        long before = GC.GetAllocatedBytesForCurrentThread();
        code.Segment.CompileAll(1);
        Assert.That(watch.ElapsedMilliseconds, Is.LessThan(MaxMilliseconds));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(64 << 20));
        FunctionBody function = code.Module.Bodies[1];
        TestContext.Out.WriteLine($"{function.CodeLength} bytes of Wasm, {code.Segment.CodeSize} of machine code, {watch.ElapsedMilliseconds} ms");
    }

    private static void RequireCompiler()
    {
        if (!CompilerEngine.IsSupported)
        {
            Assert.Ignore("machine code cannot be made here");
        }
    }
}
