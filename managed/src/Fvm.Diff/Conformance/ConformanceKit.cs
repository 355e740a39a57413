using Fvm.Vectors;

namespace Fvm.Diff;

/// <summary>
/// The folder of the kit: <c>vectors/nvNN/FEATURE.ndjson.gz</c> with vectors and their results, and <c>bundles/</c> with the actors that they run on.
/// </summary>
/// <param name="folder">The folder.</param>
/// <param name="name">The folder in errors; null for its path.</param>
public sealed class ConformanceKit(string folder, string? name = null)
{
    private const int BatchSize = 32;
    private const string SetSuffix = ".ndjson.gz";

    /// <summary>The folder of the actors' bundles; null if the kit has none.</summary>
    public string? Bundles => Directory.Exists(Path.Combine(folder, "bundles")) ? Path.Combine(folder, "bundles") : null;

    /// <summary>The folder of the vectors.</summary>
    public string Vectors => Path.Combine(folder, "vectors");

    /// <summary>The sets, ordered by name.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public IReadOnlyList<string> Sets()
    {
        // Two levels, so that a loop of links is not followed.
        string[] sets = Directory.Exists(Vectors)
            ? [.. Directory.GetDirectories(Vectors).SelectMany(static version => Directory.GetFiles(version, $"*{SetSuffix}"))]
            : [];
        Array.Sort(sets, StringComparer.Ordinal);
        return sets.Length > 0
            ? sets
            : throw new InputException($"{name ?? folder} is no conformance kit: it has no vectors (--kit names its folder)");
    }

    /// <summary>The path of a set.</summary>
    public string SetOf(uint version, string feature) => Path.Combine(Vectors, $"nv{version}", feature + SetSuffix);

    /// <summary>Runs the vectors on a side and compares the results with those of the kit.</summary>
    /// <param name="side">The side.</param>
    /// <param name="workers">The number of batches at a time.</param>
    /// <param name="report">Gets the comparisons.</param>
    /// <exception cref="InputException">There are no vectors, or one of them is broken.</exception>
    public void Run(ISide side, int workers, ConformanceReport report) => ParallelReplay.Run(
        Sets().SelectMany(static set => Cases(set).Chunk(BatchSize)),
        workers,
        batch => (batch, side.Run([.. batch.Select(static entry => entry.Item)])),
        done =>
        {
            for (int index = 0; index < done.batch.Length; index++)
            {
                (string feature, VectorCase item) = done.batch[index];
                SideRun run = done.Item2[index];
                bool answered = run.Outcomes.Count > 0 || run.StateRoot is not null;
                report.Add(item, feature, RunComparer.Compare(item, ExpectedOf(item.Vector), run), answered);
            }
        });

    private static IEnumerable<(string Feature, VectorCase Item)> Cases(string set)
    {
        string feature = Path.GetFileName(set)[..^SetSuffix.Length];
        foreach (VectorOrError entry in VectorFiles.Read([set]))
        {
            Vector vector = entry.Vector ?? throw new InputException(entry.Error ?? $"{set}: a vector is unreadable");
            if (vector.ApplyRets.Count != vector.Messages.Count || vector.PostRoot.Length == 0)
            {
                throw new InputException($"{vector.Source}: a vector of the kit has to have all results");
            }

            foreach (VectorCase item in VectorCase.Of(vector))
            {
                yield return (feature, item);
            }
        }
    }

    private static SideRun ExpectedOf(Vector vector) => new()
    {
        Outcomes = [.. vector.Receipts.Select((receipt, index) => RecordedResults.OutcomeOf(receipt, vector.ApplyRets[index]))],
        StateRoot = vector.PostRoot,
        TellsReturnCodec = vector.ApplyRets.All(static ret => ret.ReturnCodecKnown),
    };
}
