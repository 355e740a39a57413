using System.Diagnostics;
using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Chain.Tests;

/// <summary>The recorded chains of the reference material, unpacked once per run.</summary>
[SetUpFixture]
public sealed class LotusChains
{
    /// <summary>Names an unpacked chains.car; without it, one is unpacked into a temporary folder.</summary>
    private const string FileVariable = "FVM_CHAINS_CAR";

    private static readonly Lock Gate = new();
    private static DirectoryInfo? folder;
    private static CarStore? store;

    /// <summary>One recorded chain.</summary>
    public sealed record Recorded(string Name, Cid[] Head, long Height, int Tipsets, string Upgrades)
    {
        /// <summary>The network that the chain was made on.</summary>
        // The test TestMigrationNV24 gives the reserve another amount, and the tests after it in its process run with that.
        public NetworkParameters Network => NetworkCatalog.LotusTests with
        {
            Upgrades = UpgradeSchedule.Parse(Upgrades),
            FirstReserve = TokenAmount.FromWhole(Name == "TestMigrationTeepTockFix-0" ? 1_000_000_000 : 300_000_000),
        };

        public override string ToString() => Name;
    }

    /// <summary>All chains; none without the reference material.</summary>
    public static IReadOnlyList<Recorded> All => Repository.FindShared("lotus", "chains.tsv") is not string path
        ? []
        : [.. File.ReadLines(path).Where(static line => !line.StartsWith('#')).Select(Parse)];

    /// <summary>The blocks of all chains; ignores the test if they are not there.</summary>
    public static CarStore Open()
    {
        lock (Gate)
        {
            return store ??= CarStore.Open(File.OpenRead(FindFile()));
        }
    }

    /// <summary>The lines of a packed table of the chains' folder; ignores the test if it is not there.</summary>
    public static string[] ReadPacked(string name)
    {
        ProcessStartInfo unpack = new("xz", ["-dc", Repository.Shared("lotus", name)]) { RedirectStandardOutput = true };
        using Process process = Process.Start(unpack)!;
        return process.StandardOutput.ReadToEnd().Split('\n');
    }

    [OneTimeTearDown]
    public void RemoveFile()
    {
        store?.Dispose();
        folder?.Delete(recursive: true);
    }

    private static Recorded Parse(string line)
    {
        string[] fields = line.Split('\t');
        return new Recorded(
            fields[0], [.. fields[1].Split(',').Select(Cid.Parse)], long.Parse(fields[2]), int.Parse(fields[4]), fields[7]);
    }

    private static string FindFile()
    {
        if (Environment.GetEnvironmentVariable(FileVariable) is { Length: > 0 } given)
        {
            return given;
        }

        string packed = Repository.Shared("lotus", "chains.car.xz");
        folder = Directory.CreateTempSubdirectory("fvm-chains-");
        string file = Path.Combine(folder.FullName, "chains.car");
        using Process process = Process.Start("/bin/sh", ["-c", "exec xz -dc \"$0\" > \"$1\"", packed, file]);
        process.WaitForExit();
        return process.ExitCode == 0 ? file : throw new IgnoreException("chains.car.xz cannot be unpacked: is xz installed?");
    }
}
