using Fvm.Diff;

namespace Fvm.Fuzz;

/// <summary>How an input differs, without its own numbers: inputs with one signature count as one find.</summary>
internal static class FindSignature
{
    /// <summary>The fields without indices, and the kinds of the lines where traces part.</summary>
    public static string Of(VectorComparison comparison)
    {
        string fields = Names(comparison.Fields);
        FieldDifference? trace = comparison.Fields.FirstOrDefault(static field => field.Field.StartsWith("trace[", StringComparison.Ordinal));
        return trace is null ? fields : $"{fields} {Head(trace.A)}|{Head(trace.B)}";
    }

    /// <summary>The fields besides those of traces; empty if only these, or their digests, differ.</summary>
    public static string WithoutTrace(VectorComparison comparison) =>
        Names(comparison.Fields.Where(static field => !field.Field.StartsWith("trace", StringComparison.Ordinal)));

    private static string Names(IEnumerable<FieldDifference> fields) =>
        string.Join(';', fields.Select(static field => string.Concat(field.Field.Where(static c => !char.IsAsciiDigit(c)))));

    private static string Head(string line) =>
        string.Join(',', line.Split(',').Take(line.StartsWith("[\"gas\"", StringComparison.Ordinal) ? 2 : 1));
}
