using System.Globalization;
using System.Text.Json;

namespace Fvm.Diff;

/// <summary>The results of a side on the kit: by network version and feature, by what differs, and by edge of the C interface.</summary>
/// <param name="side">The side's name.</param>
/// <param name="strict">Whether calls that are undefined in filecoin-ffi's interface count, too.</param>
public sealed class ConformanceReport(string side, bool strict)
{
    private const int MaxFailures = 100;

    private readonly List<Row> _rows = [];
    private readonly List<(LibraryEdge Edge, string? Failure)> _edges = [];
    private readonly List<(uint Version, string Line)> _told = [];
    private readonly List<uint> _hidden = [];

    /// <summary>Whether anything failed.</summary>
    public bool HasFailures => _edges.Any(IsFailure) || Counts().Any(static row => row.Count.Failed > 0);

    /// <summary>The number of vectors of network versions that the side runs at all.</summary>
    public int Compared => _rows.Count(row => !IsRefused(row.Version));

    /// <summary>Adds the comparison of a vector with what the kit expects.</summary>
    /// <param name="item">The vector.</param>
    /// <param name="feature">The feature that it belongs to.</param>
    /// <param name="comparison">The comparison; <c>a</c> is what is expected.</param>
    /// <param name="answered">Whether the side gave any result.</param>
    public void Add(VectorCase item, string feature, VectorComparison comparison, bool answered)
    {
        string[] aspects = comparison.Status == ComparisonStatus.Same ? []
            : comparison.Fields.Count == 0 ? [Aspects.Of("outcome")]
            : [.. comparison.Fields.Select(static field => Aspects.Of(field.Field)).Distinct()];
        _rows.Add(new Row(item.Variant.NetworkVersion, feature, aspects, answered));
        Tell(
            item.Variant.NetworkVersion,
            comparison.Reason is string reason ? [$"{comparison.Name}: {reason}"] : TextReport.Lines(comparison, "the kit", side));
    }

    /// <summary>Adds an edge of the C interface.</summary>
    /// <param name="edge">The edge.</param>
    /// <param name="failure">What came instead of what has to; null if it passed.</param>
    public void Add(LibraryEdge edge, string? failure) => _edges.Add((edge, failure));

    /// <summary>The report as lines of text: failures, then the counts.</summary>
    public IEnumerable<string> Lines()
    {
        foreach (string line in Failures())
        {
            yield return line;
        }

        int hidden = _hidden.Count(version => !IsRefused(version));
        if (hidden > 0)
        {
            yield return $"and {hidden} lines more";
        }

        foreach (uint version in _rows.Select(static row => row.Version).Distinct().Order().Where(IsRefused))
        {
            yield return $"no result at network version {version}: its vectors are refused";
        }

        yield return $"{side} by network version and feature";
        yield return $"  {"nv",3}  {"feature",-16}{"passed",8}{"failed",8}{"refused",9}";
        (uint Version, string Feature, ConformanceCount Count)[] counts = Counts();
        foreach ((uint version, string feature, ConformanceCount count) in counts)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture, $"  {version,3}  {feature,-16}{count.Passed,8}{count.Failed,8}{count.Refused,9}");
        }

        yield return "vectors that differ, by what does first";
        foreach (string aspect in Aspects.All)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"  {aspect,-21}{DifferingIn(aspect),8} of {Compared}");
        }

        if (_edges.Count > 0)
        {
            yield return "edges of the C interface";
        }

        foreach ((LibraryEdge edge, string? failure) in _edges)
        {
            string result = failure is null ? "passed"
                : $"{(IsFailure((edge, failure)) ? "FAILED" : "not survived, which is allowed")}: {edge.Description}: {PrintableText.Of(failure)}";
            yield return $"  {edge.Name,-24} {result}";
        }

        int passed = counts.Sum(static row => row.Count.Passed) + _edges.Count(static row => row.Failure is null);
        int failed = counts.Sum(static row => row.Count.Failed) + _edges.Count(IsFailure);
        int allowed = _edges.Count(row => row.Failure is not null && !IsFailure(row));
        yield return $"{passed} passed, {failed} failed, {counts.Sum(static row => row.Count.Refused) + allowed} skipped";
    }

    /// <summary>Writes the fields of the report into an open object.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteString("side", side);
        json.WriteStartArray("features");
        foreach ((uint version, string feature, ConformanceCount count) in Counts())
        {
            json.WriteStartObject();
            json.WriteNumber("network_version", version);
            json.WriteString("feature", feature);
            json.WriteNumber("passed", count.Passed);
            json.WriteNumber("failed", count.Failed);
            json.WriteNumber("refused", count.Refused);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("compared", Compared);
        json.WriteStartObject("differing");
        foreach (string aspect in Aspects.All)
        {
            json.WriteNumber(aspect, DifferingIn(aspect));
        }

        json.WriteEndObject();
        json.WriteStartArray("edges");
        foreach ((LibraryEdge edge, string? failure) in _edges)
        {
            json.WriteStartObject();
            json.WriteString("name", edge.Name);
            json.WriteString("description", edge.Description);
            json.WriteBoolean("undefined", edge.IsUndefined);
            json.WriteBoolean("passed", failure is null);
            json.WriteString("failure", failure);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("failures");
        foreach (string line in Failures())
        {
            json.WriteStringValue(line);
        }

        json.WriteEndArray();
    }

    // A side that gives no result at a network version does not know it.
    private bool IsRefused(uint version) => !_rows.Any(row => row.Version == version && row.Answered);

    private int DifferingIn(string aspect) => _rows.Count(row => row.Aspects.Contains(aspect) && !IsRefused(row.Version));

    private (uint Version, string Feature, ConformanceCount Count)[] Counts() =>
    [
        .. _rows.GroupBy(static row => (row.Version, row.Feature)).OrderBy(static group => group.Key).Select(group =>
        {
            int failed = group.Count(static row => row.Aspects.Count > 0);
            return (group.Key.Version, group.Key.Feature, IsRefused(group.Key.Version)
                ? new ConformanceCount(0, 0, group.Count())
                : new ConformanceCount(group.Count() - failed, failed, 0));
        }),
    ];

    private bool IsFailure((LibraryEdge Edge, string? Failure) row) => row.Failure is not null && (strict || !row.Edge.IsUndefined);

    // What a side says of network versions that it does not know is no failure.
    private IEnumerable<string> Failures() => _told.Where(told => !IsRefused(told.Version)).Select(static told => told.Line);

    private void Tell(uint version, IEnumerable<string> lines)
    {
        int told = _told.Count(entry => entry.Version == version);
        foreach (string line in lines)
        {
            if (told++ < MaxFailures)
            {
                _told.Add((version, line));
            }
            else
            {
                _hidden.Add(version);
            }
        }
    }

    private sealed record Row(uint Version, string Feature, IReadOnlyList<string> Aspects, bool Answered);
}
