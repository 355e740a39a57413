using Fvm.Wasm.Fuzz;
using NUnit.Framework;

namespace Fvm.Wasm.Tests;

/// <summary>Code that the compiler omits: loads of a value just stored, branches to the next instruction, and checks of bounds.</summary>
public sealed unsafe class ShortcutTests
{
    private const string Stored = "local.get 0 local.get 1 i64.store 8 ";
    private const string Loaded = "local.get 0 i64.load 8 ";
    private const string At0 = "local.get 0 i64.load ";
    private const string Three = At0 + "local.get 0 i64.load 8 i64.add local.get 0 i64.load 16 i64.add ";
    private const string Byte0 = "local.get 0 i32.load8_u drop ";
    private const string Next0 = "local.get 0 i32.const 4 i32.add local.set 0 ";
    private const string Again = "local.get 5 i32.const 1 i32.sub local.tee 5 i32.const 0 i32.gt_s br_if 0 ";

    // Locals: 0 an address, 1 and 3 i64, 2 an address equal to local 0 or not, 4 an f64, 5 an i32.
    [TestCase(Stored + Loaded, TestName = "Loaded as it was stored")]
    [TestCase(Stored + "i64.const 5 local.set 1 " + Loaded, TestName = "The value's local is set")]
    [TestCase(Stored + "i64.const 5 local.tee 1 drop " + Loaded, TestName = "The value's local is teed")]
    [TestCase(Stored + "local.get 3 i64.const 5 i64.add local.set 1 " + Loaded, TestName = "The value's local is set by the instruction before")]
    [TestCase(Stored + "i32.const 64 local.set 0 " + Loaded, TestName = "The address is set")]
    [TestCase(Stored + "local.get 2 i32.const 8 i32.add local.set 0 " + Loaded, TestName = "The address is set by the instruction before")]
    [TestCase(Stored + "local.get 2 i64.const 5 i64.store 8 " + Loaded, TestName = "Stored by another local in between")]
    [TestCase(Stored + "local.get 2 i32.const 5 i32.store8 11 " + Loaded, TestName = "A byte of it stored by another local in between")]
    [TestCase(Stored + "i32.const 24 i64.const 5 i64.store " + Loaded, TestName = "Stored by a constant address in between")]
    [TestCase(Stored + "call 0 " + Loaded, TestName = "A call writes in between")]
    [TestCase(Stored + "i32.const 0 call_indirect 0 " + Loaded, TestName = "An indirect call writes in between")]
    [TestCase(Stored + "local.get 2 i32.const 7 i32.const 64 memory.fill " + Loaded, TestName = "Filled in between")]
    [TestCase(Stored + "local.get 2 i32.const 400 i32.const 64 memory.copy 0 0 " + Loaded, TestName = "Copied over in between")]
    [TestCase(Stored + "local.get 2 if local.get 2 i64.const 5 i64.store 8 end " + Loaded, TestName = "Stored on one way")]
    [TestCase(Stored + "local.get 2 if i64.const 5 local.set 1 else nop end " + Loaded, TestName = "The value's local is set on one way")]
    [TestCase("local.get 5 if " + Stored + "else " + Loaded + "local.set 3 end " + Loaded, TestName = "Stored in the other arm")]
    [TestCase(Stored + "loop " + Loaded + "local.get 3 i64.add local.set 3 local.get 0 local.get 3 i64.store 8 local.get 3 i64.const 3000 i64.lt_u br_if 0 end "
        + Loaded, TestName = "Stored later in a loop")]
    [TestCase(Stored + "local.get 0 i64.load 12 ", TestName = "Loaded from within")]
    [TestCase(Stored + "local.get 0 i64.load32_u 8 ", TestName = "Half of it loaded")]
    [TestCase(Stored + "local.get 0 i64.load8_s 8 ", TestName = "A byte of it loaded")]
    [TestCase(Stored + "local.get 0 i32.load 8 i64.extend_i32_s ", TestName = "Loaded as another type's width")]
    [TestCase(Stored + "local.get 0 f64.load 8 local.set 4 local.get 4 i64.reinterpret_f64 ", TestName = "Loaded as a float")]
    [TestCase("local.get 0 local.get 4 f64.store 8 " + Loaded, TestName = "A float loaded as an integer")]
    [TestCase("local.get 0 local.get 1 i64.store32 8 " + Loaded, TestName = "Half of it stored")]
    [TestCase("local.get 0 local.get 1 i64.store32 8 local.get 0 i32.load 8 i64.extend_i32_u ", TestName = "Half of it stored, and loaded as that")]
    [TestCase("local.get 0 local.get 5 i32.store 8 local.get 0 i32.load 8 i64.extend_i32_s ", TestName = "32 bits")]
    [TestCase("local.get 0 local.get 5 i32.store 8 local.get 0 i64.load32_s 8 ", TestName = "32 bits, extended")]
    [TestCase("local.get 0 i64.const -3 i64.store 8 " + Loaded, TestName = "A constant")]
    [TestCase("local.get 0 i64.const -3 i64.store32 8 " + Loaded, TestName = "Half of a constant")]
    [TestCase("local.get 0 i32.const -3 i32.store 8 local.get 0 i32.load 8 i64.extend_i32_s ", TestName = "A constant of 32 bits")]
    [TestCase(Stored + Loaded + "i64.const 9 local.set 1 local.get 1 i64.add ", TestName = "The value's local is set while the load is on the stack")]
    [TestCase("local.get 0 local.get 1 i64.store 2000000000 " + "local.get 0 i64.load 2000000000 ", TestName = "Outside of memory")]
    public void A_load_gives_what_memory_holds(string code) => Agree(code);

    [TestCase("block:I local.get 1 br 0 end ", TestName = "Out of a block")]
    [TestCase("block:I local.get 3 local.get 1 br 0 end ", TestName = "Leaving a value behind")]
    [TestCase("block:I block:I local.get 1 br 1 end end ", TestName = "Out of two blocks")]
    [TestCase("local.get 3 block block block br 2 end end end ", TestName = "Out of three blocks without value")]
    [TestCase("block:I local.get 3 block local.get 5 br_if 0 local.get 1 br 1 end end ", TestName = "Out of two blocks, another branch out of the inner one")]
    [TestCase("block:I block local.get 1 local.get 5 i32.const 3 i32.and br_table 1 1 1 unreachable end local.get 3 end ", TestName = "By a table")]
    [TestCase("block:I local.get 5 if local.get 1 br 1 end local.get 3 end ", TestName = "Out of an arm")]
    [TestCase("block:I local.get 5 if:I local.get 3 local.get 1 br 0 else local.get 3 br 0 end end ", TestName = "Out of both arms")]
    [TestCase("block:I local.get 5 if:I local.get 1 br 1 else local.get 3 br 1 end end ", TestName = "Out of both arms and the block around")]
    [TestCase("local.get 5 if local.get 1 local.set 3 br 0 end local.get 3 ", TestName = "Out of the only arm")]
    [TestCase("block:I loop:I local.get 1 br 1 end end ", TestName = "Out of a loop")]
    [TestCase("loop:I local.get 3 i64.const 1 i64.add local.tee 3 local.get 1 i64.lt_u if br 1 end local.get 3 end ", TestName = "Back to a loop")]
    [TestCase("local.get 1 return ", TestName = "Return")]
    [TestCase("local.get 3 local.get 1 return ", TestName = "Return, leaving a value behind")]
    [TestCase("block block local.get 1 return end end local.get 3 ", TestName = "Return from blocks with code behind them")]
    [TestCase("local.get 5 if:I local.get 1 return else local.get 3 return end ", TestName = "Return from both arms")]
    [TestCase("block:I local.get 1 br 0 nop unreachable end ", TestName = "Over code that nothing reaches")]
    public void A_branch_to_the_end_goes_on_there(string code) => Agree(code + "i64.const 1 i64.add ");

    // Local 0 is an address at or around the end of memory, 2 another one, 5 a small number.
    [TestCase("local.get 5 if local.get 0 i64.load drop end " + At0, TestName = "Checked in the only arm")]
    [TestCase("local.get 5 if local.get 0 i64.load drop else nop end " + At0, TestName = "Checked in the first arm")]
    [TestCase("local.get 5 if nop else local.get 0 i64.load drop end " + At0, TestName = "Checked in the second arm")]
    [TestCase("local.get 5 if local.get 0 i64.load drop else " + At0 + "local.set 3 end local.get 3 ", TestName = "Checked in the other arm")]
    [TestCase("block local.get 5 br_if 0 local.get 0 i64.load drop end " + At0, TestName = "Checked behind a branch")]
    [TestCase(Byte0 + "block local.get 5 br_if 0 local.get 0 i64.load drop end " + At0, TestName = "Checked for fewer bytes before it")]
    [TestCase("block block local.get 5 br_table 0 1 0 end local.get 0 i64.load drop end " + At0, TestName = "Checked behind a table")]
    [TestCase(At0 + "drop local.get 5 if local.get 2 local.set 0 end " + At0, TestName = "Set in an arm")]
    [TestCase(At0 + "drop block local.get 2 local.set 0 local.get 5 br_if 0 end " + At0, TestName = "Set before a branch")]
    [TestCase(At0 + "drop block local.get 5 br_if 0 local.get 2 local.set 0 end " + At0, TestName = "Set behind a branch")]
    [TestCase(Byte0 + "block local.get 2 local.set 0 local.get 5 br_if 0 " + At0 + "drop end " + At0, TestName = "Set, checked behind a branch")]
    [TestCase(At0 + "local.set 3 loop " + At0 + "local.set 3 " + Next0 + Again + "end local.get 3 ", TestName = "Set later in a loop")]
    [TestCase(At0 + "local.set 3 loop loop " + At0 + "local.set 3 " + Again + "end " + Next0 + "local.get 0 i32.const 65528 i32.lt_u br_if 0 end local.get 3 ",
        TestName = "Set in the loop around it")]
    [TestCase("loop " + Next0 + At0 + "local.set 3 loop " + At0 + "local.set 3 end " + Again + "end local.get 3 ", TestName = "Set before an inner loop")]
    [TestCase("loop block local.get 5 br_if 0 " + At0 + "local.set 3 end local.get 5 i32.const 1 i32.xor local.tee 5 i32.eqz br_if 0 end " + At0,
        TestName = "Checked in another iteration")]
    [TestCase(At0 + "drop loop " + At0 + "drop local.get 0 i64.load 8 local.set 3 " + Again + "end local.get 3 ", TestName = "Never set in a loop")]
    [TestCase(Three + "local.get 0 i64.load 24 i64.add local.get 0 i64.load 32 i64.add ", TestName = "Each further than the one before")]
    [TestCase(Three + "local.get 0 i64.load 12 i64.add ", TestName = "Less far than the one before")]
    [TestCase(Three + "drop local.get 2 local.set 0 " + Three, TestName = "Set in between")]
    [TestCase(Three + "drop " + Next0 + At0 + "local.get 0 i64.load 8 i64.add ", TestName = "Moved in between")]
    [TestCase(Three + "drop i32.const 1 memory.grow drop local.get 0 i64.load 64 local.get 0 i64.load 72 i64.add ", TestName = "Memory grows in between")]
    [TestCase(Three + "call 0 local.get 0 i64.load 24 i64.add ", TestName = "A call in between")]
    [TestCase(Three + "local.get 2 i64.load 1 i64.add local.get 2 i64.load 2 i64.add local.get 0 i64.load 24 i64.add local.get 2 i64.load 8 i64.add ",
        TestName = "Two locals by turns")]
    [TestCase(Three + "local.get 5 if local.get 0 i64.load 24 drop local.get 2 local.set 0 else local.get 0 i64.load 32 drop end local.get 0 i64.load 40 i64.add ",
        TestName = "Different checks in both arms")]
    [TestCase(Three + "drop loop local.get 0 i64.load 24 local.set 3 " + Next0 + Three + "drop " + Again + "end local.get 3 ", TestName = "Moved in a loop")]
    [TestCase(Three + "local.get 1 local.get 3 i64.div_u i64.add local.get 0 i64.load 24 i64.add local.get 1 local.get 3 i64.rotl i64.add local.get 0 i64.load 32 i64.add ",
        TestName = "Instructions with registers of their own in between")]
    [TestCase(Three + "local.get 1 local.get 3 i64.add local.get 1 local.get 3 i64.xor local.get 1 local.get 3 i64.sub local.get 1 local.get 3 i64.and "
        + "local.get 1 local.get 3 i64.or local.get 0 i64.load 24 i64.add i64.add i64.add i64.add i64.add i64.add local.get 0 i64.load 32 i64.add ",
        TestName = "All registers taken in between")]
    [TestCase(Three + "local.get 0 local.get 1 i64.store 24 local.get 0 i64.load 32 i64.add ", TestName = "A store in between")]
    [TestCase(Three + "local.get 0 i64.load 2147483639 i64.add ", TestName = "As far as a comparison reaches")]
    [TestCase(Three + "local.get 0 i64.load 2147483640 i64.add ", TestName = "Further than a comparison reaches")]
    public void An_access_out_of_bounds_traps(string code) => Agree(
        code,
        [.. from address in (uint[])[16, 65495, 65496, 65497, 65504, 65505, 65511, 65512, 65513, 65520, 65521, 65527, 65528, 65529, 65536, uint.MaxValue]
            from other in (uint[])[16, 65535]
            from number in (uint[])[0, 1, 2]
            select (ulong[])[address, 5, other, 40, 0, number]]);

    private static void Agree(string code) => Agree(
        code,
        [.. from pair in ((uint Second, uint Fifth)[])[(16, 0), (16, 1), (0, 2), (20, 0x8000_0001)]
            select (ulong[])[16, 0x1122_3344_8899_aabb, pair.Second, 40, 0x3ff8_0000_0000_0001, pair.Fifth]]);

    /// <summary>Compares the engines on a function of six arguments, with its locals in registers and not.</summary>
    private static void Agree(string code, params ulong[][] calls)
    {
        if (!CompilerEngine.IsSupported)
        {
            Assert.Ignore("machine code cannot be made here");
        }

        ModuleBuilder builder = new ModuleBuilder().Memory(1);
        builder.Function("", "", "", "i32.const 24 i64.const 77 i64.store");
        builder.Function("iIiIFi", "I", "", code);

        // The same with locals in registers, which this many uses qualify for.
        builder.Function("iIiIFi", "I", "", string.Concat(Enumerable.Range(0, 6).Select(i => $"local.get {i} local.set {i} ")) + code);
        builder.Table(1).Elements(0, 0);
        byte[] wasm = builder.ToBytes();
        using CompilerEngine compiler = new();
        using InterpreterEngine interpreter = new();
        foreach (ulong[] arguments in calls)
        {
            for (int function = 1; function <= 2; function++)
            {
                Assert.That(Run(compiler, wasm, function, arguments), Is.EqualTo(Run(interpreter, wasm, function, arguments)));
            }
        }
    }

    private static (TrapCode Trap, ulong Result, long Gas) Run(IWasmEngine engine, byte[] wasm, int function, ulong[] arguments)
    {
        using IWasmCode code = engine.Load(wasm, ModuleRunner.Limits, ModuleRunner.Rules);
        using FuzzHost host = new();
        using IWasmInstance instance = code.Link(FuzzHost.Table, out _)!.Instantiate(host, out _)!;
        instance.Context->HostState = host.Handle;
        instance.Context->GasLeft = 1_000_000_000;
        Assert.That(instance.Initialize(), Is.EqualTo(TrapCode.None));
        ulong[] slots = [.. arguments];
        TrapCode trap = instance.Call(function, slots);
        return (trap, trap == TrapCode.None ? slots[0] : 0, instance.Context->GasLeft);
    }
}
