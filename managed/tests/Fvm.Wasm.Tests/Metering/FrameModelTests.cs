using System.Text;
using Fvm.Wasm.Fuzz;
using NUnit.Framework;

namespace Fvm.Wasm.Tests;

/// <summary>Frame sizes of functions, read from the reference's machine code for the same functions.</summary>
public sealed class FrameModelTests
{
    private static readonly MeteringRules Rules = new()
    {
        InstructionDefault = 1,
        MathDefault = 1,
        JumpUnconditional = 1,
        JumpConditional = 1,
        JumpIndirect = 1,
        Call = 1,
        MemoryFillBase = 1,
        MemoryAccess = 1,
        MemoryFillPerByte = 1,
        MemoryCopyPerByte = 1,
        MaxStackHeight = 2048,
    };

    // Values loaded, kept across a recursive call, stored. Bytes of the frame, plus 16 of return address and frame pointer.
    [TestCase('I', "i64", 1000, 8032 + 16)]
    [TestCase('I', "i64", 1600, 12832 + 16)]
    [TestCase('I', "i64", 5000, 40032 + 16)]
    [TestCase('f', "f32", 1000, 16032 + 16)]
    [TestCase('f', "f32", 1600, 25632 + 16)]
    [TestCase('F', "f64", 5000, 80032 + 16)]
    public void A_value_that_is_kept_across_a_call_takes_8_bytes_or_16(char letter, string type, int count, int expected) =>
        Assert.That(FrameOf(letter, count, Loads(type, count) + "call 0 " + Stores(type, count)), Is.EqualTo(expected));

    [Test]
    public void Constants_and_locals_that_nobody_reads_take_nothing()
    {
        StringBuilder constants = new();
        for (int i = 0; i < 1500; i++)
        {
            constants.Append($"i64.const {i} local.set {i} ");
        }

        int least = FrameOf('I', 1500, "call 0");
        Assert.That(least, Is.LessThan(300));
        Assert.That(FrameOf('I', 1500, Loads("i64", 1500) + "call 0"), Is.EqualTo(least));
        Assert.That(FrameOf('I', 1500, constants + "call 0 " + Stores("i64", 1500)), Is.EqualTo(least));
    }

    [Test]
    public void A_value_that_is_loaded_twice_is_one()
    {
        StringBuilder loads = new();
        for (int i = 0; i < 1500; i++)
        {
            loads.Append($"i32.const {8 * (i % 1000)} i64.load local.set {i} ");
        }

        Assert.That(
            FrameOf('I', 1500, loads + "call 0 " + Stores("i64", 1500)),
            Is.EqualTo(FrameOf('I', 1000, Loads("i64", 1000) + "call 0 " + Stores("i64", 1000))));
    }

    [Test]
    public void A_pure_value_is_computed_where_it_is_needed()
    {
        StringBuilder pure = new();
        for (int i = 0; i < 1500; i++)
        {
            pure.Append($"global.get 0 i64.const {i + 3} i64.mul local.set {i} ");
        }

        Assert.That(FrameOf('I', 1500, pure + "call 0 " + Stores("i64", 1500)), Is.LessThan(300), "after the call");
        Assert.That(
            FrameOf('I', 1500, pure + Stores("i64", 1500) + "call 0 " + Stores("i64", 1500)),
            Is.InRange(12_000, 12_100),
            "before the call, and kept");
    }

    [Test]
    public void What_both_arms_set_takes_one_place()
    {
        StringBuilder arms = new();
        for (int i = 0; i < 1200; i++)
        {
            arms.Append($"i32.const {i} i32.load if i32.const {8 * i} i64.load local.set {i} ");
            arms.Append($"else i32.const {90_000 + (8 * i)} i64.load local.set {i} end ");
        }

        Assert.That(FrameOf('I', 1200, arms + "call 0 " + Stores("i64", 1200)), Is.InRange(9_600, 9_700));
    }

    [Test]
    public void What_a_loop_carries_takes_one_place()
    {
        string body = "loop " + Stores("i64", 1200) + Loads("i64", 1200) + "i32.const 0 i32.load br_if 0 end call 0 " + Stores("i64", 1200);

        Assert.That(FrameOf('I', 1200, body), Is.InRange(9_600, 9_700));
    }

    [TestCase(0, false)]
    [TestCase(500, false)]
    [TestCase(5000, true)]
    public void Frames_are_counted_only_where_they_could_be_used_up_before_the_limiter_s_count(int locals, bool counts)
    {
        ModuleMetering metering = Meter('I', locals, "call 0", out _);

        Assert.That(metering.CountsFrames, Is.EqualTo(counts));
    }

    [TestCase("call 0", false)]
    [TestCase("local.get 4999 drop call 0", false)]
    [TestCase(null, true, Description = "all of them")]
    public void Locals_that_a_function_does_not_use_take_nothing_from_machine_code(string? code, bool large)
    {
        ModuleMetering metering = Meter('I', 5000, code ?? Loads("i64", 5000) + "call 0 " + Stores("i64", 5000), out _);

        Assert.That((metering.CountsFrames, metering.UsesLargeFrames), Is.EqualTo((true, large)));
    }

    // 3 values per call on the limiter: one group of locals, and its two per frame.
    [TestCase(5000)]
    [TestCase(49_999)]
    public void Calls_of_functions_with_unused_locals_end_by_the_limiter_s_count_on_both_engines(int locals)
    {
        byte[] wasm = Builder('I', locals, "i32.const 0 i32.const 0 i32.load i32.const 1 i32.add i32.store call 0").ToBytes();

        Assert.That(Depth(new InterpreterEngine(), wasm), Is.EqualTo((TrapCode.StackLimit, 2048 / 6)));
        if (CompilerEngine.IsSupported)
        {
            Assert.That(Depth(new CompilerEngine(), wasm), Is.EqualTo((TrapCode.StackLimit, 2048 / 6)));
        }
    }

    [Test]
    public void Where_each_local_counts_frames_are_never_counted()
    {
        WasmModule module = ModuleValidator.Decode(Builder('I', 5000, "call 0").ToBytes(), ModuleRunner.Limits);

        Assert.That(ModuleMetering.Analyze(module, Rules with { CountsEachLocal = true }).CountsFrames, Is.False);
    }

    [TestCase("f64", 'F', 800, 4_193_792 / (12_800 + 48))]
    [TestCase("i64", 'I', 2000, 4_193_792 / (16_000 + 48))]
    [TestCase("i64", 'I', 100, 2048 / 6, Description = "the limiter's count comes first")]
    public void Recursion_ends_where_the_reference_s_stack_does(string type, char letter, int count, int depth)
    {
        // Counts its calls at address 0 before it recurses.
        string code = "i32.const 0 i32.const 0 i32.load i32.const 1 i32.add i32.store " + Loads(type, count) + "call 0 " + Stores(type, count);
        byte[] wasm = Builder(letter, count, code).ToBytes();
        using IWasmInstance instance = TestHost.Instantiate(wasm, Rules);
        TrapCode trap;
        int reached;
        unsafe
        {
            trap = instance.Call(0, new ulong[1]);
            reached = *(int*)instance.Context->MemoryBase;
        }

        Assert.That(trap, Is.EqualTo(count > 500 ? TrapCode.HostStackOverflow : TrapCode.StackLimit));
        Assert.That(reached, Is.EqualTo(depth).Within(1));
    }

    // Measured on the reference: frames of 13,024 bytes leave 576 bytes of 4 MiB, enough for its entry frame; those of 25,264 leave 480,
    // and the last does not fit.
    [TestCase(1622, 13_024, (4 << 20) / 13_024)]
    [TestCase(3152, 25_264, ((4 << 20) / 25_264) - 1)]
    public void What_the_reference_s_entry_takes_decides_about_the_last_frame(int count, int frame, int depth)
    {
        Assert.That(FrameOf('I', count, Loads("i64", count) + "call 0 " + Stores("i64", count)), Is.EqualTo(frame));
        Assert.That(FrameModel.Limit / frame, Is.EqualTo(depth));
    }

    // Measured on the reference: mutual recursion has the depth of direct recursion.
    [TestCase(2, false)]
    [TestCase(5, false)]
    [TestCase(1, true)]
    [TestCase(5, true)]
    public void Functions_that_call_each_other_or_through_a_table_end_as_one_that_calls_itself(int ring, bool indirect)
    {
        const int Count = 1300;
        ModuleBuilder builder = new();
        for (int i = 0; i < ring; i++)
        {
            int next = (i + 1) % ring;
            string call = indirect ? $"i32.const {next} call_indirect 0 " : $"call {next} ";
            string counts = "i32.const 0 i32.const 0 i32.load i32.const 1 i32.add i32.store ";
            builder.Function("", "", $"F{Count}", counts + Loads("f64", Count) + call + Stores("f64", Count));
        }

        byte[] wasm = builder.Memory(2).Table((uint)ring).Elements(0, [.. Enumerable.Range(0, ring)]).ToBytes();
        using IWasmInstance instance = TestHost.Instantiate(wasm, Rules);
        TrapCode trap;
        int reached;
        unsafe
        {
            trap = instance.Initialize();
            Assert.That(trap, Is.EqualTo(TrapCode.None));
            trap = instance.Call(0, new ulong[1]);
            reached = *(int*)instance.Context->MemoryBase;
        }

        Assert.That(trap, Is.EqualTo(TrapCode.HostStackOverflow));
        Assert.That(reached, Is.EqualTo(FrameModel.Limit / ((16 * Count) + 48)).Within(1));
    }

    [Test]
    public void Many_parameters_are_ended_by_the_limiter_which_counts_each_argument()
    {
        string arguments = string.Concat(Enumerable.Range(0, 900).Select(static i => $"local.get {i} "));
        ModuleBuilder builder = new();
        builder.Function(new string('I', 900), "", "", arguments + "call 0");

        Assert.That(ModuleMetering.Analyze(ModuleValidator.Decode(builder.ToBytes(), ModuleRunner.Limits), Rules).CountsFrames, Is.False);
    }

    [Test]
    public void The_time_is_linear_in_the_size_of_hostile_functions()
    {
        // Nested blocks that all merge, followed by repeated uses of pure values.
        StringBuilder code = new("global.get 0 local.set 0 ");
        for (int i = 1; i < 3000; i++)
        {
            code.Append($"local.get {i - 1} i64.const 3 i64.mul local.set {i} ");
        }

        for (int i = 0; i < 20_000; i++)
        {
            code.Append("block i32.const 0 i32.load br_if 0 i32.const 8 local.get 2999 i64.store end ");
        }

        ModuleMetering metering = Meter('I', 3000, code + "call 0", out _);
        System.Diagnostics.Stopwatch watch = System.Diagnostics.Stopwatch.StartNew();
        _ = metering.FrameBytes(0);
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(5)));
    }

    private static unsafe (TrapCode Trap, int Calls) Depth(IWasmEngine engine, byte[] wasm)
    {
        using (engine)
        {
            using IWasmCode code = engine.Load(wasm, ModuleRunner.Limits, Rules);
            using IWasmInstance instance = code.Link(TestHost.Table, out _)!.Instantiate(new TestHost(), out _)!;
            instance.Context->GasLeft = long.MaxValue;
            TrapCode trap = instance.Call(0, new ulong[1]);
            return (trap, *(int*)instance.Context->MemoryBase);
        }
    }

    private static string Loads(string type, int count) =>
        string.Concat(Enumerable.Range(0, count).Select(i => $"i32.const {4096 + (8 * i)} {type}.load local.set {i} "));

    private static string Stores(string type, int count) =>
        string.Concat(Enumerable.Range(0, count).Select(i => $"i32.const {4096 + (8 * i)} local.get {i} {type}.store "));

    private static ModuleBuilder Builder(char type, int locals, string code)
    {
        ModuleBuilder builder = new ModuleBuilder().Memory(2);
        builder.Global('I', true, 7);
        builder.Function("", "", locals == 0 ? "" : $"{type}{locals}", code);
        return builder.Export("f", 0);
    }

    private static ModuleMetering Meter(char type, int locals, string code, out WasmModule module)
    {
        module = ModuleValidator.Decode(Builder(type, locals, code).ToBytes(), ModuleRunner.Limits);
        return ModuleMetering.Analyze(module, Rules);
    }

    private static int FrameOf(char type, int locals, string code) => Meter(type, locals, code, out _).FrameBytes(0);
}
