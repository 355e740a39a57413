using System.Text;
using Fvm.Wasm.Fuzz;
using NUnit.Framework;

namespace Fvm.Wasm.Tests;

/// <summary>
/// Expected charges, derived by hand from the reference's algorithm. Prices are powers of ten, so that a sum identifies its terms.
/// </summary>
public sealed class ModuleMeteringTests
{
    private const uint Limit = 1000;
    private const ulong CallAndBookkeeping = 100_100 + 8 + 30 + 1000;

    private static readonly MeteringRules Rules = new()
    {
        InstructionDefault = 1,
        MathDefault = 10,
        JumpUnconditional = 100,
        JumpConditional = 1_000,
        JumpIndirect = 10_000,
        Call = 100_000,
        MemoryFillBase = 1_000_000,
        MemoryAccess = 10_000_000,
        MemoryFillPerByte = 3,
        MemoryCopyPerByte = 2,
        MaxStackHeight = Limit,
    };

    [TestCase("i32.const 1 drop", "0:1")]
    [TestCase("i32.const 1 drop block i32.const 1 drop i32.const 1 drop end i32.const 1 drop", "0:4")]
    [TestCase("nop nop", "")]
    public void Straight_code_and_blocks_are_one_charge(string code, string expected) => Expect(code, expected);

    [Test]
    public void The_arms_of_an_if_are_charged_when_entered_and_what_follows_before_it() =>
        Expect(
            "i32.const 1 if i32.const 1 drop i32.const 1 drop i32.const 1 drop else i32.const 1 drop i32.const 1 drop end i32.const 1 drop",
            "0:1002 2:3 9:2");

    [Test]
    public void A_branch_to_the_innermost_block_ends_a_charge_only_within_it() =>
        Expect("i32.const 1 drop block i32.const 1 drop br 0 i32.const 1 drop end i32.const 1 drop", "0:103 6:1");

    [Test]
    public void A_branch_out_of_several_blocks_ends_the_charge_of_what_it_skips() =>
        Expect("block i32.const 1 if i32.const 1 br_if 1 end i32.const 1 drop end i32.const 1 drop", "0:1002 3:1001 6:1");

    [TestCase("loop i32.const 1 br_if 0 end i32.const 1 drop", "0:1 1:1001")]
    [TestCase("loop br 0 end", "1:100")]
    public void A_loop_is_charged_in_each_turn(string code, string expected) => Expect(code, expected);

    [Test]
    public void A_return_separates_what_follows() => Expect("i32.const 1 if return end i32.const 1 drop", "0:1001 4:1");

    [TestCase("br_table 0 1", "0:10010003")]
    [TestCase("br_table 1 0", "0:10010002 5:1")]
    public void The_default_target_of_a_br_table_is_no_branch(string branch, string expected) =>
        Expect($"block block i32.const 0 {branch} end i32.const 1 drop end i32.const 1 drop", expected);

    // The reference's instrumentation up to fvm 2.
    [TestCase("br_table 0 1", "0:10010002 5:1")]
    [TestCase("br_table 1 0", "0:10010002 5:1")]
    public void The_default_target_of_a_br_table_is_a_branch_where_rules_say_so(string branch, string expected)
    {
        ModuleBuilder builder = Module($"block block i32.const 0 {branch} end i32.const 1 drop end i32.const 1 drop");
        WasmModule module = ModuleValidator.Decode(builder.ToBytes(), ModuleRunner.Limits);
        ModuleMetering metering = ModuleMetering.Analyze(module, Rules with { CountsDefaultTarget = true });
        Assert.That(Charges(module, metering, 0), Is.EqualTo(expected));
    }

    [Test]
    public void Each_local_counts_where_rules_say_so()
    {
        ModuleBuilder builder = new();
        builder.Function("iiii", "", "i1000I", "");
        WasmModule module = ModuleValidator.Decode(builder.ToBytes(), ModuleRunner.Limits);
        Assert.That(ModuleMetering.Analyze(module, Rules with { CountsEachLocal = true }).StackCost(0), Is.EqualTo(1003u));
    }

    [Test]
    public void A_call_pays_for_the_bookkeeping_of_the_stack_unless_the_function_is_imported()
    {
        ModuleBuilder builder = new();
        builder.Import("m", "f", "", "");
        builder.Function("", "", "", "");
        int caller = builder.Function("", "", "", "call 1");
        int importCaller = builder.Function("", "", "", "call 0");
        ModuleMetering metering = Meter(builder, out WasmModule module);
        Assert.That(Charges(module, metering, caller), Is.EqualTo($"0:{CallAndBookkeeping}"));
        Assert.That(Charges(module, metering, importCaller), Is.EqualTo("0:100100"));
        Assert.That(metering.StackCost(0), Is.Zero);
        Assert.That(metering.ThunkCost(0), Is.Zero);
    }

    [Test]
    public void A_thunk_pays_for_its_arguments_the_call_and_the_bookkeeping()
    {
        ModuleBuilder builder = new();
        builder.Export("f", builder.Function("iI", "", "", ""));
        Assert.That(Meter(builder, out _).ThunkCost(0), Is.EqualTo(2 + CallAndBookkeeping));
    }

    [Test]
    public void A_constant_operand_is_priced_at_once() => Expect("i32.const 10 memory.grow drop", $"0:{1 + 1_000_001 + (10 * 3 * 65_536)}");

    [TestCase("local.get 0 memory.grow drop", "0:1000002", "1*196608")]
    [TestCase("i32.const 1 local.get 0 i32.const 1 nop memory.fill", "0:1000004", "4*3")]
    [TestCase("i32.const 1 local.get 0 local.get 0 memory.copy", "0:10000004", "3*2")]
    public void An_unknown_operand_is_priced_at_run_time(string code, string expected, string linear)
    {
        ModuleMetering metering = Meter(Module(code), out WasmModule module);
        Assert.That(Charges(module, metering, 0), Is.EqualTo(expected));
        Assert.That(LinearCharges(module, metering, 0), Is.EqualTo(linear));
    }

    [Test]
    public void A_negative_constant_operand_is_refused() =>
        Assert.That(() => Meter(Module("i32.const -1 memory.grow drop"), out _), Throws.TypeOf<InvalidModuleException>());

    [TestCase("i32.const 1 i32.const 2 i32.const 3 drop drop drop", 5u)]
    [TestCase("i32.const 0 i32.const 1 drop drop unreachable i32.const 0 i32.const 1 i32.const 2 drop drop drop", 4u)]
    [TestCase("i32.const 7 i32.const 1 if:i i32.const 42 else i32.const 99 end i32.const 97 drop drop drop", 5u)]
    [TestCase("block:i block:i i32.const 99 br 1 end end drop", 3u)]
    public void The_stack_cost_counts_the_highest_reachable_stack_and_the_frame(string code, uint expected) =>
        Assert.That(Meter(Module(code), out _).StackCost(0), Is.EqualTo(expected));

    [Test]
    public void The_second_arm_of_an_if_counts_on_top_of_the_first() =>
        Assert.That(
            Meter(Module("i32.const 1 if:i i32.const 1 else i32.const 2 i32.const 3 drop end drop"), out _).StackCost(0), Is.EqualTo(5u));

    [Test]
    public void Locals_count_by_group_and_parameters_do_not_count()
    {
        ModuleBuilder builder = new();
        builder.Function("iiii", "", "i1000I", "");
        Assert.That(Meter(builder, out _).StackCost(0), Is.EqualTo(4u));
    }

    [Test]
    public void Valid_unreachable_code_that_pops_below_zero_is_refused()
    {
        Assert.That(() => Meter(Module("unreachable drop drop drop"), out _), Throws.Nothing);
        Assert.That(() => Meter(Module("unreachable drop i32.add drop"), out _), Throws.TypeOf<InvalidModuleException>());
    }

    [Test]
    public void A_function_may_be_as_large_as_it_likes()
    {
        ModuleBuilder builder = new();
        builder.Function("", "", "", "");
        builder.Function("", "", "", string.Concat(Enumerable.Repeat("call 0 ", 200_000)));
        Assert.That(() => Meter(builder, out _), Throws.Nothing);
    }

    [Test]
    public void A_module_without_code_section_is_refused()
    {
        byte[] empty = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
        Assert.That(() => ModuleMetering.Analyze(ModuleValidator.Decode(empty, ModuleRunner.Limits), Rules), Throws.TypeOf<InvalidModuleException>());
    }

    private static ModuleBuilder Module(string code)
    {
        ModuleBuilder builder = new ModuleBuilder().Memory(1);
        builder.Function("i", "", "", code);
        return builder;
    }

    private static ModuleMetering Meter(ModuleBuilder builder, out WasmModule module)
    {
        module = ModuleValidator.Decode(builder.ToBytes(), ModuleRunner.Limits);
        return ModuleMetering.Analyze(module, Rules);
    }

    private static void Expect(string code, string expected)
    {
        ModuleMetering metering = Meter(Module(code), out WasmModule module);
        Assert.That(Charges(module, metering, 0), Is.EqualTo(expected));
    }

    /// <summary>Charges as <c>position:cost</c>, with positions counted in instructions.</summary>
    private static string Charges(WasmModule module, ModuleMetering metering, int function)
    {
        StringBuilder text = new();
        foreach (BlockCharge charge in metering.Of(function).Blocks)
        {
            text.Append($" {PositionOf(module, function, charge.Offset)}:{charge.Cost}");
        }

        return text.ToString().Trim();
    }

    private static string LinearCharges(WasmModule module, ModuleMetering metering, int function)
    {
        StringBuilder text = new();
        foreach (LinearCharge charge in metering.Of(function).Linear)
        {
            text.Append($" {PositionOf(module, function, charge.Offset)}*{charge.UnitCost}");
        }

        return text.ToString().Trim();
    }

    private static int PositionOf(WasmModule module, int function, int offset)
    {
        InstructionReader reader = new(module.Bytes.Span, module.BodyOf(function));
        for (int position = 0; reader.MoveNext(); position++)
        {
            if (reader.Offset == offset)
            {
                return position;
            }
        }

        throw new InvalidOperationException($"no instruction starts at {offset}");
    }
}
