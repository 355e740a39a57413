using Fvm.Wasm.Fuzz;
using NUnit.Framework;

namespace Fvm.Wasm.Tests;

public sealed class FunctionValidatorTests
{
    [TestCase("unreachable i32.add drop")]
    [TestCase("unreachable select drop")]
    [TestCase("unreachable i64.const 1 i32.const 0 select i64.eqz drop")]
    [TestCase("block:i i32.const 1 br 0 i64.const 2 drop end drop")]
    [TestCase("block:I block:i unreachable i32.const 0 br_table 0 1 end drop i64.const 0 end drop")]
    [TestCase("i32.const 0 if:f f32.const 1 else f32.const 2 end drop")]
    [TestCase("loop:i i32.const 1 end drop")]
    [TestCase("i32.const 0 table.get 0 local.set 2 i32.const 1 local.get 2 table.set 0")]
    [TestCase("i32.const 0 table.get 0 i32.const 1 table.grow 0 drop")]
    [TestCase("i32.const 0 i32.const 0 table.get 0 i32.const 1 table.fill 0")]
    [TestCase("table.size 0 drop")]
    public void Accepts(string code) => Assert.That(() => Check(code), Throws.Nothing);

    [TestCase("i32.add", "nothing is on the stack")]
    [TestCase("i32.const 1", "values remain")]
    [TestCase("i64.const 1 i32.eqz drop", "type mismatch")]
    [TestCase("i32.const 0 if:i i32.const 1 end drop", "needs an else")]
    [TestCase("br 1", "unknown label")]
    [TestCase("local.get 3 drop", "unknown local")]
    [TestCase("global.get 2 drop", "unknown global")]
    [TestCase("i32.const 1 global.set 0", "immutable")]
    [TestCase("call 9", "unknown function")]
    [TestCase("i32.const 0 call_indirect 9", "unknown type")]
    [TestCase("i32.const 1 i64.const 1 i32.const 1 select drop", "different types")]
    [TestCase("i32.const 0 table.get 0 i32.const 0 table.get 0 i32.const 1 select drop", "numbers only")]
    [TestCase("i64.const 0 i32.const 0 br_table 0 end nop", "after the end")]
    [TestCase("block:i i32.const 1 i32.const 0 br_table 0 1 end drop", "different numbers")]
    [TestCase("ref.null drop", "not supported")]
    [TestCase("ref.func 0 drop", "not supported")]
    [TestCase("i32.const 0 i32.const 0 i32.const 0 memory.init 1 0", "unknown data segment")]
    [TestCase("data.drop 1", "unknown data segment")]
    [TestCase("elem.drop 1", "unknown element segment")]
    [TestCase("table.size 1 drop", "unknown table")]
    public void Refuses(string code, string reason) =>
        Assert.That(() => Check(code), Throws.TypeOf<InvalidModuleException>().With.Message.Matches(reason));

    [Test]
    public void Alignment_is_at_most_natural()
    {
        byte[] load = [(byte)Opcode.I32Const, 0, (byte)Opcode.I64Load, 3, 0, (byte)Opcode.Drop, (byte)Opcode.End];
        Assert.That(() => Check(load), Throws.Nothing);
        load[3] = 4;
        Assert.That(() => Check(load), Throws.TypeOf<InvalidModuleException>().With.Message.Contains("alignment"));
        load[3] = 32;
        Assert.That(() => Check(load), Throws.TypeOf<InvalidModuleException>().With.Message.Contains("malformed alignment"));
    }

    [TestCase(new byte[] { 0x06 }, "unknown or disabled instruction 0x06")]
    [TestCase(new byte[] { 0x1c, 0x01, 0x7f }, "unknown or disabled instruction 0x1c")]
    [TestCase(new byte[] { 0xfd, 0x0c }, "unknown or disabled instruction 0xfd")]
    [TestCase(new byte[] { 0xfc, 0x12 }, "unknown")]
    [TestCase(new byte[] { 0x02, 0x00, 0x0b }, "value type")]
    [TestCase(new byte[] { 0x41, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00 }, "too long")]
    [TestCase(new byte[] { 0x41, 0x80, 0x80, 0x80, 0x80, 0x08 }, "too large")]
    [TestCase(new byte[] { 0x20, 0x80, 0x80, 0x80, 0x80, 0x10 }, "too large")]
    [TestCase(new byte[] { 0x0b, 0x01 }, "after the end")]
    public void Malformed_code_is_refused_with_its_reason(byte[] code, string reason) =>
        Assert.That(() => Check([.. code, 0x0b]), Throws.TypeOf<InvalidModuleException>().With.Message.Contains(reason));

    [Test]
    public void The_message_says_where()
    {
        InvalidModuleException? exception = Assert.Throws<InvalidModuleException>(() => Check("nop nop i32.add"));
        Assert.That(exception!.Section, Is.EqualTo("code"));
        Assert.That(exception.Message, Does.Contain($"offset 0x{exception.Offset:x}"));
        Assert.That(Module("nop nop i32.add")[exception.Offset], Is.EqualTo((byte)Opcode.I32Add));
    }

    private static void Check(string code) => ModuleValidator.Decode(Module(code), ModuleRunner.Limits);

    private static void Check(byte[] code) => ModuleValidator.Decode(Module(code), ModuleRunner.Limits);

    private static byte[] Module(string code) => Module(CodeText.Assemble(code + " end"));

    private static byte[] Module(byte[] code)
    {
        ModuleBuilder builder = new();
        builder.Memory(1).Table(2);
        builder.Global('i', mutable: false, 0);
        builder.Global('i', mutable: true, 0);
        builder.Function("ii", "", "r1", code);
        return builder.Elements(null, 0).Data(null, 1, 2).ToBytes();
    }
}
