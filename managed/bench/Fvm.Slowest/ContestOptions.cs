using System.Globalization;

namespace Fvm.Slowest;

/// <summary>How the machines are compared.</summary>
/// <param name="Ours">The command <c>fvm</c>.</param>
/// <param name="Peer">The command <c>fvm-oracle</c>.</param>
/// <param name="Folder">Where the vectors go.</param>
/// <param name="Filters">Parts of names; a loop whose name has one of them runs, all where there are none.</param>
/// <param name="Turns">How often each machine runs each loop.</param>
/// <param name="Time">What a loop takes our machine, roughly.</param>
/// <param name="Bound">The ratio that no loop may be over.</param>
/// <param name="Keeps">Whether the vectors stay, for a profiler to run.</param>
internal sealed record ContestOptions(
    string Ours, string Peer, string Folder, IReadOnlyList<string> Filters, int Turns, TimeSpan Time, double Bound, bool Keeps)
{
    // How far two turns of the same loop on the same machine are apart, be it quiet.
    private const ulong UsualBoundPercent = 110;

    /// <summary>Reads OURS PEER FOLDER [FILTER…], and TURNS, MILLIS, BOUND and KEEP of the environment.</summary>
    /// <exception cref="FormatException">They are something else.</exception>
    public static ContestOptions Parse(string[] arguments)
    {
        if (arguments.Length < 3)
        {
            throw new FormatException("arguments: OURS PEER FOLDER [FILTER…]");
        }

        return new(
            arguments[0],
            arguments[1],
            arguments[2],
            arguments[3..],
            (int)Number("TURNS", 1),
            TimeSpan.FromMilliseconds(Number("MILLIS", 40)),
            Number("BOUND", UsualBoundPercent) / 100.0,
            Environment.GetEnvironmentVariable("KEEP") is { Length: > 0 });
    }

    public bool Wants(Loop loop) =>
        Filters.Count == 0 || Filters.Any(filter => loop.Name.Contains(filter, StringComparison.OrdinalIgnoreCase));

    private static ulong Number(string variable, ulong otherwise)
    {
        string? text = Environment.GetEnvironmentVariable(variable);
        if (string.IsNullOrEmpty(text))
        {
            return otherwise;
        }

        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) && number is > 0 and <= 100_000
            ? number
            : throw new FormatException($"{variable}: '{text}' is no number from 1 to 100000");
    }
}
