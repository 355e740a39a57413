using Fvm.MachineCode;
using NUnit.Framework;

namespace Fvm.Crypto.Tests;

internal sealed class ProcessorFeaturesTests
{
    [TestCase(null, 19, 29, 5)]
    [TestCase("", 19, 29, 5)]
    [TestCase("unknown", 19, 29, 5)]
    [TestCase("sha", 19, 0, 5)]
    [TestCase("adx, sha", 19, 0, 5)]
    [TestCase("sse4.1,lzcnt", 0, 29, 0)]
    public void Withheld_features_are_masked(string? names, int basicBit, int moreBit, int extendedBit)
    {
        (int, int, int) all = (1 << 19, 1 << 29, 1 << 5);
        Assert.That(ProcessorFeatures.Without(names, all), Is.EqualTo((Bit(basicBit), Bit(moreBit), Bit(extendedBit))));
    }

    [Test]
    public void The_variable_decides_which_kernels_exist()
    {
        string[] withheld = Environment.GetEnvironmentVariable(ProcessorFeatures.WithoutVariable)?.Split(',') ?? [];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(ProcessorFeatures.Names, Has.None.AnyOf(withheld.Append("none")));
            Assert.That(Sha256Kernel.Create() is null, Is.EqualTo(!(ProcessorFeatures.HasSha256 && CodeMemory.IsSupported)));
            Assert.That(
                Blake2bLanesKernel.Create() is null,
                Is.EqualTo(!(ProcessorFeatures.HasAvx512Ifma && Blake2bCompression.IsVectorised && CodeMemory.IsSupported)));
            Assert.That(KeccakKernel.Create() is null, Is.EqualTo(!(ProcessorFeatures.HasAvx512Ifma && CodeMemory.IsSupported)));
            Assert.That(
                FpLanesKernel.Create() is null, Is.EqualTo(!(ProcessorFeatures.HasAvx512Ifma && FpLanes.IsSupported && CodeMemory.IsSupported)));
            Assert.That(Secp256k1Kernel.Create() is null, Is.EqualTo(!(ProcessorFeatures.HasAdx && CodeMemory.IsSupported)));
        }
    }

    /// <summary>The kernel removes from its list what it does not save the state of, whatever the processor's maker.</summary>
    [Test]
    public void The_features_are_those_that_the_kernel_lists()
    {
        const string List = "/proc/cpuinfo";
        string? line = File.Exists(List) ? File.ReadLines(List).FirstOrDefault(static text => text.StartsWith("flags", StringComparison.Ordinal)) : null;
        if (line is null || !CodeMemory.IsSupported || Environment.GetEnvironmentVariable(ProcessorFeatures.WithoutVariable) is not null)
        {
            Assert.Ignore("the system lists no features, cannot run code made at run time, or features are withheld");
        }

        HashSet<string> flags = [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        bool isWide = flags.IsSupersetOf(["avx512f", "avx512vl"]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                ProcessorFeatures.HasAvx512Ifma, Is.EqualTo(isWide && flags.IsSupersetOf(["avx", "avx512dq", "avx512ifma"])), "AVX-512 IFMA");
            Assert.That(ProcessorFeatures.HasSha256, Is.EqualTo(flags.IsSupersetOf(["avx", "sse4_1", "sha_ni"])), "SHA");
            Assert.That(ProcessorFeatures.HasAdx, Is.EqualTo(flags.IsSupersetOf(["bmi2", "adx"])), "ADX");
            int size = !flags.Contains("avx") ? 16 : isWide && flags.Contains("avx_vnni") ? 64 : 32;
            Assert.That(ProcessorFeatures.VectorSize, Is.EqualTo(size), "size of vectors");
        }
    }

    private static int Bit(int bit) => bit == 0 ? 0 : 1 << bit;
}
