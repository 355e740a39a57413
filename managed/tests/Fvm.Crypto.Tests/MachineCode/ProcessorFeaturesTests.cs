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

    private static int Bit(int bit) => bit == 0 ? 0 : 1 << bit;
}
