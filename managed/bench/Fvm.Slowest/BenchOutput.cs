using System.Globalization;

namespace Fvm.Slowest;

/// <summary>The output of a <c>bench</c> command: a header with the names of the columns, and one line per vector.</summary>
internal static class BenchOutput
{
    /// <summary>Reads gas and the minimum execution time of the first vector.</summary>
    /// <returns>Gas, and microseconds; null if the output has no such vector or columns.</returns>
    public static (ulong Gas, ulong Micros)? Read(string output)
    {
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length < 2)
        {
            return null;
        }

        string[] header = lines[0].Split(',');
        string[] fields = lines[1].Split(',');
        return Number("gas") is ulong gas && Number("exec_us_min") is ulong micros ? (gas, micros) : null;

        // Counted from the end: the name of a vector may contain commas, its numbers do not. The commands may have further columns.
        ulong? Number(string column)
        {
            int fromEnd = header.Length - Array.IndexOf(header, column);
            return fromEnd <= header.Length && fromEnd <= fields.Length
                && ulong.TryParse(fields[^fromEnd], CultureInfo.InvariantCulture, out ulong number) ? number : null;
        }
    }
}
