using System.IO.Compression;
using System.Text.Json;
using Fvm.Files;
using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Diff;

/// <summary>Records vectors for the kit: on an engine, with only the blocks that they read, sorted by network version and feature.</summary>
/// <param name="settings">The engine and the bundles.</param>
public sealed class KitRecorder(ReplaySettings settings)
{
    private readonly StateTrimmer _trimmer = new(settings with { KeepTraces = true, ForceTracing = true, CompareNothing = true });
    private readonly BundleCatalog _bundles = new(settings.BundleDirectory);
    private readonly List<(string Feature, Vector Vector)> _recorded = [];

    /// <summary>The number of vectors that have no results, such as those whose state the machine refuses.</summary>
    public int Dropped { get; private set; }

    /// <summary>The number of recorded vectors.</summary>
    public int Recorded => _recorded.Count;

    /// <summary>Runs a vector and keeps it with its results.</summary>
    /// <param name="vector">The vector.</param>
    /// <param name="feature">Its feature; null to tell it from the trace.</param>
    /// <exception cref="InputException">Its blocks or its bundle cannot be read.</exception>
    public void Add(Vector vector, string? feature)
    {
        foreach (VectorVariant variant in vector.Variants)
        {
            CarBlockstore blocks = CarBlocks.Read(vector.Car, $"{vector.Source}: car");
            Vector one = vector with { Variants = [variant], Recorder = null, Receipts = [], ApplyRets = [], PostRoot = string.Empty };
            (Vector trimmed, IReadOnlyList<VectorResult> results) = _trimmer.Trim(one, blocks);
            VectorResult result = results[0];
            if (result.StateRoot is not string root || result.Outcomes.Count != vector.Messages.Count)
            {
                Dropped++;
                continue;
            }

            string found = feature ?? FeatureOf(result.Outcomes, new VectorNames(one, blocks, _bundles));
            MessageOutcome[] outcomes = [.. result.Outcomes.Select(WithoutTrace)];
            string id = vector.Variants.Count == 1 ? vector.Id : $"{vector.Id}@{variant.Id}";
            _recorded.Add((found, RecordedResults.With(trimmed, outcomes, root) with { Id = id, Recorder = $"fvm {settings.Engine}" }));
        }
    }

    /// <summary>Writes the sets into a kit.</summary>
    /// <exception cref="FileException">A file cannot be written.</exception>
    public void Write(ConformanceKit kit)
    {
        foreach (IGrouping<string, (string Feature, Vector Vector)> set in _recorded
            .GroupBy(item => kit.SetOf(item.Vector.Variants[0].NetworkVersion, item.Feature), StringComparer.Ordinal))
        {
            string path = set.Key;
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            AtomicFile.Write(path, stream =>
            {
                using GZipStream packed = new(stream, CompressionLevel.SmallestSize, leaveOpen: true);
                foreach ((_, Vector vector) in set)
                {
                    VectorWriter.WriteExpectedLine(packed, vector);
                }
            });
        }
    }

    // The digest stays, but for traces with a charge that machines divide differently.
    private static MessageOutcome WithoutTrace(MessageOutcome outcome) =>
        outcome.Trace?.Any(static line => line.Contains(TraceText.FaultCheck, StringComparison.Ordinal)) == true
            ? outcome with { Trace = null, TraceDigest = null, TraceLength = null }
            : outcome with { Trace = null };

    // The rarest feature that a message of the vector uses: contracts, actors of users, failures of builtin actors, other calls.
    private static string FeatureOf(IReadOnlyList<MessageOutcome> outcomes, VectorNames names)
    {
        bool anyCode = false;
        bool anyUser = false;
        foreach (string line in outcomes.SelectMany(static outcome => outcome.Trace ?? []).Where(static line => line.Contains("\"invoke\"")))
        {
            using JsonDocument parsed = JsonDocument.Parse(line);
            string? name = Cid.TryParse(parsed.RootElement[2].ToString(), out Cid code) ? names.NameOf(code) : null;
            if (name is "evm" or "eam" or "ethaccount")
            {
                return "evm";
            }

            anyCode = true;
            anyUser |= name is null;
        }

        return anyUser ? "syscalls"
            : !anyCode ? "transfers"
            : outcomes.Any(static outcome => outcome.ExitCode != 0) ? "builtin-errors"
            : "builtin";
    }
}
