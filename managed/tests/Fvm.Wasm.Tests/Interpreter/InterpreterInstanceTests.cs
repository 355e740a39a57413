using Fvm.Wasm.Fuzz;
using NUnit.Framework;

namespace Fvm.Wasm.Tests;

public sealed unsafe class InterpreterInstanceTests
{
    private static readonly MeteringRules Rules = ModuleRunner.Rules;

    [TestCase("f32.const 0 f32.const 0 f32.div i32.reinterpret_f32", 0x7fc00000u)]
    [TestCase("i32.const -1 f32.reinterpret_i32 f32.const 1 f32.add i32.reinterpret_f32", 0x7fc00000u)]
    [TestCase("i32.const -1 f32.reinterpret_i32 f32.ceil i32.reinterpret_f32", 0x7fc00000u)]
    [TestCase("i32.const -1 f32.reinterpret_i32 f64.promote_f32 f32.demote_f64 i32.reinterpret_f32", 0x7fc00000u)]
    [TestCase("i32.const -1 f32.reinterpret_i32 f32.abs i32.reinterpret_f32", 0x7fffffffu)]
    [TestCase("i32.const 2143289345 f32.reinterpret_i32 f32.neg i32.reinterpret_f32", 0xffc00001u)]
    [TestCase("i32.const -1 f32.reinterpret_i32 f32.const -1 f32.copysign i32.reinterpret_f32", 0xffffffffu)]
    [TestCase("i32.const -1 f32.reinterpret_i32 f32.const 1 f32.min i32.reinterpret_f32", 0x7fc00000u)]
    public void NaNs_of_arithmetic_are_canonical_and_others_keep_their_bits(string code, uint expected) => Expect(code, expected);

    [TestCase("i64.const -1 f32.convert_i64_u i32.reinterpret_f32", 0x5f800000u)]
    [TestCase("i64.const -9223371487098961919 f32.convert_i64_u i32.reinterpret_f32", 0x5f000001u)]
    [TestCase("i64.const 9223371761976868863 f32.convert_i64_u i32.reinterpret_f32", 0x5effffffu)]
    [TestCase("i32.const -1 f32.convert_i32_u i32.reinterpret_f32", 0x4f800000u)]
    public void Unsigned_integers_are_rounded_once(string code, uint expected) => Expect(code, expected);

    [TestCase("i32.const 3 i32.const 4 i32.sub", 0xffffffffu)]
    [TestCase("i32.const 5 i32.const 32768 i32.sub", 0xffff8005u)]
    [TestCase("i32.const 0 i32.const -2147483648 i32.sub", 0x80000000u)]
    [TestCase("i32.const 1 i32.const 33 i32.shl", 2u)]
    [TestCase("i32.const -8 i32.const 33 i32.shr_s", 0xfffffffcu)]
    [TestCase("i32.const 1 i32.const 1 i32.rotr", 0x80000000u)]
    [TestCase("i32.const 7 i32.const -1 i32.lt_u", 1u)]
    [TestCase("i32.const -1 i32.const 7 i32.lt_u", 0u)]
    [TestCase("i64.const -1 i32.wrap_i64 i32.const -1 i32.eq", 1u)]
    [TestCase("i32.const 5 i32.const 5 i32.ne i32.eqz", 1u)]
    [TestCase("i64.const -5 i64.const 100 i64.gt_u i32.eqz", 0u)]
    public void Constants_within_instructions_act_as_operands_do(string code, uint expected) => Expect(code, expected);

    [TestCase("i32.const 1 local.set 0 local.get 0 i32.const 2 local.set 0 local.get 0 i32.const 10 i32.mul i32.add", 21u)]
    [TestCase("i32.const 1 local.tee 0 local.get 0 i32.const 5 local.tee 0 i32.add i32.add", 7u)]
    [TestCase("local.get 0 i32.const 1 local.set 0 i32.const 0 if i32.const 9 local.set 0 end local.get 0 i32.sub", 0xffffffffu)]
    [TestCase("i32.const 4 local.get 0 block i32.const 3 local.set 0 end local.get 0 i32.add i32.add", 7u)]
    [TestCase("i32.const 3 local.set 0 block:i local.get 0 i32.const 1 br_if 0 drop i32.const 8 end", 3u)]
    [TestCase("i32.const 2 i32.const 1 block:i i32.const 7 i32.const 6 i32.const 0 br_if 0 i32.add end i32.add i32.mul", 28u)]
    public void Operands_keep_the_value_they_were_read_with(string code, uint expected) => Expect(code, expected);

    [Test]
    public void Results_of_32_bits_from_the_host_lose_their_upper_half()
    {
        ModuleBuilder builder = new();
        int narrow = builder.Import(ModuleGenerator.HostModule, "narrow", "I", "i");
        int function = builder.Function("", "I", "", $"i64.const 1 call {narrow} i64.extend_i32_u");
        Assert.That(Call(builder, function), Is.EqualTo(7));
    }

    [Test]
    public void Out_of_gas_leaves_the_debt_in_the_context()
    {
        ModuleBuilder builder = new();
        builder.Memory(1);
        int function = builder.Function("", "", "", "loop br 0 end");
        builder.Export("f", function);
        using IWasmInstance instance = TestHost.Instantiate(builder.ToBytes(), Rules, gas: 1_000);
        Assert.That(instance.Call(function, new ulong[1]), Is.EqualTo(TrapCode.OutOfGas));
        Assert.That(instance.Context->GasLeft, Is.InRange(-1_000, -1));
    }

    [Test]
    public void The_counted_stack_stops_recursion_and_returns_to_zero()
    {
        ModuleBuilder builder = new();
        int function = builder.Function("i", "", "", "local.get 0 if local.get 0 i32.const 1 i32.sub call 0 end");
        builder.Export("f", function);
        using IWasmInstance instance = TestHost.Instantiate(builder.ToBytes(), Rules);
        Assert.That(instance.Call(function, [3]), Is.EqualTo(TrapCode.None));
        Assert.That(instance.Context->StackHeight, Is.Zero);
        Assert.That(instance.Call(function, [1_000_000]), Is.EqualTo(TrapCode.StackLimit));
        Assert.That(instance.Context->StackHeight, Is.GreaterThan((int)Rules.MaxStackHeight));
    }

    [Test]
    public void Memory_is_zero_again_for_the_next_instance()
    {
        ModuleBuilder builder = new();
        builder.Memory(2, 200);
        builder.Function("", "I", "", "i32.const 130000 i64.load 60 i32.const 130000 i64.const -1 i64.store 60 i32.const 150 memory.grow drop");
        byte[] module = builder.ToBytes();
        using Fvm.Wasm.InterpreterEngine engine = new();
        using IWasmCode code = engine.Load(module, ModuleRunner.Limits, null);
        ILinkedCode linked = code.Link(TestHost.Table, out _)!;
        for (int i = 0; i < 100; i++)
        {
            using IWasmInstance instance = linked.Instantiate(new TestHost(), out _)!;
            ulong[] slots = [1];
            Assert.That(instance.Call(0, slots), Is.EqualTo(TrapCode.None));
            Assert.That(slots[0], Is.Zero);
            Assert.That(instance.Context->MemoryLength, Is.EqualTo(152 * 65_536));
        }
    }

    [Test]
    public void An_instance_may_be_called_again_after_it_returned()
    {
        ModuleBuilder builder = new();
        builder.Function("", "", "", "nop");
        using IWasmInstance instance = TestHost.Instantiate(builder.ToBytes());
        Assert.That(instance.Call(0, new ulong[1]), Is.EqualTo(TrapCode.None));
        Assert.That(instance.Call(0, new ulong[1]), Is.EqualTo(TrapCode.None));
    }

    [Test]
    public void Engines_are_found_by_name()
    {
        using IWasmEngine engine = WasmEngines.Create("interpreter");
        Assert.That(engine.Name, Is.EqualTo("interpreter"));
        Assert.That(() => WasmEngines.Create("magic"), Throws.ArgumentException.With.Message.Contains("interpreter"));
    }

    private static void Expect(string code, uint expected)
    {
        ModuleBuilder builder = new();
        int function = builder.Function("", "i", "i1", code);
        Assert.That(Call(builder, function), Is.EqualTo(expected));
    }

    private static ulong Call(ModuleBuilder builder, int function)
    {
        using IWasmInstance instance = TestHost.Instantiate(builder.ToBytes());
        ulong[] slots = [ulong.MaxValue];
        Assert.That(instance.Call(function, slots), Is.EqualTo(TrapCode.None));
        return slots[0];
    }
}
