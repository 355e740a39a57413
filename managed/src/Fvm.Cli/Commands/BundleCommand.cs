using System.CommandLine;
using Fvm.Files;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary><c>fvm bundle</c>: downloads bundles of builtin actors.</summary>
internal static class BundleCommand
{
    public static Command Create(TextWriter output, TextWriter errors)
    {
        DocumentedCommand command = new(
            "bundle", "The bundles of builtin actors that filecoin-project/builtin-actors has released.", "fvm bundle get v18");
        Argument<string> version = new("VERSION") { Description = "Actors version, such as v18" };
        Option<string> network = new("--network")
        {
            Description = "mainnet or calibnet",
            HelpName = "NAME",
            DefaultValueFactory = static _ => "mainnet",
        };
        Option<string?> file = new("--out")
        {
            Description = "Where the bundle is written [default: a folder beside the machine code cache, where 'fvm node' looks]",
            HelpName = "FILE.car",
        };
        DocumentedCommand get = new(
            "get",
            "Downloads a bundle, and verifies it against the CID of its manifest. "
            + $"${BundleDownload.SourceVariable} names another place than GitHub: a URL below which are TAG/builtin-actors-NETWORK.car.",
            "fvm bundle get v18",
            "fvm bundle get v16 --network calibnet --out calibnet.car");
        get.Arguments.Add(version);
        get.Options.Add(network);
        get.Options.Add(file);
        get.SetAction(parsed => Get(parsed.GetValue(version)!, parsed.GetValue(network)!, parsed.GetValue(file), output, errors));
        command.Subcommands.Add(get);
        return command;
    }

    private static int Get(string version, string network, string? file, TextWriter output, TextWriter errors)
    {
        BundleRelease release = BundleRelease.Find(version, network) ?? throw new UsageException(
            $"no bundle {version} of {network} is known: v{BundleRelease.All[0].ActorsVersion} to v{BundleRelease.All[^1].ActorsVersion} are, "
            + "of mainnet and calibnet");
        string path = file ?? PathOf(release);
        if (file is null && IsThere(path, release))
        {
            output.WriteLine($"{path} is there already");
            return ExitStatus.Done;
        }

        using BundleDownload download = new();
        errors.WriteLine($"fvm: downloading {release.KeptName}");
        byte[] bytes = download.Fetch(release);
        AtomicFile.Write(path, stream => stream.Write(bytes));
        output.WriteLine($"{path}: {bytes.Length} bytes, manifest {release.Manifest}");
        return ExitStatus.Done;
    }

    private static string PathOf(BundleRelease release)
    {
        string folder = BundleDirectory.Downloads()
            ?? throw new UsageException("there is no folder for bundles, as there is no cache: name the file by --out");
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception exception) when (FileException.IsAboutFiles(exception))
        {
            throw new FileException(folder, FileException.CauseOf(exception), exception);
        }

        return Path.Combine(folder, release.KeptName);
    }

    private static bool IsThere(string path, BundleRelease release) =>
        File.Exists(path) && BundleDownload.ProblemOf(InputFile.ReadAllBytes(path), release.Manifest) is null;
}
