using NUnit.Framework;

namespace Fvm.Wasm.Tests;

public sealed class DestinationTests
{
    private const byte Set = (byte)Opcode.LocalSet;
    private const byte Tee = (byte)Opcode.LocalTee;
    private const byte Get = (byte)Opcode.LocalGet;

    [TestCase(new byte[] { Set, 0 }, Register.Rbx, 0, false)]
    [TestCase(new byte[] { Set, 2 }, Register.Rsi, 2, false)]
    [TestCase(new byte[] { Tee, 2 }, Register.Rsi, 2, true)]
    [TestCase(new byte[] { Set, 0x82, 0x80, 0 }, Register.Rsi, 2, false, TestName = "An index of more bytes than it needs")]
    public void A_local_in_a_register_that_is_set_next_takes_the_result(byte[] next, object register, int local, bool keeps)
    {
        Destination destination = Of(next, _ => { });
        Assert.That(destination.IsLocal, Is.True);
        Assert.That((destination.Register, destination.Local, destination.Keeps), Is.EqualTo(((Register)register, local, keeps)));
    }

    [TestCase(new byte[] { Get, 0 }, TestName = "Another instruction")]
    [TestCase(new byte[] { Set, 3 }, TestName = "A local in the frame")]
    public void Other_results_go_to_the_operand_stack(byte[] next) => AssertStack(Of(next, _ => { }));

    [Test]
    public void A_local_that_is_still_to_be_read_is_not_overwritten()
    {
        AssertStack(Of([Set, 0], static stack => stack.PushLocal(ValueKind.I64, 0)));
        Assert.That(Of([Set, 0], static stack => stack.PushLocal(ValueKind.I64, 2)).IsLocal, Is.True);
    }

    private static void AssertStack(Destination destination) =>
        Assert.That((destination.IsLocal, destination.Register), Is.EqualTo((false, Register.None)));

    private static Destination Of(byte[] next, Action<OperandStack> push)
    {
        using Emitter asm = new();
        FrameLayout frame = TestFrame.Create();
        OperandStack stack = new(asm, frame, new RegisterFile());
        stack.Reset(4);
        push(stack);

        // The instruction itself is the first byte.
        return Destination.Of([0x7c, .. next], 1, frame, stack);
    }
}
