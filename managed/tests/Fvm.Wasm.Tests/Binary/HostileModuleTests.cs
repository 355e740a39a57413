using System.Diagnostics;
using Fvm.Wasm.Fuzz;
using NUnit.Framework;

namespace Fvm.Wasm.Tests;

/// <summary>Modules crafted to exhaust the stack, memory or time of a decoder.</summary>
public sealed class HostileModuleTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [TestCase("block", 300_000)]
    [TestCase("loop", 300_000)]
    [TestCase("i32.const 0 if", 200_000)]
    public void Deep_nesting_needs_no_deep_stack(string opening, int depth)
    {
        string code = string.Concat(Enumerable.Repeat(opening + " ", depth)) + string.Concat(Enumerable.Repeat("end ", depth));
        Assert.That(RunSmall(code), Is.EqualTo(TrapCode.None));
    }

    [Test]
    public void A_branch_table_has_at_most_131072_targets()
    {
        Assert.That(RunSmall("block i32.const 5 br_table " + Labels(131_072) + " end"), Is.EqualTo(TrapCode.None));
        Assert.That(
            () => RunSmall("block i32.const 5 br_table " + Labels(131_073) + " end"),
            Throws.TypeOf<InvalidModuleException>().With.Message.Contains("131073 targets"));
    }

    [Test]
    public void A_branch_table_that_carries_a_value_to_many_blocks_stays_linear()
    {
        string open = string.Concat(Enumerable.Repeat("block:i ", 1_000));
        string close = string.Concat(Enumerable.Repeat("end drop i32.const 1 ", 1_000));
        string targets = string.Join(' ', Enumerable.Range(0, 100_000).Select(i => i % 1_000));
        Assert.That(RunSmall($"{open} i32.const 7 i32.const 99999 br_table {targets} 0 {close} drop"), Is.EqualTo(TrapCode.None));
    }

    [Test]
    public void A_function_has_at_most_50000_locals_with_its_parameters()
    {
        Assert.That(() => ModuleValidator.Decode(Function("ii", "i49998"), ModuleRunner.Limits), Throws.Nothing);
        Assert.That(() => ModuleValidator.Decode(Function("ii", "i49999"), ModuleRunner.Limits), Throws.TypeOf<InvalidModuleException>().With.Message.Contains("locals"));
        Assert.That(() => ModuleValidator.Decode(Function("", "i40000I40000"), ModuleRunner.Limits), Throws.TypeOf<InvalidModuleException>());
        Assert.That(() => ModuleValidator.Decode(Function("", "i2147483647I2147483647"), ModuleRunner.Limits), Throws.TypeOf<InvalidModuleException>());
    }

    [Test]
    public void Locals_that_nobody_uses_cost_a_call_nothing()
    {
        ModuleBuilder builder = new();
        int callee = builder.Function("", "", "I49000", "nop");
        builder.Function("", "", "i1", $"loop call {callee} local.get 0 i32.const 1 i32.add local.tee 0 i32.const 1000000 i32.lt_u br_if 0 end");
        Assert.That(RunTimed(builder, 1), Is.EqualTo(TrapCode.None));
    }

    [Test]
    public void Many_operands_in_locals_stay_linear()
    {
        // Pending local reads on the stack must be saved before their locals are overwritten: searching the whole stack each time would
        // take hours here.
        string reads = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"local.get {i} "));
        string writes = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"i32.const {i} local.set {i} "));
        string drops = string.Concat(Enumerable.Repeat("drop ", 20_000));
        ModuleBuilder builder = new();
        builder.Function("", "", "i20000", reads + writes + drops);
        Assert.That(RunTimed(builder, 0), Is.EqualTo(TrapCode.None));
    }

    [Test]
    public void A_frame_of_more_slots_than_numbers_overflows_the_stack_when_called()
    {
        string push = string.Concat(Enumerable.Repeat("local.get 0 ", 70_000));
        string pop = string.Concat(Enumerable.Repeat("drop ", 70_000));
        ModuleBuilder builder = new();
        builder.Function("", "", "i1", "nop");
        builder.Function("i", "", "", push + "i32.const 1 local.set 0 " + pop);
        Assert.That(RunTimed(builder, 0), Is.EqualTo(TrapCode.None));
        Assert.That(RunTimed(builder, 1), Is.EqualTo(TrapCode.HostStackOverflow));
    }

    [TestCase(1, 1_000_000u)]
    [TestCase(2, 1_000_000u)]
    [TestCase(3, 1_000_000u)]
    [TestCase(6, 1_000_000u)]
    [TestCase(7, 1_000_000u)]
    [TestCase(9, 100_000u)]
    [TestCase(10, 0xffff_ffffu)]
    [TestCase(11, 100_000u)]
    public void A_count_without_its_items_allocates_little(int section, uint count)
    {
        WasmWriter module = new WasmWriter().Fixed(0x1_6d736100, 8).Byte(section).Sized(new WasmWriter().U32(count));
        byte[] bytes = module.Written.ToArray();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(() => ModuleValidator.Decode(bytes, ModuleRunner.Limits), Throws.TypeOf<InvalidModuleException>());
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1_000_000));
    }

    [TestCase(1, 1_000_001u)]
    [TestCase(9, 100_001u)]
    [TestCase(11, 100_001u)]
    [TestCase(12, 100_001u)]
    public void Counts_past_a_limit_are_refused_by_it(int section, uint count)
    {
        byte[] bytes = new WasmWriter().Fixed(0x1_6d736100, 8).Byte(section).Sized(new WasmWriter().U32(count)).Written.ToArray();
        Assert.That(() => ModuleValidator.Decode(bytes, ModuleRunner.Limits), Throws.TypeOf<InvalidModuleException>().With.Message.Contains("limit"));
    }

    [Test]
    public void Every_prefix_of_a_module_is_refused_or_whole()
    {
        byte[] module = new ModuleGenerator(11).Generate();
        int accepted = 0;
        for (int length = 0; length < module.Length; length++)
        {
            try
            {
                ModuleValidator.Decode(module.AsMemory(0, length), ModuleRunner.Limits);
                accepted++;
            }
            catch (InvalidModuleException)
            {
            }
        }

        // Only at the end of a section, if nothing before it requires what follows.
        Assert.That(accepted, Is.LessThan(12));
    }

    [TestCase(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x00 }, true)]
    [TestCase(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x80, 0x00 }, false)]
    [TestCase(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x10 }, false)]
    public void Numbers_may_be_padded_up_to_their_longest_form(byte[] size, bool valid)
    {
        byte[] module = [.. new WasmWriter().Fixed(0x1_6d736100, 8).Byte(1).Count(size.Length).Written, .. size];
        Assert.That(() => ModuleValidator.Decode(module, ModuleRunner.Limits), valid ? Throws.Nothing : Throws.TypeOf<InvalidModuleException>());
    }

    [TestCase("\u0000name", true)]
    public void Custom_sections_may_hold_anything_behind_their_name(string contents, bool valid)
    {
        WasmWriter custom = new WasmWriter().Name("name").Raw(System.Text.Encoding.Latin1.GetBytes(contents)).Byte(0xff);
        byte[] module = new WasmWriter().Fixed(0x1_6d736100, 8).Byte(0).Sized(custom).Written.ToArray();
        Assert.That(() => ModuleValidator.Decode(module, ModuleRunner.Limits), valid ? Throws.Nothing : Throws.Exception);
    }

    [Test]
    public void Names_are_valid_UTF8_of_at_most_100000_bytes()
    {
        Assert.That(() => Custom(new WasmWriter().Name(new string('x', 100_000))), Throws.Nothing);
        Assert.That(() => Custom(new WasmWriter().Name(new string('x', 100_001))), Throws.TypeOf<InvalidModuleException>());
        Assert.That(() => Custom(new WasmWriter().Count(2).Byte(0xc0).Byte(0x80)), Throws.TypeOf<InvalidModuleException>());
        Assert.That(() => Custom(new WasmWriter().Count(3).Byte(0xed).Byte(0xa0).Byte(0x80)), Throws.TypeOf<InvalidModuleException>());
    }

    private static void Custom(WasmWriter section) =>
        ModuleValidator.Decode(new WasmWriter().Fixed(0x1_6d736100, 8).Byte(0).Sized(section).Written.ToArray(), ModuleRunner.Limits);

    private static string Labels(int count) => string.Concat(Enumerable.Repeat("0 ", count + 1));

    private static byte[] Function(string parameters, string locals)
    {
        ModuleBuilder builder = new();
        builder.Function(parameters, "", locals, "nop");
        return builder.ToBytes();
    }

    private static TrapCode RunSmall(string code)
    {
        ModuleBuilder builder = new();
        builder.Function("", "", "", code);
        return RunTimed(builder, 0);
    }

    private static TrapCode RunTimed(ModuleBuilder builder, int function)
    {
        Stopwatch watch = Stopwatch.StartNew();
        using IWasmInstance instance = TestHost.Instantiate(builder.ToBytes());
        TrapCode trap = instance.Call(function, new ulong[1]);
        Assert.That(watch.Elapsed, Is.LessThan(Patience));
        return trap;
    }
}
