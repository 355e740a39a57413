using Fvm.Wasm.Fuzz;
using NUnit.Framework;

namespace Fvm.Wasm.Tests;

/// <summary>The locals cleared on entry; all others are still zero if read before they are set.</summary>
public sealed unsafe class DefiniteAssignmentTests
{
    private const string One = "i32.const 1 local.set 1 ";
    private const string Read = "local.get 1 drop ";
    private const string Test = "local.get 0 ";

    [TestCase("", TestName = "Never accessed")]
    [TestCase(One, TestName = "Only set")]
    [TestCase(One + Read, TestName = "Set, then read")]
    [TestCase("i32.const 1 local.tee 1 drop " + Read, TestName = "A tee sets")]
    [TestCase("block " + One + "end " + Read, TestName = "Set in a block that nothing leaves")]
    [TestCase("block " + One + Test + "br_if 0 end " + Read, TestName = "Set in a block before the branch out of it")]
    [TestCase("loop " + One + Test + "br_if 0 end " + Read, TestName = "Set in a loop")]
    [TestCase("loop " + Test + "br_if 0 " + One + "end " + Read, TestName = "Set behind the branch back to a loop's start")]
    [TestCase("block " + One + "block " + Test + "br_if 1 end end " + Read, TestName = "Set before a block with a branch out of both")]
    [TestCase("block block " + Test + "br_if 0 end " + One + "end " + Read, TestName = "Set behind an inner block with a branch out of it")]
    [TestCase(Test + "br_if 0 " + One + Read, TestName = "Set and read behind a branch out of the function")]
    [TestCase(Test + "if " + One + Read + "end ", TestName = "Set and read in an arm")]
    [TestCase(One + Test + "if " + Read + "else " + Read + "end ", TestName = "Set before the arms")]
    [TestCase("block " + Test + "br_table 0 1 0 end " + One + Read, TestName = "Set behind a table of branches")]
    public void A_local_that_is_set_before_each_read_is_not_exposed(string code) => Assert.That(Exposed(code), Is.Empty);

    [TestCase(Read + One, TestName = "Read, then set")]
    [TestCase("local.get 1 local.set 1 ", TestName = "Set to itself")]
    [TestCase(Test + "if " + One + "end " + Read, TestName = "Set in the only arm")]
    [TestCase(Test + "if " + One + "else nop end " + Read, TestName = "Set in the first arm")]
    [TestCase(Test + "if " + One + "else " + Read + "end ", TestName = "Set in one arm, read in the other")]
    [TestCase("block " + Test + "br_if 0 " + One + "end " + Read, TestName = "A branch goes past the set")]
    [TestCase("block block " + Test + "br_if 1 end " + One + "end " + Read, TestName = "A branch out of two blocks goes past the set")]
    [TestCase("block block " + Test + "br_table 0 1 0 end " + One + "end " + Read, TestName = "A table of branches goes past the set")]
    [TestCase("block block " + Test + "br_if 0 " + One + Test + "br_if 1 end end " + Read, TestName = "Set in an inner block before the branch out of both")]
    [TestCase("block block block " + Test + "br_if 0 i32.const 2 local.set 2 " + Test + "br_if 2 end " + One + "end end " + Read,
        TestName = "Set in the place of what an inner block has forgotten")]
    [TestCase("loop " + Read + One + Test + "br_if 0 end ", TestName = "Read at a loop's start, set at its end")]
    public void A_local_that_may_be_read_before_it_is_set_is_exposed(string code) => Assert.That(Exposed(code), Is.EqualTo(new[] { 1 }));

    [TestCase(Read, true)]
    [TestCase(Read + One, false)]
    [TestCase(Test + "if " + One + "end ", false)]
    public void A_local_without_a_set_is_the_constant_zero(string code, bool zero)
    {
        DefiniteAssignment assignment = Analyse(code).Assignment;
        Assert.That((assignment.IsZero(1), assignment.IsZero(0)), Is.EqualTo((zero, false)));
    }

    [Test]
    public void Nothing_is_left_of_the_function_before()
    {
        LocalUses uses = new();
        foreach ((string code, int[] exposed) in new (string, int[])[] { (One + Read, []), (Read + One, [1]), (One, []), (Read, [1]) })
        {
            Analyse(code, uses);
            Assert.That(uses.Assignment.Exposed.ToArray(), Is.EqualTo(exposed), code);
        }
    }

    [Test]
    public void Locals_are_zero_until_they_are_set_however_many_and_wherever_they_lie(
        [Values(1, 2, 3, 8, 9, 31, 32, 33, 34, 39, 40, 41, 500)] int count, [Values(1, 2, 3, 7)] int step, [Values] bool taken)
    {
        if (!CompilerEngine.IsSupported)
        {
            Assert.Ignore("machine code cannot be made here");
        }

        // Two functions with the same frame layout: one fills its frame, the other, at the same address, sets its locals or not.
        string fill = string.Concat(Enumerable.Range(0, 520).Select(i => $"i64.const -1 local.set {1 + i} "));
        string keep = string.Concat(Enumerable.Range(0, 520).Select(i => $"local.get {1 + i} drop "));
        int[] locals = [.. Enumerable.Range(0, (count + step - 1) / step).Select(i => 2 + (i * step))];
        string sets = string.Concat(locals.Select(local => $"i64.const {local} local.set {local} "));
        string sum = "i64.const 0 " + string.Concat(locals.Select(local => $"local.get {local} i64.add i64.const 3 i64.mul "));
        string code = $"local.get 0 call 0 drop local.get 0 call 1";
        ModuleBuilder builder = new();
        builder.Function("i", "I", "I520", fill + keep + "local.get 1");
        builder.Function("i", "I", "I520", $"local.get 0 if {sets} end {sum}");
        builder.Function("i", "I", "", code);
        byte[] wasm = builder.ToBytes();

        using CompilerEngine compiler = new();
        using InterpreterEngine interpreter = new();
        ulong expected = Run(interpreter, wasm, taken);
        Assert.That((Run(compiler, wasm, taken), expected == 0), Is.EqualTo((expected, !taken)));
    }

    private static ulong Run(IWasmEngine engine, byte[] wasm, bool taken)
    {
        using IWasmCode code = engine.Load(wasm, ModuleRunner.Limits, ModuleRunner.Rules);
        using FuzzHost host = new();
        using IWasmInstance instance = code.Link(FuzzHost.Table, out _)!.Instantiate(host, out _)!;
        instance.Context->HostState = host.Handle;
        instance.Context->GasLeft = long.MaxValue / 2;
        ulong[] slots = [taken ? 1UL : 0];
        Assert.That(instance.Call(2, slots), Is.EqualTo(TrapCode.None));
        return slots[0];
    }

    private static int[] Exposed(string code) => Analyse(code).Assignment.Exposed.ToArray();

    private static LocalUses Analyse(string code, LocalUses? uses = null)
    {
        ModuleBuilder builder = new();
        builder.Function("i", "", "i2", code);
        WasmModule module = ModuleValidator.Decode(builder.ToBytes(), ModuleRunner.Limits);
        uses ??= new LocalUses();
        uses.Count(module, module.BodyOf(0), 1, 3);
        return uses;
    }
}
