using Fvm.Wasm.Fuzz;
using NUnit.Framework;

namespace Fvm.Wasm.Tests;

/// <summary>Every floating-point instruction, on every pair of edge-case values.</summary>
public sealed unsafe class FloatEdgeTests
{
    private static readonly double[] Edges =
    [
        0, 0.5, 1, 1.5, 2.5, 126, 127.5, 2147483647, 2147483647.5, 2147483648, 4294967295, 4294967295.5, 4294967296,
        9223372036854774784, 9223372036854775808, 18446744073709549568, 18446744073709551616.0, double.Epsilon, double.MaxValue,
        float.Epsilon, float.MaxValue, 9007199254740993, 16777217, double.PositiveInfinity,
    ];

    private static readonly ulong[] Integers =
    [
        0, 1, 2, 0x7f, 0x80, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0x1_0000_0000, 0x20_0000_0000_0001, 0x7fff_ffff_ffff_ffff,
        0x8000_0000_0000_0000, 0x8000_0000_0000_0001, 0x8000_0000_0000_0400, 0x8000_0080_0000_0001, 0xffff_ffff_ffff_fbff,
        0xffff_ffff_ffff_fc00, 0xffff_ff7f_ffff_ffff, 0xffff_ffff_ffff_ffff,
    ];

    public static IEnumerable<OpcodeInfo> Instructions =>
        Opcodes.All.Where(row => row.Immediates == ImmediateKind.None && (row.Pops + row.Pushes).AsSpan().ContainsAny('f', 'F'));

    [Test]
    public void The_engines_agree_on_every_pair_of_edges([ValueSource(nameof(Instructions))] OpcodeInfo row, [Values(32, 64)] int vectorSize)
    {
        if (!CompilerEngine.IsSupported)
        {
            Assert.Ignore("machine code cannot be made here");
        }

        // Operands from parameters in the frame and from registers.
        string operands = row.Pops.Length == 1 ? "local.get 0 " : "local.get 0 local.get 1 ";
        string registers = row.Pops.Length == 1 ? $"local.get 0 {Itself(row.Pops[0])} " : $"local.get 0 {Itself(row.Pops[0])} local.get 1 {Itself(row.Pops[1])} ";
        ModuleBuilder builder = new();
        builder.Function(row.Pops, row.Pushes, "", operands + row.Name);
        builder.Function(row.Pops, row.Pushes, "", registers + row.Name);
        byte[] module = builder.ToBytes();
        using CompilerEngine compiler = new(new CompilerOptions { MaxVectorSize = vectorSize });
        using InterpreterEngine interpreter = new();
        using IWasmCode compiled = compiler.Load(module, ModuleRunner.Limits, null);
        using IWasmCode interpreted = interpreter.Load(module, ModuleRunner.Limits, null);
        using FuzzHost host = new();
        using IWasmInstance subject = compiled.Link(FuzzHost.Table, out _)!.Instantiate(host, out _)!;
        using IWasmInstance reference = interpreted.Link(FuzzHost.Table, out _)!.Instantiate(host, out _)!;
        bool alone = row.Pops.Length == 1;
        ulong[] values = ValuesOf(row.Pops[0], withNeighbours: alone);
        foreach (ulong left in values)
        {
            foreach (ulong right in alone ? [0] : values)
            {
                ulong[] expected = [left, right];
                TrapCode trap = reference.Call(0, expected);
                for (int function = 0; function < 2; function++)
                {
                    ulong[] slots = [left, right];
                    if (subject.Call(function, slots) != trap || (trap == TrapCode.None && slots[0] != expected[0]))
                    {
                        Assert.Fail($"{row.Name} {left:x} {right:x}: {slots[0]:x}, not {trap} {expected[0]:x}");
                    }
                }
            }
        }
    }

    private static string Itself(char kind) => kind switch
    {
        'i' => "i32.const 0 i32.add",
        'I' => "i64.const 0 i64.add",
        'f' => "i32.reinterpret_f32 f32.reinterpret_i32",
        _ => "i64.reinterpret_f64 f64.reinterpret_i64",
    };

    private static ulong[] ValuesOf(char kind, bool withNeighbours) => kind switch
    {
        'i' => Array.ConvertAll(Integers, static value => (ulong)(uint)value),
        'I' => Integers,
        'f' => [.. Values32(withNeighbours), 0x7fc0_0000, 0xffc0_0000, 0x7f80_0001, 0x7fff_ffff, 0xff80_0001, 0xffff_ffff],
        _ =>
        [
            .. Values64(withNeighbours),
            0x7ff8_0000_0000_0000, 0xfff8_0000_0000_0000, 0x7ff0_0000_0000_0001, 0x7fff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff,
        ],
    };

    /// <summary>Each edge case with both signs and, with neighbours, the adjacent values.</summary>
    private static IEnumerable<ulong> Values32(bool withNeighbours)
    {
        foreach (double edge in Signed(withNeighbours))
        {
            float value = (float)edge;
            yield return BitConverter.SingleToUInt32Bits(value);
            if (withNeighbours)
            {
                yield return BitConverter.SingleToUInt32Bits(MathF.BitIncrement(value));
                yield return BitConverter.SingleToUInt32Bits(MathF.BitDecrement(value));
            }
        }
    }

    private static IEnumerable<ulong> Values64(bool withNeighbours)
    {
        foreach (double edge in Signed(withNeighbours))
        {
            yield return BitConverter.DoubleToUInt64Bits(edge);
            if (withNeighbours)
            {
                yield return BitConverter.DoubleToUInt64Bits(Math.BitIncrement(edge));
                yield return BitConverter.DoubleToUInt64Bits(Math.BitDecrement(edge));
            }
        }
    }

    private static IEnumerable<double> Signed(bool withNeighbours) => Edges.SelectMany(
        edge => withNeighbours ? (double[])[edge, -edge, edge - 1, -edge - 1, -edge + 0.5] : [edge, -edge]);
}
