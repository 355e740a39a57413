using System.Buffers.Binary;
using NUnit.Framework;

namespace Fvm.Wasm.Tests;

/// <summary>Immediates of every instruction, short and long ones, whatever follows them (<see cref="ShortImmediates"/>).</summary>
public sealed class InstructionReaderTests
{
    private static readonly uint[] Numbers = [0, 1, 31, 32, 63, 64, 127, 128, 255, 16_383, 16_384, int.MaxValue, uint.MaxValue];

    private static readonly byte[][] Followers = [[], [0x00], [0x7f], [0x80], [0xff], [0x00, 0x00], [0xff, 0xff, 0xff], [0x0b, 0x80, 0x00]];

    private static IEnumerable<string> Names => Opcodes.All.Select(static row => row.Name);

    [TestCaseSource(nameof(Names))]
    public void An_instruction_ends_where_its_immediates_do(string name)
    {
        OpcodeInfo row = Opcodes.All.Single(row => row.Name == name);
        byte[] opcode = (int)row.Opcode > byte.MaxValue ? [Opcodes.Prefix, .. Unsigned((uint)row.Opcode & 0xff)] : [(byte)row.Opcode];
        foreach ((byte[] immediates, string expected) in Immediates(row.Immediates))
        {
            foreach (byte[] follower in Followers)
            {
                byte[] bytes = [0x01, .. opcode, .. immediates, .. follower];
                InstructionReader reader = new(bytes, 1, bytes.Length, "test");
                string where = $"{Convert.ToHexString(immediates)} before {Convert.ToHexString(follower)}";
                Assert.That(reader.MoveNext(), Is.True, where);
                Assert.That((reader.Opcode, reader.Offset), Is.EqualTo((row.Opcode, 1)), where);
                Assert.That(reader.NextOffset, Is.EqualTo(bytes.Length - follower.Length), where);
                Assert.That(reader.Traits, Is.EqualTo(OpcodeTraits.Of(row)), where);
                Assert.That(Text(in reader, row.Immediates), Is.EqualTo(expected), where);
            }
        }
    }

    [TestCaseSource(nameof(Names))]
    public void Immediates_that_are_cut_off_are_refused(string name)
    {
        OpcodeInfo row = Opcodes.All.Single(row => row.Name == name);
        byte[] opcode = (int)row.Opcode > byte.MaxValue ? [Opcodes.Prefix, .. Unsigned((uint)row.Opcode & 0xff)] : [(byte)row.Opcode];
        foreach ((byte[] immediates, _) in Immediates(row.Immediates))
        {
            for (int length = 0; length < immediates.Length; length++)
            {
                byte[] bytes = [.. opcode, .. immediates[..length]];
                Assert.That(
                    () => new InstructionReader(bytes, 0, bytes.Length, "test").MoveNext(),
                    Throws.TypeOf<InvalidModuleException>().With.Message.Contains("unexpected end"));
            }
        }
    }

    [Test]
    public void Other_bytes_are_no_instructions()
    {
        int unknown = 0;
        for (int code = 0; code <= byte.MaxValue; code++)
        {
            byte[] bytes = [(byte)code, 0, 0, 0];
            if (code != Opcodes.Prefix && Opcodes.Find((Opcode)code) is null)
            {
                unknown++;
                Assert.That(
                    () => new InstructionReader(bytes, 0, bytes.Length, "test").MoveNext(),
                    Throws.TypeOf<InvalidModuleException>().With.Message.Contains($"unknown or disabled instruction 0x{code:x2}"));
            }
        }

        Assert.That(unknown, Is.GreaterThan(50));
    }

    [Test]
    public void An_alignment_of_32_or_more_is_malformed([Values(32u, 63u, 64u, 127u, 128u)] uint alignment)
    {
        byte[] bytes = [(byte)Opcode.I32Load, .. Unsigned(alignment), 0, 0, 0];
        Assert.That(
            () => new InstructionReader(bytes, 0, bytes.Length, "test").MoveNext(),
            Throws.TypeOf<InvalidModuleException>().With.Message.Contains("malformed alignment"));
    }

    // Encodings of immediates, and what is read.
    private static IEnumerable<(byte[] Bytes, string Text)> Immediates(ImmediateKind kind) => kind switch
    {
        ImmediateKind.None => [([], "")],
        ImmediateKind.Block => [([(byte)ValueKind.Empty], $"{ValueKind.Empty}"), ([(byte)ValueKind.I64], $"{ValueKind.I64}")],
        ImmediateKind.Index => Numbers.Select(static number => (Unsigned(number), $"{number}")),
        ImmediateKind.BranchTable => [([2, 0, .. Unsigned(128), 1], "2: 0 128 1"), ([0, 5], "0: 5")],
        ImmediateKind.IndirectCall or ImmediateKind.TwoIndices =>
            Numbers.Select(static number => ((byte[])[.. Unsigned(number), .. Unsigned(number / 2)], $"{number} {number / 2}")),
        ImmediateKind.Memory => Enumerable.Range(0, 32).SelectMany(static _ => Numbers, static (alignment, number) =>
            ((byte[])[(byte)alignment, .. Unsigned(number)], $"{alignment} {number}")),
        ImmediateKind.MemoryIndex => [([0], "")],
        ImmediateKind.DataSegment => Numbers.Select(static number => ((byte[])[.. Unsigned(number), 0], $"{number}")),
        ImmediateKind.TwoMemories => [([0, 0], "")],
        ImmediateKind.HeapType => [([(byte)ValueKind.FuncRef], "")],
        ImmediateKind.I32 => Numbers.Select(static number => (Signed((int)number), $"{number}")),
        ImmediateKind.I64 => Numbers.Select(static number => (Signed((int)number), $"{(ulong)(int)number}")),
        ImmediateKind.F32 => [([0x81, 0x02, 0x83, 0x04], $"{0x04830281}")],
        ImmediateKind.F64 => [([0x81, 2, 3, 4, 5, 6, 7, 0x88], $"{BinaryPrimitives.ReadUInt64LittleEndian([0x81, 2, 3, 4, 5, 6, 7, 0x88])}")],
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static string Text(in InstructionReader reader, ImmediateKind kind)
    {
        switch (kind)
        {
            case ImmediateKind.Block:
                return $"{reader.BlockType}";
            case ImmediateKind.Index or ImmediateKind.DataSegment:
                return $"{reader.Index}";
            case ImmediateKind.BranchTable:
                string targets = "";
                foreach (uint target in reader.Targets)
                {
                    targets += $" {target}";
                }

                return $"{reader.Index}:{targets}";
            case ImmediateKind.IndirectCall or ImmediateKind.TwoIndices:
                return $"{reader.Index} {reader.SecondIndex}";
            case ImmediateKind.Memory:
                return $"{reader.Alignment} {reader.MemoryOffset}";
            case ImmediateKind.I32 or ImmediateKind.I64 or ImmediateKind.F32 or ImmediateKind.F64:
                return $"{reader.Constant}";
            default:
                return "";
        }
    }

    private static byte[] Unsigned(uint number)
    {
        List<byte> bytes = [];
        for (; number >= 0x80; number >>= 7)
        {
            bytes.Add((byte)(number | 0x80));
        }

        return [.. bytes, (byte)number];
    }

    private static byte[] Signed(int number)
    {
        List<byte> bytes = [];
        for (; number is < -0x40 or >= 0x40; number >>= 7)
        {
            bytes.Add((byte)(number | 0x80));
        }

        return [.. bytes, (byte)(number & 0x7f)];
    }
}
