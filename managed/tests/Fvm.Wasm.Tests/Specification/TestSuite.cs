using System.Diagnostics;
using NUnit.Framework;

namespace Fvm.Wasm.Tests;

/// <summary>The specification's test suite, unpacked once into a temporary folder.</summary>
internal static class TestSuite
{
    private const string Archive = "wasm-testsuite/testsuite.tar.xz";

    private static readonly Lazy<string?> Unpacked = new(Unpack);

    /// <summary>The folder with one subfolder per script.</summary>
    public static string Folder
    {
        get
        {
            if (Unpacked.Value is null)
            {
                Assert.Ignore($"shared/{Archive} is not there, or tar cannot unpack it");
            }

            return Unpacked.Value!;
        }
    }

    private static string? Unpack()
    {
        string? archive = Repository.FindShared(Archive);
        if (archive is null)
        {
            return null;
        }

        string folder = Directory.CreateTempSubdirectory("wasm-testsuite").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        using Process? tar = Process.Start("tar", ["-xJf", archive, "-C", folder]);
        tar?.WaitForExit();
        return tar?.ExitCode == 0 ? folder : null;
    }
}
