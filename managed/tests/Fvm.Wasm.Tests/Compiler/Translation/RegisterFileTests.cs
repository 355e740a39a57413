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

    [Test]
    public void A_kept_register_is_free_and_is_allocated_last()
    {
        RegisterFile registers = new();
        Assert.That(registers.Keep(), Is.EqualTo(Register.R11));
        registers.Allocate(Register.Rax);
        Assert.That(registers.Keep(), Is.EqualTo(Register.R10), "another one");
        Assert.That((registers.Allocate(), registers.Allocate()), Is.EqualTo((Register.Rcx, Register.Rdx)));
        Assert.That(registers.Kept, Is.EqualTo(RegisterFile.Bit(Register.R10) | RegisterFile.Bit(Register.R11)));
        Assert.That(registers.Keep(), Is.EqualTo(Register.R11), "there is no other");
        Assert.That(registers.Allocate(), Is.EqualTo(Register.R10));
        Assert.That(registers.Kept, Is.EqualTo(RegisterFile.Bit(Register.R11)), "it has been allocated");
    }

    [Test]
    public void A_local_is_found_until_its_register_is_allocated_or_it_is_set()
    {
        RegisterFile registers = new();
        MemoryLeft left = new(registers);
        Register first = left.Keep(3);
        Register second = left.Keep(5);
        Assert.That((left.TryFind(3, out Register found), found), Is.EqualTo((true, first)));
        Assert.That(left.TryFind(4, out _), Is.False);
        registers.Allocate(first);
        Assert.That(left.TryFind(3, out _), Is.False);
        registers.Free(first);
        Assert.That(left.TryFind(3, out _), Is.False, "its content is unknown");
        Assert.That((left.TryFind(5, out found), found), Is.EqualTo((true, second)));
        left.Forget(5);
        Assert.That(left.TryFind(5, out _), Is.False);
        _ = left.Keep(5);
        left.Clear();
        Assert.That(left.TryFind(5, out _), Is.False);
    }
}
