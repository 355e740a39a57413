using System.Reflection;
using Iced.Intel;
using NUnit.Framework;

namespace Fvm.Wasm.Tests;

/// <summary>
/// Each instruction of the emitter, read back by an independent decoder. One row per method, with every width, register, address form and
/// size of immediate that the method accepts; <see cref="InstructionForms"/> enumerates them.
/// </summary>
public sealed class EmitterTests
{
    /// <summary>Methods that write no instruction; those for labels and short jumps have separate tests below.</summary>
    private static readonly string[] WithoutRow =
    [
        nameof(Emitter.Reserve), nameof(Emitter.Reset), nameof(Emitter.CopyTo), nameof(Emitter.CompleteFixUps), nameof(Emitter.Patch),
        nameof(Emitter.Dispose), nameof(Emitter.Bind), nameof(Emitter.Land), nameof(Emitter.TableEntry), nameof(Emitter.LeaLabel),
        nameof(Emitter.Jump), nameof(Emitter.JumpIf), nameof(Emitter.JumpBackIf), nameof(Emitter.Skip),
        nameof(Emitter.Align),
    ];

    [Test]
    public void Each_instruction_decodes_to_what_was_asked_for()
    {
        using InstructionForms forms = new();
        Rows(forms);
        TestContext.Out.WriteLine($"{forms.Count} instructions of {forms.Methods.Count} methods");
        Assert.That(forms.Count, Is.GreaterThan(100_000));
    }

    [Test]
    public void No_method_of_the_emitter_is_without_a_row()
    {
        using InstructionForms forms = new() { OnlyNotes = true };
        Rows(forms);
        string[] without = [.. typeof(Emitter)
            .GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
            .Where(static method => !method.IsSpecialName && !WithoutRow.Contains(method.Name))
            .Except(forms.Methods)
            .Select(static method => method.ToString()!)];
        Assert.That(without, Is.Empty);
    }

    [TestCase(100, 2)]
    [TestCase(200, 5)]
    public void Jumps_back_are_as_short_as_can_be(int distance, int length)
    {
        using Emitter asm = new();
        Label label = Label.Create();
        asm.Bind(ref label);
        Pad(asm, distance);
        asm.Jump(ref label);
        Assert.That(asm.Position, Is.EqualTo(distance + length));
        Assert.That(Decoded.At(asm.Written, distance), Is.EqualTo("jmp 0"));
    }

    [TestCase(100, 2)]
    [TestCase(200, 6)]
    public void Conditional_jumps_back_are_as_short_as_can_be(int distance, int length)
    {
        using Emitter asm = new();
        Label label = Label.Create();
        asm.Bind(ref label);
        Pad(asm, distance);
        asm.JumpIf(Condition.Below, ref label);
        Assert.That(asm.Position, Is.EqualTo(distance + length));
        Assert.That(Decoded.At(asm.Written, distance), Is.EqualTo("jb 0"));
    }

    [Test]
    public void All_uses_of_a_label_before_it_is_bound_lead_to_it()
    {
        using Emitter asm = new();
        Label label = Label.Create();
        asm.Jump(ref label);
        asm.JumpIf(Condition.Greater, ref label);
        asm.LeaLabel(Register.R9, ref label);
        int table = asm.Position;
        asm.TableEntry(ref label, origin: 2);
        Assert.That(label.IsBound, Is.False);
        asm.Bind(ref label);
        int at = asm.Position;
        Assert.That(Decoded.At(asm.Written, 0), Is.EqualTo($"jmp {at}"));
        Assert.That(Decoded.At(asm.Written, 5), Is.EqualTo($"jg {at}"));
        Assert.That(Decoded.At(asm.Written, 11), Is.EqualTo($"lea r9, [{at}]"));
        Assert.That(BitConverter.ToInt32(asm.Written[table..]), Is.EqualTo(at - 2));
    }

    [Test]
    public void Short_jumps_land_where_they_are_told()
    {
        using Emitter asm = new();
        int first = asm.Skip(Condition.Parity);
        int second = asm.Skip();
        Pad(asm, 100);
        asm.Land(first);
        asm.Land(second);
        Assert.That(Decoded.At(asm.Written, 0), Is.EqualTo("jp 104"));
        Assert.That(Decoded.At(asm.Written, 2), Is.EqualTo("jmp 104"));
        int far = asm.Skip();
        Pad(asm, 128);
        Assert.That(() => asm.Land(far), Throws.InstanceOf<OverflowException>(), "a short jump must not become another one");
    }

    [Test]
    public void A_jump_back_leads_to_its_position()
    {
        using Emitter asm = new();
        Pad(asm, 10);
        asm.JumpBackIf(Condition.NotEqual, 3);
        Assert.That(Decoded.At(asm.Written, 10), Is.EqualTo("jne 3"));
    }

    [Test]
    public void Patches_and_late_displacements_are_written_in_place()
    {
        using Emitter asm = new();
        asm.Sub(Width.W64, Register.Rsp, int.MaxValue);
        asm.Patch(asm.Position - sizeof(int), 40);
        int second = asm.Position;
        asm.Move(Width.W64, Register.Rbx, Address.Incoming(16));
        asm.CompleteFixUps(48);
        Assert.That(Decoded.At(asm.Written, 0), Is.EqualTo("sub rsp, 40"));
        Assert.That(Decoded.At(asm.Written, second), Is.EqualTo("mov rbx, qword ptr [rsp+64]"));
    }

    [Test]
    public void Padding_is_made_of_the_fewest_nops_that_end_at_the_boundary()
    {
        for (int used = 0; used <= 64; used++)
        {
            using Emitter asm = new();
            Pad(asm, used);
            asm.Align(64);
            Assert.That(asm.Position, Is.EqualTo((used + 63) / 64 * 64));

            Decoder decoder = Decoder.Create(64, asm.Written[used..].ToArray());
            int count = 0;
            for (int at = used; at < asm.Position; at += decoder.Decode().Length)
            {
                count++;
            }

            decoder = Decoder.Create(64, asm.Written[used..].ToArray());
            Assert.That(count, Is.EqualTo((asm.Position - used + 8) / 9));
            Assert.That(decoder.Take(count).Select(static one => one.Mnemonic), Is.All.EqualTo(Mnemonic.Nop));
        }
    }

    [Test]
    public void The_buffer_grows_and_keeps_what_was_written()
    {
        using Emitter asm = new();
        int capacity = asm.Capacity;
        int count = 0;
        while (asm.Capacity == capacity)
        {
            asm.Reserve();
            asm.Constant(Register.Rax, (ulong)count++);
        }

        for (int i = 0; i < count; i++)
        {
            Assert.That(BitConverter.ToInt32(asm.Written[((5 * i) + 1)..]), Is.EqualTo(i));
        }
    }

    private static void Pad(Emitter asm, int bytes)
    {
        for (int i = 0; i < bytes; i++)
        {
            asm.Return();
        }
    }

    private static void Rows(InstructionForms forms)
    {
        Emitter asm = forms.Asm;
        forms.RegisterRegister(asm.Move, "mov");
        forms.RegisterMemory(asm.Move, "mov");
        forms.MemoryRegister(asm.Move, "mov");
        forms.MemoryImmediate(asm.Store, "mov");
        forms.MemoryRegister(asm.Store8, "mov", bits: 8);
        forms.MemoryRegister(asm.Store16, "mov", bits: 16);
        forms.MemoryImmediate(asm.Store8, "mov", bits: 8);
        forms.MemoryImmediate(asm.Store16, "mov", bits: 16);
        forms.RegisterMemory(asm.LoadZero8, "movzx", bits: 32, source: 8);
        forms.RegisterMemory(asm.LoadZero16, "movzx", bits: 32, source: 16);
        forms.RegisterMemory(asm.LoadSigned32, "movsxd", bits: 64, source: 32);
        forms.RegisterMemory(asm.LoadSigned8, "movsx", source: 8);
        forms.RegisterMemory(asm.LoadSigned16, "movsx", source: 16);
        forms.RegisterMemory(asm.Lea, "lea", source: 0);
        forms.RegisterRegister(asm.SignExtend8, "movsx", source: 8);
        forms.RegisterRegister(asm.SignExtend16, "movsx", source: 16);
        forms.RegisterRegister(asm.SignExtend32, "movsxd", bits: 64, source: 32);
        forms.Constant(asm.Constant);

        forms.Arithmetic(asm.Op, asm.Op, asm.Op, asm.Op, asm.Op);
        forms.Arithmetic(asm.Add, asm.Add, asm.Add, asm.Add, asm.Add, "add");
        forms.Arithmetic(asm.Or, asm.Or, asm.Or, asm.Or, asm.Or, "or");
        forms.Arithmetic(asm.Sbb, asm.Sbb, asm.Sbb, asm.Sbb, asm.Sbb, "sbb");
        forms.Arithmetic(asm.And, asm.And, asm.And, asm.And, asm.And, "and");
        forms.Arithmetic(asm.Sub, asm.Sub, asm.Sub, asm.Sub, asm.Sub, "sub");
        forms.Arithmetic(asm.Xor, asm.Xor, asm.Xor, asm.Xor, asm.Xor, "xor");
        forms.Arithmetic(asm.Cmp, asm.Cmp, asm.Cmp, asm.Cmp, asm.Cmp, "cmp");
        forms.RegisterRegister(asm.Test, "test");
        forms.RegisterRegister(asm.Multiply, "imul");
        forms.RegisterMemory(asm.Multiply, "imul");
        forms.RegisterRegisterImmediate(asm.Multiply, "imul");
        forms.RegisterRegister(asm.CountLeadingZeros, "lzcnt");
        forms.RegisterRegister(asm.CountTrailingZeros, "tzcnt");
        forms.RegisterRegister(asm.CountBits, "popcnt");
        forms.OneRegister(asm.Negate, "neg");
        forms.OneRegister(asm.DivideUnsigned, "div");
        forms.OneRegister(asm.DivideSigned, "idiv");
        forms.SignIntoRdx(asm.SignIntoRdx);
        forms.ShiftBy(asm.ShiftBy);
        forms.ShiftByCl(asm.ShiftByCl);
        forms.ShiftX(asm.ShiftX);
        forms.ComplementBit(asm.ComplementBit);
        forms.SetByte(asm.SetByte);
        forms.MoveIf(asm.MoveIf, asm.MoveIf);

        forms.OneRegister(asm.Push, "push");
        forms.OneRegister(asm.Pop, "pop");
        forms.OneRegister(asm.JumpTo, "jmp");
        forms.OneRegister(asm.CallTo, "call");
        forms.OneMemory(asm.CallTo, "call");
        forms.Alone(asm.Return, "ret");
        forms.Alone(asm.RepMoveBytes, "rep movsb");
        forms.Alone(asm.RepStoreBytes, "rep stosb");
        forms.Alone(asm.ClearUpper, "vzeroupper");
        forms.Alone(asm.ClearFirst, "vxorps xmm0, xmm0, xmm0");
        forms.Segment(asm.JumpToSegment, "jmp {0}");
        forms.Segment(asm.CallSegment, "call {0}");
        forms.Segment(asm.CallSlot, "call qword ptr [{0}]");
        forms.Segment(asm.JumpSlot, "jmp qword ptr [{0}]");
        forms.SegmentIf(asm.JumpToSegmentIf);
        forms.SegmentAddress(asm.LeaSegment);

        forms.VectorVector(asm.Move, "movaps");
        forms.VectorVector(asm.And, "andps");
        forms.VectorVector(asm.Or, "orps");
        forms.VectorVector(asm.Xor, "xorps");
        forms.VectorMemory(asm.Move, "movs");
        forms.MemoryVector(asm.Move, "movs");
        forms.VectorRegister(asm.Move);
        forms.RegisterVector(asm.Move);
        forms.Floats(asm.Arithmetic);
        forms.Round(asm.Round);
        forms.Scalar(asm.Compare, "ucomis{0}");
        forms.Scalar(asm.Resize, "cvts{0}2s{1}");
        forms.TruncateFloat(asm.Truncate, "cvtts{0}2si");
        forms.TruncateFloat(asm.TruncateUnsigned, "vcvtts{0}2usi");
        forms.ConvertInteger(asm.Convert);
        forms.Vectors(asm.MoveVector, asm.MoveVector);
        forms.Repeat(asm.Repeat8, asm.Repeat16, asm.Repeat8);
    }
}
