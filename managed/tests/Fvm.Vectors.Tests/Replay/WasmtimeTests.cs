using Fvm.Wasmtime;
using NUnit.Framework;

namespace Fvm.Vectors.Tests;

/// <summary>Vectors on the engine of the reference.</summary>
public sealed class WasmtimeTests
{
    private static readonly string[] Sets = ["nv18/modules", "nv18/paych", "nv21/modules", "nv28/modules", "nv28/sends"];

    [Test]
    public void Examples_give_on_Wasmtime_what_the_reference_gave() =>
        Replay(Repository.PathOf("examples", "vectors"), bundles: null);

    [TestCaseSource(nameof(Sets))]
    public void A_recorded_set_passes_on_Wasmtime(string set) =>
        Replay(Repository.Shared("vectors", "recorded", $"{set}.ndjson.gz"), Repository.Shared("bundles"));

    private static void Replay(string files, string? bundles)
    {
        WasmtimeOptions options = new() { Library = WasmtimeOfTests.Library };
        using VectorReplayer replayer = new(new ReplaySettings { BundleDirectory = bundles, Maker = _ => new WasmtimeEngine(options) });
        List<VectorResult> results = [];
        ParallelReplay.Run(VectorFiles.Read([files]), Environment.ProcessorCount, replayer.ReplayAll, results.AddRange);
        Assert.That(results, Is.Not.Empty);
        Assert.That(
            results.Where(static result => result.Status == VectorStatus.Failed).Select(static result => $"{result.Name}: {result.Differences[0]}"),
            Is.Empty);
        Assert.That(results.Select(static result => result.Status), Has.Some.EqualTo(VectorStatus.Passed));
    }
}
