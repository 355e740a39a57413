using NUnit.Framework;

namespace Fvm.Wasm.Tests;

/// <summary>Where values of the operand stack are, and the moves that bring them elsewhere; with the locals of <see cref="TestFrame"/>.</summary>
public sealed class OperandStackTests
{
    private readonly FrameLayout _frame = TestFrame.Create();
    private Emitter _asm = null!;
    private RegisterFile _registers = null!;
    private OperandStack _stack = null!;

    private string[] Code => [.. Decoded.All(_asm.Written.ToArray())];

    [SetUp]
    public void Begin()
    {
        _asm = new Emitter();
        _registers = new RegisterFile();
        _stack = new OperandStack(_asm, _frame, _registers);
        _stack.Reset(4);
    }

    [TearDown]
    public void End() => _asm.Dispose();

    [Test]
    public void Pushing_and_popping_makes_no_code()
    {
        _stack.PushConstant(ValueKind.I32, 7);
        _stack.PushLocal(ValueKind.I64, 0);
        _stack.PushRegister(ValueKind.I64, _stack.Allocate());
        _stack.PushFlags(Condition.Less);
        Assert.That(_stack.TopIsFlags, Is.True);
        OperandKind[] kinds = [_stack.Pop().Kind, _stack.Pop().Kind, _stack.Pop().Kind, _stack.Pop().Kind];
        Assert.That(kinds, Is.EqualTo(new[] { OperandKind.Flags, OperandKind.Register, OperandKind.Local, OperandKind.Constant }));
        Assert.That((_stack.Count, _asm.Position, _stack.Deepest), Is.EqualTo((0, 0, 0)));
    }

    [Test]
    public void A_value_is_read_where_it_is_and_loaded_where_it_is_not()
    {
        _stack.PushLocal(ValueKind.I64, 0);
        _stack.PushLocal(ValueKind.I32, 3);
        _stack.PushConstant(ValueKind.I32, 7);
        Operand constant = _stack.Pop();
        Operand inFrame = _stack.Pop();
        Operand inRegister = _stack.Pop();
        Register[] registers = [_stack.ToRegister(ref inRegister), _stack.ToRegister(ref inFrame), _stack.ToRegister(ref constant)];
        Assert.That(registers, Is.EqualTo(new[] { Register.Rbx, Register.Rax, Register.Rcx }));
        Assert.That(Code, Is.EqualTo(new[] { "mov eax, dword ptr [rsp+16]", "mov ecx, 7" }));

        _stack.Free(in inRegister);
        _stack.Free(in inFrame);
        Assert.That((_registers.IsFree(Register.Rax), _registers.IsFree(Register.Rcx)), Is.EqualTo((true, false)));
    }

    [Test]
    public void A_register_to_be_changed_is_never_a_locals()
    {
        _stack.PushLocal(ValueKind.I32, 2);
        Operand operand = _stack.Pop();
        Assert.That(_stack.ToOwnRegister(in operand), Is.EqualTo(Register.Rax));
        Assert.That(Code, Is.EqualTo(new[] { "mov eax, esi" }));
    }

    [Test]
    public void A_comparison_becomes_a_value_without_changing_the_flags()
    {
        _stack.PushFlags(Condition.Below);
        _stack.MaterializeFlags();
        Assert.That(_stack.Top, Is.EqualTo(new Operand { Kind = OperandKind.Register, Type = ValueKind.I32, Register = Register.Rax }));
        Assert.That(Code, Is.EqualTo(new[] { "mov eax, 0", "setb al" }));
    }

    [Test]
    public void The_oldest_register_is_spilled_when_none_is_free()
    {
        PushRegisters();
        Assert.That(_stack.Allocate(), Is.EqualTo(Register.Rax));
        Assert.That(Code, Is.EqualTo(new[] { "mov qword ptr [rsp+64], rax" }));
        Assert.That(_stack.Deepest, Is.EqualTo(1));
    }

    [Test]
    public void A_certain_register_is_vacated_to_a_free_one_or_to_the_frame()
    {
        _stack.PushRegister(ValueKind.I64, _stack.Allocate());
        _stack.Allocate(Register.Rax);
        Assert.That(_stack.Top.Register, Is.EqualTo(Register.Rcx));
        Assert.That(Code, Is.EqualTo(new[] { "mov rcx, rax" }));

        Begin();
        PushRegisters();
        _stack.Allocate(Register.Rdx);
        Assert.That(Code, Is.EqualTo(new[] { "mov qword ptr [rsp+80], rdx" }));
    }

    [Test]
    public void A_register_that_no_value_holds_cannot_be_vacated()
    {
        _stack.Allocate();
        Assert.That(() => _stack.Allocate(Register.Rax), Throws.InvalidOperationException);
    }

    [Test]
    public void Before_a_block_all_but_constants_are_spilled_whole()
    {
        _stack.PushConstant(ValueKind.I32, 7);
        _stack.PushLocal(ValueKind.I32, 0);
        _stack.PushLocal(ValueKind.I32, 3);
        _stack.PushRegister(ValueKind.I32, _stack.Allocate());
        _stack.SpillAll();
        Assert.That(Code, Is.EqualTo(new[]
        {
            "mov qword ptr [rsp+72], rbx", "mov ecx, dword ptr [rsp+16]", "mov qword ptr [rsp+80], rcx", "mov qword ptr [rsp+88], rax",
        }));
        Assert.That((_stack.Deepest, _stack.ReadsLocal(0), _registers.IsFree(Register.Rax)), Is.EqualTo((4, false, true)));
        Assert.That(_stack.Pop(), Is.EqualTo(new Operand { Kind = OperandKind.Slot, Type = ValueKind.I32, Index = 3 }));
    }

    [Test]
    public void Before_a_call_only_temporary_registers_are_spilled()
    {
        _stack.PushLocal(ValueKind.I64, 0);
        _stack.PushRegister(ValueKind.I64, _stack.Allocate());
        _stack.SpillTemporaries();
        Assert.That(Code, Is.EqualTo(new[] { "mov qword ptr [rsp+72], rax" }));
        Assert.That(_stack.ReadsLocal(0), Is.True);
    }

    [Test]
    public void Values_read_from_a_local_are_copied_before_it_is_set()
    {
        _stack.PushLocal(ValueKind.I64, 0);
        _stack.PushLocal(ValueKind.I64, 2);
        _stack.PushLocal(ValueKind.I64, 0);
        _stack.DetachLocal(0);
        Assert.That(Code, Is.EqualTo(new[] { "mov rax, rbx", "mov rcx, rbx" }));
        Assert.That((_stack.ReadsLocal(0), _stack.ReadsLocal(2)), Is.EqualTo((false, true)));
    }

    [Test]
    public void Values_far_below_the_top_are_spilled()
    {
        for (int i = 0; i <= OperandStack.Window; i++)
        {
            _stack.PushLocal(ValueKind.I64, 0);
        }

        Assert.That(Code, Is.EqualTo(new[] { "mov qword ptr [rsp+64], rbx" }));
    }

    [Test]
    public void The_stack_grows_and_keeps_its_values()
    {
        for (ulong i = 0; i < 1000; i++)
        {
            _stack.PushConstant(ValueKind.I64, i);
        }

        for (ulong i = 1000; i-- > 0;)
        {
            Assert.That(_stack.Pop().Bits, Is.EqualTo(i));
        }
    }

    [Test]
    public void Behind_a_block_what_it_left_is_dropped_and_all_registers_are_free()
    {
        _stack.PushConstant(ValueKind.I64, 1);
        PushRegisters();
        _stack.DropTo(1);
        Assert.That((_stack.Count, _stack.Allocate()), Is.EqualTo((1, Register.Rax)));
    }

    [Test]
    public void Nothing_is_left_of_the_function_before()
    {
        _stack.PushLocal(ValueKind.I64, 0);
        PushRegisters();
        _stack.SpillAll();
        _stack.PushLocal(ValueKind.I64, 0);
        _stack.Reset(4);
        Assert.That((_stack.Count, _stack.Deepest, _stack.ReadsLocal(0), _stack.Allocate()), Is.EqualTo((0, 0, false, Register.Rax)));
    }

    private void PushRegisters()
    {
        while (_registers.HasFree)
        {
            _stack.PushRegister(ValueKind.I64, _stack.Allocate());
        }
    }
}
