using NUnit.Framework;

namespace Fvm.Wasm.Tests;

public sealed class RegisterFileTests
{
    [Test]
    public void All_temporaries_are_given_out_in_order_and_no_others()
    {
        RegisterFile registers = new();
        List<Register> given = [];
        while (registers.HasFree)
        {
            given.Add(registers.Allocate());
        }

        Assert.That(given, Is.EqualTo(new[] { Register.Rax, Register.Rcx, Register.Rdx, Register.R10, Register.R11 }));
    }

    [Test]
    public void A_certain_register_is_taken_and_given_back()
    {
        RegisterFile registers = new();
        registers.Allocate(Register.Rcx);
        Assert.That(registers.IsFree(Register.Rcx), Is.False);
        Assert.That((registers.Allocate(), registers.Allocate()), Is.EqualTo((Register.Rax, Register.Rdx)));
        registers.Free(Register.Rcx);
        Assert.That(registers.Allocate(), Is.EqualTo(Register.Rcx));
    }

    [TestCase(Register.Rbx)]
    [TestCase(Register.Rsp)]
    [TestCase(Register.R15)]
    [TestCase(Register.None)]
    public void A_register_that_is_no_temporary_is_never_free(object register)
    {
        RegisterFile registers = new();
        registers.Free((Register)register);
        Assert.That(registers.IsFree((Register)register), Is.False);
    }

    [Test]
    public void A_set_is_given_back_at_once()
    {
        RegisterFile registers = new();
        registers.Allocate(Register.Rax);
        registers.Allocate(Register.R10);
        registers.Free(RegisterFile.Bit(Register.Rax) | RegisterFile.Bit(Register.R10));
        Assert.That(registers.IsFree(Register.Rax) && registers.IsFree(Register.R10), Is.True);
    }
}
