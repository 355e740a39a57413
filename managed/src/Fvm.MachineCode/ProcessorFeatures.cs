using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Fvm.MachineCode;

/// <summary>
/// The processor's features, by CPUID: under NativeAOT, .NET's own <c>IsSupported</c> is false for every instruction set that the compiler
/// was not configured for.
/// </summary>
internal static class ProcessorFeatures
{
    /// <summary>
    /// Environment variable with <see cref="Names"/>, separated by commas, that this process shall do without: tests run every path of code that
    /// depends on the processor. The instruction sets that the .NET runtime uses by itself have switches of its own (<c>DOTNET_EnableAVX2=0</c>).
    /// </summary>
    public const string WithoutVariable = "FVM_PROCESSOR_WITHOUT";

    // Feature bits of the CPUID instruction, from the processor manuals.
    private const int Sse41 = 1 << 19;
    private const int Popcnt = 1 << 23;
    private const int Bmi1 = 1 << 3;
    private const int Bmi2 = 1 << 8;
    private const int Lzcnt = 1 << 5;
    private const int Fma = 1 << 12;
    private const int SystemKeepsAvx = 1 << 27;
    private const int Avx = 1 << 28;
    private const int Avx2 = 1 << 5;
    private const int Avx512F = 1 << 16;
    private const int Avx512Dq = 1 << 17;
    private const int Avx512Vl = 1 << 31;
    private const int AvxVnni = 1 << 4;
    private const int Adx = 1 << 19;
    private const int Avx512Ifma = 1 << 21;
    private const int Sha = 1 << 29;

    private const int ExtendedLeaf = unchecked((int)0x8000_0001);

    /// <summary>Whether the processor has all instruction sets that compiled code uses: SSE 4.1, POPCNT, LZCNT, BMI1 and BMI2.</summary>
    public static bool IsSufficient
    {
        get
        {
            (int basic, int more, int extended) = Ask();
            return HasAll(basic, Sse41 | Popcnt) && HasAll(more, Bmi1 | Bmi2) && HasAll(extended, Lzcnt);
        }
    }

    /// <summary>
    /// Best vector size for copies, in bytes, among those whose registers the system saves: 16, 32 (AVX) or 64 (AVX-512). Processors
    /// without AVX-VNNI lower their clock for 64-byte vectors; glibc draws the same line.
    /// </summary>
    public static int VectorSize
    {
        get
        {
            (int basic, int more, _) = Ask();
            if (!HasAll(basic, Avx | SystemKeepsAvx)) return 16;

            ulong saved = ProcessorState.Read();
            (int evenMore, _, _, _) = X86Base.CpuId(7, 1);
            return HasAll(saved, ProcessorState.Avx512) && HasAll(more, Avx512F | Avx512Vl) && HasAll(evenMore, AvxVnni) ? 64
                : HasAll(saved, ProcessorState.Avx) ? 32
                : 16;
        }
    }

    /// <summary>Whether the processor has the SHA-256 instructions, and the system saves the AVX state.</summary>
    public static bool HasSha256
    {
        get
        {
            (int basic, int more, _) = Ask();
            return HasAll(basic, Avx | SystemKeepsAvx | Sse41) && HasAll(more, Sha);
        }
    }

    /// <summary>Whether the processor has MULX, ADCX and ADOX.</summary>
    public static bool HasAdx => HasAll(Ask().More, Bmi2 | Adx);

    /// <summary>
    /// Whether the processor has the multiply-add instructions of AVX-512 on integers of 52 bits (IFMA), and the system saves the AVX-512 state.
    /// </summary>
    public static bool HasAvx512Ifma
    {
        get
        {
            (int basic, int more, _) = Ask();
            return HasAll(basic, Avx | SystemKeepsAvx) && HasAll(more, Avx512F | Avx512Dq | Avx512Vl | Avx512Ifma)
                && HasAll(ProcessorState.Read(), ProcessorState.Avx512);
        }
    }

    /// <summary>Lower-case names of the instruction sets, among those used by the project, that the processor has.</summary>
    public static IReadOnlyList<string> Names
    {
        get
        {
            (int Basic, int More, int Extended) answers = Ask();
            return [.. Known.Where(feature => feature.IsIn(answers)).Select(static feature => feature.Name)];
        }
    }

    private static Feature[] Known =>
    [
        new("sse4.1", Basic: Sse41),
        new("popcnt", Basic: Popcnt),
        new("fma", Basic: Fma),
        new("avx", Basic: Avx),
        new("bmi1", More: Bmi1),
        new("avx2", More: Avx2),
        new("bmi2", More: Bmi2),
        new("avx512f", More: Avx512F),
        new("adx", More: Adx),
        new("avx512ifma", More: Avx512Ifma),
        new("sha", More: Sha),
        new("lzcnt", Extended: Lzcnt),
    ];

    // Leaf 1 (ECX), leaf 7 (EBX) and the extended leaf (ECX), without the features that the user withholds; zeros on other processors.
    private static (int Basic, int More, int Extended) Ask()
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64 || !X86Base.IsSupported)
        {
            return default;
        }

        (_, _, int basic, _) = X86Base.CpuId(1, 0);
        (_, int more, _, _) = X86Base.CpuId(7, 0);
        (_, _, int extended, _) = X86Base.CpuId(ExtendedLeaf, 0);
        return Without(Environment.GetEnvironmentVariable(WithoutVariable), (basic, more, extended));
    }

    /// <summary>The answers without the features of a list of names, separated by commas; unknown names are ignored.</summary>
    internal static (int Basic, int More, int Extended) Without(string? names, (int Basic, int More, int Extended) answers)
    {
        foreach (string name in names?.Split(',', StringSplitOptions.TrimEntries) ?? [])
        {
            foreach (Feature feature in Known)
            {
                if (feature.Name == name)
                {
                    answers = (answers.Basic & ~feature.Basic, answers.More & ~feature.More, answers.Extended & ~feature.Extended);
                }
            }
        }

        return answers;
    }

    private static bool HasAll(int answer, int bits) => (answer & bits) == bits;

    private static bool HasAll(ulong saved, ulong bits) => (saved & bits) == bits;

    // An instruction set by its bit in one of the answers.
    private readonly record struct Feature(string Name, int Basic = 0, int More = 0, int Extended = 0)
    {
        public bool IsIn((int Basic, int More, int Extended) answers) =>
            HasAll(answers.Basic, Basic) && HasAll(answers.More, More) && HasAll(answers.Extended, Extended);
    }
}
