// Which network versions a bundle is for.
using System.Globalization;
using System.Text.RegularExpressions;

namespace Fvm.Vectors;

/// <summary>Finds bundles, and the network versions that run them.</summary>
public static partial class BundleFiles
{
    /// <summary>The CAR files of a folder, in the order of their actors' versions.</summary>
    public static IReadOnlyList<string> In(string folder) =>
    [
        .. Directory.EnumerateFiles(folder)
            .Where(static file => file.EndsWith(".car", StringComparison.Ordinal) || file.EndsWith(".car.gz", StringComparison.Ordinal))
            .OrderBy(static file => ActorsVersion(file) ?? int.MaxValue)
            .ThenBy(static file => file, StringComparer.Ordinal),
    ];

    /// <summary>
    /// The network versions that start with the bundle, by the version of the actors in its name (<c>…-v18-…</c>); the newest network
    /// version alone where the name tells none, or one that no network version starts with.
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
