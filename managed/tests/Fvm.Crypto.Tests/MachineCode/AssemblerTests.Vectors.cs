using Fvm.MachineCode;
using Assembler = Fvm.MachineCode.Assembler;

namespace Fvm.Crypto.Tests;

internal sealed partial class AssemblerTests
{
    private static readonly int[] Vectors = [0, 5, 8, 15, 16, 23, 24, 31];

    // Multiples of the operand's size within and beyond a short offset, and others.
    private static readonly int[] VectorOffsets = [0, 8, 32, 64, 127 * 8, 128 * 8, -128 * 64, 127 * 64, 128 * 64, 100];

    // Instructions with three operands, the last in a register or in memory, or one element of memory for all.
    private static readonly (VectorOperation Operation, string Name)[] ThreeOperands =
    [
        (VectorOperation.Add, "vpaddq"),
        (VectorOperation.And, "vpandq"),
        (VectorOperation.AndNot, "vpandnq"),
        (VectorOperation.Xor, "vpxorq"),
        (VectorOperation.UnpackLow, "vpunpcklqdq"),
        (VectorOperation.UnpackHigh, "vpunpckhqdq"),
        (VectorOperation.MultiplyAddLow, "vpmadd52luq"),
        (VectorOperation.MultiplyAddHigh, "vpmadd52huq"),
        (VectorOperation.AddDouble, "vaddpd"),
        (VectorOperation.SubtractDouble, "vsubpd"),
        (VectorOperation.MultiplyAddDouble, "vfmadd213pd"),
        (VectorOperation.RotateLeftBy, "vprolvq"),
        (VectorOperation.PermuteBy, "vpermq"),
        (VectorOperation.PermuteTwoBy, "vpermt2q"),
    ];

    private void TestVectors()
    {
        Test(nameof(Assembler.ClearUpperVectors), static asm => asm.ClearUpperVectors(), "vzeroupper");
        foreach (GeneralRegister register in All)
        {
            // Iced prints the address as an unsigned number; the code runs at address 0.
            Test(nameof(Assembler.LoadAddress), asm => asm.LoadAddress(register, -4096), $"lea {Name(register)}, [{unchecked((ulong)-4096L)}]");
        }

        foreach (int size in (int[])[32, 64])
        {
            foreach (int to in Vectors)
            {
                foreach (int with in Vectors)
                {
                    TestRegisters(size, to, with);
                }

                foreach (GeneralRegister register in All)
                {
                    foreach (int offset in VectorOffsets)
                    {
                        TestMemory(size, to, new Place(register, offset));
                    }
                }
            }
        }

        for (int register = 1; register < 8; register++)
        {
            TestMasks(register);
        }
    }

    private void TestMasks(int register)
    {
        Mask clears = new(register, Clears: true);
        Mask leaves = new(register);
        foreach (GeneralRegister from in All)
        {
            Place place = new(from, 1000);
            string text = Name(place);
            Test(nameof(Assembler.LoadMask), asm => asm.LoadMask(leaves, place), $"kmovw k{register}, {text}");
            Test(nameof(Assembler.Vector), asm => asm.Vector(VectorOperation.Load, 64, 17, 0, place, clears), $"vmovupd zmm17{{k{register}}}{{z}}, {text}");
            Test(nameof(Assembler.StoreVector), asm => asm.StoreVector(64, place, 17, leaves), $"vmovupd {text}{{k{register}}}, zmm17");
            Test(
                nameof(Assembler.VectorBroadcast), asm => asm.VectorBroadcast(VectorOperation.Xor, 64, 17, 2, place, leaves),
                $"vpxorq zmm17{{k{register}}}, zmm2, {text} broadcast");
        }

        Test(nameof(Assembler.Vector), asm => asm.Vector(VectorOperation.Load, 64, 3, 0, 20, leaves), $"vmovupd zmm3{{k{register}}}, zmm20");
    }

    private void TestRegisters(int size, int a, int b)
    {
        foreach (int c in Vectors)
        {
            foreach ((VectorOperation operation, string name) in ThreeOperands)
            {
                Test(
                    nameof(Assembler.Vector), asm => asm.Vector(operation, size, a, b, c),
                    $"{name} {Name(a, size)}, {Name(b, size)}, {Name(c, size)}");
            }

            Test(
                nameof(Assembler.Vector), asm => asm.Vector(VectorOperation.Logic, size, a, b, c, 120),
                $"vpternlogq {Name(a, size)}, {Name(b, size)}, {Name(c, size)}, 120");
            Test(
                nameof(Assembler.Vector), asm => asm.Vector(VectorOperation.SelectQuarters, size, a, b, c, 120),
                $"vshufi64x2 {Name(a, size)}, {Name(b, size)}, {Name(c, size)}, 120");
        }

        Test(nameof(Assembler.Vector), asm => asm.Vector(VectorOperation.DuplicateEven, size, a, 0, b), $"vmovddup {Name(a, size)}, {Name(b, size)}");
        Test(
            nameof(Assembler.Vector), asm => asm.Vector(VectorOperation.Permute, size, a, 0, b, 85),
            $"vpermilpd {Name(a, size)}, {Name(b, size)}, 85");
        TestShift(VectorOperation.ShiftLeft, "vpsllq");
        TestShift(VectorOperation.ShiftRight, "vpsrlq");
        TestShift(VectorOperation.ShiftRightSigned, "vpsraq");
        TestShift(VectorOperation.RotateRight, "vprorq");
        TestShift(VectorOperation.RotateLeft, "vprolq");

        void TestShift(VectorOperation operation, string name) => Test(
            nameof(Assembler.VectorShift), asm => asm.VectorShift(operation, size, a, b, 50), $"{name} {Name(a, size)}, {Name(b, size)}, 50");
    }

    private void TestMemory(int size, int a, Place place)
    {
        const int With = 21;
        string text = Name(place);
        Test(nameof(Assembler.Vector), asm => asm.Vector(VectorOperation.Load, size, a, 0, place), $"vmovupd {Name(a, size)}, {text}");
        Test(nameof(Assembler.StoreVector), asm => asm.StoreVector(size, place, a), $"vmovupd {text}, {Name(a, size)}");
        Test(nameof(Assembler.Vector), asm => asm.Vector(VectorOperation.Broadcast, size, a, 0, place), $"vpbroadcastq {Name(a, size)}, {text}");
        foreach ((VectorOperation operation, string name) in ThreeOperands)
        {
            string operands = $"{Name(a, size)}, {Name(With, size)}, ";
            Test(nameof(Assembler.Vector), asm => asm.Vector(operation, size, a, With, place), $"{name} {operands}{text}");
            Test(
                nameof(Assembler.VectorBroadcast), asm => asm.VectorBroadcast(operation, size, a, With, place),
                $"{name} {operands}{text} broadcast");
        }

        if (size == 64)
        {
            Test(
                nameof(Assembler.Vector), asm => asm.Vector(VectorOperation.InsertHalf, size, a, With, place, 1),
                $"vinsertf64x4 {Name(a, 64)}, {Name(With, 64)}, {text}, 1");
            Test(
                nameof(Assembler.Vector), asm => asm.Vector(VectorOperation.ExtractHalf, size, a, 0, place, 1),
                $"vextractf64x4 {text}, {Name(a, 64)}, 1");
        }
    }

    private static string Name(int vector, int size) => $"{(size == 64 ? "zmm" : "ymm")}{vector}";
}
