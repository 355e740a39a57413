using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Fvm.Wasm.Platform;

/// <summary>
/// What the processor has, asked of itself: .NET's own <c>IsSupported</c> answers for the code that .NET makes, and says no under NativeAOT
/// to what it was not told to use.
/// </summary>
internal static class ProcessorFeatures
{
    // Bits of the answers: processor manuals, instruction CPUID.
    private const int Sse41 = 1 << 19;
    private const int Popcnt = 1 << 23;
    private const int Bmi1 = 1 << 3;
    private const int Bmi2 = 1 << 8;
    private const int Lzcnt = 1 << 5;
    private const int ExtendedLeaf = unchecked((int)0x8000_0001);

    /// <summary>Whether the processor has all that compiled code uses: SSE 4.1, POPCNT, LZCNT, BMI1 and BMI2.</summary>
    public static bool IsSufficient
    {
        get
        {
            if (RuntimeInformation.ProcessArchitecture != Architecture.X64 || !X86Base.IsSupported)
            {
                return false;
            }

            (_, _, int basic, _) = X86Base.CpuId(1, 0);
            (_, int more, _, _) = X86Base.CpuId(7, 0);
            (_, _, int extended, _) = X86Base.CpuId(ExtendedLeaf, 0);
            return HasAll(basic, Sse41 | Popcnt) && HasAll(more, Bmi1 | Bmi2) && HasAll(extended, Lzcnt);
        }
    }

    private static bool HasAll(int answer, int bits) => (answer & bits) == bits;
}
