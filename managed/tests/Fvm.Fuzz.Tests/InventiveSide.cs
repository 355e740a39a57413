using Fvm.Diff;
using Fvm.Vectors;

namespace Fvm.Fuzz.Tests;

/// <summary>The compiler with a host that makes up other randomness, for the last epochs that a vector does not list.</summary>
internal sealed class InventiveSide(EngineSide engine) : ISide
{
    private const int Epochs = 1_000;

    private static readonly byte[] MadeUp = [.. Enumerable.Repeat((byte)0x5a, 32)];

    public string Name => "inventive";

    /// <summary>The number of inputs that list the placeholder.</summary>
    public int Listed { get; private set; }

    /// <summary>The number of inputs with two answers to one question, of which hosts take the first or the last.</summary>
    public int Ambiguous { get; private set; }

    public IReadOnlyList<SideRun> Run(IReadOnlyList<VectorCase> cases)
    {
        Listed += cases.Count(static item => item.Vector.Randomness.Any(static answer => VectorExterns.Placeholder.SequenceEqual(answer.Value)));
        Ambiguous += cases.Count(static item =>
            item.Vector.Randomness.DistinctBy(static answer => (answer.Beacon, answer.Epoch)).Count() != item.Vector.Randomness.Count);
        return engine.Run([.. cases.Select(WithAnswers)]);
    }

    public void Dispose() => engine.Dispose();

    // Of answers for the same epoch the first counts.
    private static VectorCase WithAnswers(VectorCase item) => item with
    {
        Vector = item.Vector with
        {
            Randomness =
            [
                .. item.Vector.Randomness,
                .. from back in Enumerable.Range(0, Epochs)
                   from beacon in (bool[])[false, true]
                   select new VectorRandomness(beacon, item.Variant.Epoch - back, MadeUp),
            ],
        },
    };
}
