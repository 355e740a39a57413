using static Fvm.Wasm.Tests.Decoded;

namespace Fvm.Wasm.Tests;

internal sealed partial class InstructionForms
{
    private static readonly string[] Conditions =
        ["o", "no", "b", "ae", "e", "ne", "be", "a", "s", "ns", "p", "np", "l", "ge", "le", "g"];

    /// <param name="source">Bits of the source, if different from the target's.</param>
    public void RegisterRegister(WidthRegisterRegister method, string name, int? source = null)
    {
        Note(method);
        foreach (Width width in Widths)
        {
            RegisterRegister((to, from) => method(width, to, from), name, Bits(width), source);
        }
    }

    public void RegisterRegister(Action<Register, Register> method, string name, int bits, int? source)
    {
        Note(method);
        foreach (Register to in AllRegisters)
        {
            foreach (Register from in AllRegisters)
            {
                method(to, from);
                Check($"{name} {Name(to, bits)}, {Name(from, source ?? bits)}");
            }
        }
    }

    /// <param name="source">Bits of the source, if different from the target's; 0 for an address only.</param>
    public void RegisterMemory(WidthRegisterMemory method, string name, int? source = null)
    {
        Note(method);
        foreach (Width width in Widths)
        {
            RegisterMemory((Register to, in Address from) => method(width, to, in from), name, Bits(width), source);
        }
    }

    public void RegisterMemory(PlainRegisterMemory method, string name, int bits, int? source)
    {
        Note(method);
        foreach (Address from in Addresses())
        {
            foreach (Register to in FewRegisters)
            {
                method(to, in from);
                Check($"{name} {Name(to, bits)}, {Name(in from, source ?? bits, Late)}");
            }
        }
    }

    public void MemoryRegister(WidthMemoryRegister method, string name)
    {
        Note(method);
        foreach (Width width in Widths)
        {
            MemoryRegister((in Address to, Register from) => method(width, in to, from), name, Bits(width));
        }
    }

    public void MemoryRegister(PlainMemoryRegister method, string name, int bits)
    {
        Note(method);
        foreach (Address to in Addresses())
        {
            foreach (Register from in FewRegisters)
            {
                method(in to, from);
                Check($"{name} {Name(in to, bits, Late)}, {Name(from, bits)}");
            }
        }
    }

    public void MemoryImmediate(WidthMemoryImmediate method, string name)
    {
        Note(method);
        foreach (Width width in Widths)
        {
            MemoryImmediate((in Address to, int value) => method(width, in to, value), name, Bits(width));
        }
    }

    public void MemoryImmediate(PlainMemoryImmediate method, string name, int bits)
    {
        Note(method);
        foreach (Address to in Addresses())
        {
            foreach (int value in Immediates)
            {
                method(in to, value);
                int kept = bits switch { 8 => (sbyte)value, 16 => (short)value, _ => value };
                Check($"{name} {Name(in to, bits, Late)}, {kept}");
            }
        }
    }

    public void RegisterImmediate(WidthRegisterImmediate method, string name)
    {
        Note(method);
        foreach (Width width in Widths)
        {
            foreach (Register to in AllRegisters)
            {
                foreach (int value in Immediates)
                {
                    method(width, to, value);
                    Check($"{name} {Name(to, Bits(width))}, {value}");
                }
            }
        }
    }

    public void RegisterRegisterImmediate(Action<Width, Register, Register, int> method, string name)
    {
        Note(method);
        foreach (int value in Immediates)
        {
            RegisterRegisterSuffix((width, to, from) => method(width, to, from, value), name, $", {value}");
        }
    }

    public void Arithmetic(
        WidthRegisterRegister registers, WidthRegisterMemory load, WidthMemoryRegister store, WidthRegisterImmediate immediate,
        WidthMemoryImmediate memory, string name)
    {
        RegisterRegister(registers, name);
        RegisterMemory(load, name);
        MemoryRegister(store, name);
        RegisterImmediate(immediate, name);
        MemoryImmediate(memory, name);
    }

    public void Arithmetic(
        Action<Alu, Width, Register, Register> registers, AluRegisterMemory load, AluMemoryRegister store,
        Action<Alu, Width, Register, int> immediate, AluMemoryImmediate memory)
    {
        foreach (Delegate method in (ReadOnlySpan<Delegate>)[registers, load, store, immediate, memory])
        {
            Note(method);
        }

        foreach (Alu op in Enum.GetValues<Alu>())
        {
            Arithmetic(
                (width, to, from) => registers(op, width, to, from),
                (Width width, Register to, in Address from) => load(op, width, to, in from),
                (Width width, in Address to, Register from) => store(op, width, in to, from),
                (width, to, value) => immediate(op, width, to, value),
                (Width width, in Address to, int value) => memory(op, width, in to, value),
                op.ToString().ToLowerInvariant());
        }
    }

    public void OneRegister(Action<Width, Register> method, string name)
    {
        Note(method);
        foreach (Width width in Widths)
        {
            foreach (Register register in AllRegisters)
            {
                method(width, register);
                Check($"{name} {Name(register, Bits(width))}");
            }
        }
    }

    public void OneRegister(Action<Register> method, string name)
    {
        Note(method);
        foreach (Register register in AllRegisters)
        {
            method(register);
            Check($"{name} {Name(register, 64)}");
        }
    }

    public void OneMemory(MemoryAlone method, string name)
    {
        Note(method);
        foreach (Address address in Addresses())
        {
            method(in address);
            Check($"{name} {Name(in address, 64, Late)}");
        }
    }

    public void Alone(Action method, string text)
    {
        Note(method);
        method();
        Check(text);
    }

    /// <summary>A constant has the shortest encoding for its value: 32 bits zero-extended, 32 bits sign-extended, or all 64.</summary>
    public void Constant(Action<Register, ulong> method)
    {
        Note(method);
        ulong[] values = [0, 1, int.MaxValue, 1ul << 31, uint.MaxValue, 1ul << 32, ulong.MaxValue, unchecked((ulong)int.MinValue), 1ul << 63];
        foreach (Register to in AllRegisters)
        {
            foreach (ulong value in values)
            {
                method(to, value);
                Check(value <= uint.MaxValue ? $"mov {Name(to, 32)}, {(int)value}" : $"mov {Name(to, 64)}, {(long)value}");
            }
        }
    }

    public void SignIntoRdx(Action<Width> method)
    {
        Note(method);
        method(Width.W32);
        Check("cdq");
        method(Width.W64);
        Check("cqo");
    }

    public void ShiftBy(Action<Shift, Width, Register, int> method)
    {
        Note(method);
        foreach (Shift shift in Enum.GetValues<Shift>())
        {
            foreach (int count in (ReadOnlySpan<int>)[2, 31])
            {
                OneRegister((width, register) => method(shift, width, register, count), shift.ToString().ToLowerInvariant(), $", {count}");
            }
        }
    }

    public void ShiftByCl(Action<Shift, Width, Register> method)
    {
        Note(method);
        foreach (Shift shift in Enum.GetValues<Shift>())
        {
            OneRegister((width, register) => method(shift, width, register), shift.ToString().ToLowerInvariant(), ", cl");
        }
    }

    public void ShiftX(Action<Shift, Width, Register, Register, Register> method)
    {
        Note(method);
        foreach (Shift shift in (ReadOnlySpan<Shift>)[Shift.Shl, Shift.Shr, Shift.Sar])
        {
            foreach (Register count in AllRegisters)
            {
                string name = shift.ToString().ToLowerInvariant() + "x";
                foreach (Width width in Widths)
                {
                    foreach (Register to in AllRegisters)
                    {
                        foreach (Register from in FewRegisters)
                        {
                            method(shift, width, to, from, count);
                            Check($"{name} {Name(to, Bits(width))}, {Name(from, Bits(width))}, {Name(count, Bits(width))}");
                        }
                    }
                }
            }
        }
    }

    public void ComplementBit(Action<Register, int> method)
    {
        Note(method);
        foreach (Register register in AllRegisters)
        {
            method(register, 63);
            Check($"btc {Name(register, 64)}, 63");
        }
    }

    public void SetByte(Action<Condition, Register> method)
    {
        Note(method);
        foreach (Condition condition in Enum.GetValues<Condition>())
        {
            foreach (Register register in AllRegisters)
            {
                method(condition, register);
                Check($"set{Conditions[(int)condition]} {Name(register, 8)}");
            }
        }
    }

    public void MoveIf(Action<Condition, Width, Register, Register> registers, ConditionMemory memory)
    {
        Note(registers);
        Note(memory);
        foreach (Condition condition in Enum.GetValues<Condition>())
        {
            string name = "cmov" + Conditions[(int)condition];
            RegisterRegister((width, to, from) => registers(condition, width, to, from), name);
        }

        // The condition and the operands are in different bytes.
        RegisterMemory((Width width, Register to, in Address from) => memory(Condition.Below, width, to, in from), "cmovb");
        RegisterMemory((Width width, Register to, in Address from) => memory(Condition.Greater, width, to, in from), "cmovg");
    }

    /// <param name="text">The instruction, with {0} for the position.</param>
    public void Segment(Action<int> method, string text)
    {
        Note(method);
        foreach (int place in Places)
        {
            Asm.Return();
            method(place);
            CheckInSegment(string.Format(System.Globalization.CultureInfo.InvariantCulture, text, SegmentAt + (ulong)(long)place));
        }
    }

    public void SegmentIf(Action<Condition, int> method)
    {
        foreach (Condition condition in Enum.GetValues<Condition>())
        {
            Segment(place => method(condition, place), $"j{Conditions[(int)condition]} {{0}}");
        }

        Note(method);
    }

    public void SegmentAddress(Action<Register, int> method)
    {
        foreach (Register to in AllRegisters)
        {
            Segment(place => method(to, place), $"lea {Name(to, 64)}, [{{0}}]");
        }

        Note(method);
    }

    private void RegisterRegisterSuffix(WidthRegisterRegister method, string name, string suffix)
    {
        foreach (Width width in Widths)
        {
            foreach (Register to in AllRegisters)
            {
                foreach (Register from in AllRegisters)
                {
                    method(width, to, from);

                    // The formatter prints an operand that is both source and target once.
                    string source = to == from ? "" : $", {Name(from, Bits(width))}";
                    Check($"{name} {Name(to, Bits(width))}{source}{suffix}");
                }
            }
        }
    }

    private void OneRegister(Action<Width, Register> method, string name, string suffix)
    {
        foreach (Width width in Widths)
        {
            foreach (Register register in AllRegisters)
            {
                method(width, register);
                Check($"{name} {Name(register, Bits(width))}{suffix}");
            }
        }
    }
}
