using NUnit.Framework;

namespace Fvm.Wasm.Tests;

public sealed class FrameLayoutTests
{
    [Test]
    public void Locals_that_are_used_often_get_registers_and_others_places()
    {
        FrameLayout frame = TestFrame.Create();
        Register[] registers = [.. Enumerable.Range(0, 4).Select(frame.RegisterOf)];
        Assert.That(registers, Is.EqualTo(new[] { Register.Rbx, Register.None, Register.Rsi, Register.None }));
        Assert.That((frame.SavedCount, frame.PlaceCount, frame.ClearedCount), Is.EqualTo((2, 1, 0)));
        Assert.That(frame.AddressOf(1), Is.EqualTo(Address.Incoming(8)));
        Assert.That(frame.AddressOf(3), Is.EqualTo(new Address(Register.Rsp, TestFrame.LocalsAt)));
        Assert.That(frame.SlotAt(2), Is.EqualTo(new Address(Register.Rsp, TestFrame.OperandsAt + 16)));
    }

    [Test]
    public void Locals_that_are_cleared_have_the_first_places()
    {
        FrameLayout frame = new();
        TestFrame.Assign(frame, "i64.const 1 local.set 2 local.get 3 drop i64.const 1 local.set 3");
        Assert.That((frame.PlaceCount, frame.ClearedCount), Is.EqualTo((2, 1)));
        Assert.That(frame.AddressOf(3), Is.EqualTo(new Address(Register.Rsp, TestFrame.LocalsAt)));
        Assert.That(frame.AddressOf(2), Is.EqualTo(new Address(Register.Rsp, TestFrame.LocalsAt + 8)));
    }

    [Test]
    public void Nothing_is_left_of_the_function_before()
    {
        FrameLayout frame = TestFrame.Create();
        TestFrame.Assign(frame, "");
        Assert.That(Enumerable.Range(0, 4).Select(frame.RegisterOf), Is.All.EqualTo(Register.None));
        Assert.That((frame.SavedCount, frame.PlaceCount), Is.EqualTo((0, 0)));
    }
}
