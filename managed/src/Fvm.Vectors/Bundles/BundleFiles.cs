using System.Globalization;
using System.Text.RegularExpressions;

namespace Fvm.Vectors;

/// <summary>Lists bundles and the network versions that run them.</summary>
public static partial class BundleFiles
{
    /// <summary>The CAR files of a folder, ordered by actors version.</summary>
    public static IReadOnlyList<string> In(string folder) =>
    [
        .. Directory.EnumerateFiles(folder)
            .Where(static file => file.EndsWith(".car", StringComparison.Ordinal) || file.EndsWith(".car.gz", StringComparison.Ordinal))
            .OrderBy(static file => ActorsVersion(file) ?? int.MaxValue)
            .ThenBy(static file => file, StringComparer.Ordinal),
    ];

    /// <summary>
    /// The network versions that start with the bundle, by the actors version in its name (<c>…-v18-…</c>); only the newest network version if
    /// the name has none, or one that no network version starts with.
    /// </summary>
    public static IReadOnlyList<NetworkVersion> VersionsFor(string file)
    {
        int? actors = ActorsVersion(file);
        NetworkVersion[] all = Enum.GetValues<NetworkVersion>();
        NetworkVersion[] starting = [.. all.Where(version => NetworkRules.For(version).ActorsVersion == actors)];
        return starting.Length > 0 ? starting : [all.Max()];
    }

    private static int? ActorsVersion(string file)
    {
        Match match = VersionInName().Match(Path.GetFileName(file));
        return match.Success ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : null;
    }

    [GeneratedRegex(@"-v(\d{1,4})[-.]")]
    private static partial Regex VersionInName();
}
