using System.Reflection;
using Fvm.MachineCode;
using Iced.Intel;
using NUnit.Framework;
using Assembler = Fvm.MachineCode.Assembler;

namespace Fvm.Crypto.Tests;

/// <summary>Every form of every instruction against Iced's decoder.</summary>
internal sealed partial class AssemblerTests
{
    private static readonly GeneralRegister[] All = Enum.GetValues<GeneralRegister>();
    private static readonly int[] Offsets = [0, 8, 127, -128, 128, -129, 4096, int.MaxValue, int.MinValue];

    private static readonly MasmFormatter Formatter = new();

    private readonly HashSet<string> _tested = [];

    static AssemblerTests()
    {
        Formatter.Options.NumberBase = NumberBase.Decimal;
        Formatter.Options.SignedImmediateOperands = true;
        Formatter.Options.SignedMemoryDisplacements = true;
        Formatter.Options.SpaceAfterOperandSeparator = true;
        Formatter.Options.MemorySizeOptions = MemorySizeOptions.Never;
        Formatter.Options.ShowBranchSize = false;
    }

    [Test]
    public void Every_instruction_is_decoded_as_its_name_says()
    {
        foreach (GeneralRegister a in All)
        {
            Test(nameof(Assembler.Push), asm => asm.Push(a), $"push {Name(a)}");
            Test(nameof(Assembler.Pop), asm => asm.Pop(a), $"pop {Name(a)}");
            Test(nameof(Assembler.Negate), asm => asm.Negate(a), $"neg {Name(a)}");
            Test(nameof(Assembler.ShiftRight), asm => asm.ShiftRight(a, 31), $"shr {Name(a)}, 31");
            Test(nameof(Assembler.Move), asm => asm.Move(a, 0x8877665544332211), $"mov {Name(a)}, {unchecked((long)0x8877665544332211)}");
            foreach (GeneralRegister b in All)
            {
                Test(nameof(Assembler.Move), asm => asm.Move(a, b), $"mov {Name(a)}, {Name(b)}");
                Test(nameof(Assembler.Multiply), asm => asm.Multiply(a, b), $"imul {Name(a)}, {Name(b)}");
                Test(nameof(Assembler.AddWithCarry), asm => asm.AddWithCarry(a, b), $"adcx {Name(a)}, {Name(b)}");
                Test(nameof(Assembler.AddWithOverflow), asm => asm.AddWithOverflow(a, b), $"adox {Name(a)}, {Name(b)}");
                Test(nameof(Assembler.ShiftRight), asm => asm.ShiftRight(a, b, 63), $"shrd {Name(a)}, {Name(b)}, 63");
                foreach (GeneralRegister c in All)
                {
                    Test(nameof(Assembler.MultiplyWide), asm => asm.MultiplyWide(a, b, c), $"mulx {Name(a)}, {Name(b)}, {Name(c)}");
                }

                foreach (Arithmetic operation in Enum.GetValues<Arithmetic>())
                {
                    Test(nameof(Assembler.Compute), asm => asm.Compute(operation, a, b), $"{Name(operation)} {Name(a)}, {Name(b)}");
                }

                foreach (int offset in Offsets)
                {
                    Place place = new(b, offset);
                    Test(nameof(Assembler.Move), asm => asm.Move(a, place), $"mov {Name(a)}, {Name(place)}");
                    Test(nameof(Assembler.Move), asm => asm.Move(place, a), $"mov {Name(place)}, {Name(a)}");
                    Test(nameof(Assembler.Compute), asm => asm.Compute(Arithmetic.Add, a, place), $"add {Name(a)}, {Name(place)}");
                    Test(nameof(Assembler.MultiplyWide), asm => asm.MultiplyWide(a, a, place), $"mulx {Name(a)}, {Name(a)}, {Name(place)}");
                    Test(nameof(Assembler.MultiplyWide), asm => asm.MultiplyWide(b, a, place), $"mulx {Name(b)}, {Name(a)}, {Name(place)}");
                }
            }

            foreach (Arithmetic operation in Enum.GetValues<Arithmetic>())
            {
                foreach (sbyte value in (sbyte[])[0, 1, sbyte.MaxValue, sbyte.MinValue])
                {
                    Test(
                        nameof(Assembler.ComputeConstant), asm => asm.ComputeConstant(operation, a, value), $"{Name(operation)} {Name(a)}, {value}");
                }

                foreach (int value in (int[])[1000, int.MaxValue, int.MinValue])
                {
                    Test(
                        nameof(Assembler.ComputeWideConstant), asm => asm.ComputeWideConstant(operation, a, value),
                        $"{Name(operation)} {Name(a)}, {value}");
                }
            }
        }

        Test(nameof(Assembler.Return), static asm => asm.Return(), "ret");
        Test(nameof(Assembler.JumpBackIfNotZero), static asm => asm.JumpBackIfNotZero(0), "jne 0");
        TestVectors();
        string[] emitting = [.. typeof(Assembler)
            .GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
            .Where(static method => method.ReturnType == typeof(void))
            .Select(static method => method.Name)
            .Except([nameof(Assembler.Land)])
            .Distinct()];
        Assert.That(_tested, Is.EquivalentTo(emitting));
    }

    [TestCase(Flag.Carry, "jb")]
    [TestCase(Flag.NoCarry, "jae")]
    [TestCase(Flag.Zero, "je")]
    [TestCase(Flag.NotZero, "jne")]
    public void Jumps_ahead_land_where_the_target_is(Flag flag, string name)
    {
        Assembler asm = new();
        int jump = asm.JumpAhead(flag);
        asm.Return();
        asm.Land(jump);
        asm.Return();
        Assert.That(Decode(asm.ToArray(), out _), Is.EqualTo($"{name} {jump + 1}"));
    }

    private static string Decode(byte[] code, out int length)
    {
        Decoder decoder = Decoder.Create(64, code);
        decoder.IP = 0;
        Instruction instruction = decoder.Decode();
        StringOutput text = new();
        Formatter.Format(instruction, text);
        length = instruction.Length;
        return text.ToStringAndReset() + (instruction.IsBroadcast ? " broadcast" : "");
    }

    private static string Name(GeneralRegister register) => register.ToString().ToLowerInvariant();

    private static string Name(Place place) =>
        $"[{Name(place.Base)}{(place.Offset == 0 ? "" : place.Offset.ToString("+0;-0"))}]";

    private static string Name(Arithmetic operation) => operation switch
    {
        Arithmetic.AddWithCarry => "adc",
        Arithmetic.SubtractWithBorrow => "sbb",
        Arithmetic.Subtract => "sub",
        Arithmetic.Compare => "cmp",
        _ => operation.ToString().ToLowerInvariant(),
    };

    private void Test(string method, Action<Assembler> write, string expected)
    {
        _tested.Add(method);
        Assembler asm = new();
        write(asm);
        byte[] code = asm.ToArray();
        string text = Decode(code, out int length);
        if (text != expected || length != code.Length)
        {
            Assert.Fail($"{Convert.ToHexString(code)} is \"{text}\" of {length} bytes, and \"{expected}\" of {code.Length} was asked for");
        }
    }
}
