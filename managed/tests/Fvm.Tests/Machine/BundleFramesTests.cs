using Fvm.Ipld;
using Fvm.Wasm;
using NUnit.Framework;

namespace Fvm.Tests;

/// <summary>
/// The builtin actors do not need the model of the reference's machine stack: they are compiled, and the limiter bounds their depth.
/// </summary>
public sealed class BundleFramesTests
{
    [TestCase(9, 17u)]
    [TestCase(10, 18u)]
    [TestCase(11, 20u)]
    [TestCase(12, 21u)]
    [TestCase(13, 22u)]
    [TestCase(14, 23u)]
    [TestCase(15, 24u)]
    [TestCase(16, 26u)]
    [TestCase(17, 27u)]
    [TestCase(18, 28u)]
    [TestCase(19, 29u)]
    public void No_builtin_actor_has_its_frames_counted(int actors, uint network)
    {
        CarBlockstore bundle = CarBlockstore.LoadFile(Repository.Shared("bundles", $"builtin-actors-v{actors}-mainnet.car.gz"));
        MeteringRules rules = NetworkRules.For(network).Metering;
        int modules = 0;
        foreach (byte[] code in bundle.Blocks.Values.Where(static block => block.AsSpan().StartsWith("\0asm"u8)))
        {
            Assert.That(ModuleMetering.Analyze(ModuleValidator.Decode(code, ReferenceLimits.Modules), rules).CountsFrames, Is.False);
            modules++;
        }

        Assert.That(modules, Is.GreaterThan(10));
    }
}
