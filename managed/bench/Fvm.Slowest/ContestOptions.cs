using System.Globalization;

namespace Fvm.Slowest;

/// <summary>The options of the comparison.</summary>
/// <param name="Ours">The command line of <c>fvm</c>.</param>
/// <param name="Peer">The command line of <c>fvm-oracle</c>.</param>
/// <param name="Folder">Output folder for the vectors.</param>
/// <param name="Filters">Substrings of names: only loops that match one of them run; all if empty.</param>
/// <param name="Turns">Number of runs per loop and machine.</param>
/// <param name="Time">Approximate duration of a loop on our machine.</param>
/// <param name="Bound">Maximum acceptable ratio.</param>
/// <param name="Keeps">Whether the vectors are kept, for use with a profiler.</param>
internal sealed record ContestOptions(
    string Ours, string Peer, string Folder, IReadOnlyList<string> Filters, int Turns, TimeSpan Time, double Bound, bool Keeps)
{
    // Not slower than the reference.
    private const ulong UsualBoundPercent = 100;

    /// <summary>Parses the arguments OURS PEER FOLDER [FILTER…], and the environment variables TURNS, MILLIS, BOUND and KEEP.</summary>
    /// <exception cref="FormatException">An argument or variable is invalid.</exception>
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
