using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Fvm.Wasm.Fuzz;
using NUnit.Framework;

namespace Fvm.Wasm.Tests;

/// <summary>Machine code on disk is used only by the engine sources that produced it.</summary>
public sealed class EngineVersionTests
{
    [Test]
    public void A_key_depends_on_the_engine_s_sources_the_rules_the_processor_and_the_module()
    {
        string[] keys =
        [
            CacheKey.Of([1, 2], ModuleRunner.Limits, ModuleRunner.Rules, new CodeOptions(16).ToString()),
            CacheKey.Of([1, 2], ModuleRunner.Limits, ModuleRunner.Rules, new CodeOptions(16).ToString(), "others"),
            CacheKey.Of([1, 2], ModuleRunner.Limits, ModuleRunner.DeepRules, new CodeOptions(16).ToString()),
            CacheKey.Of([1, 3], ModuleRunner.Limits, ModuleRunner.Rules, new CodeOptions(16).ToString()),
            CacheKey.Of([1, 2], ModuleRunner.Limits, ModuleRunner.Rules, new CodeOptions(32).ToString()),
            CacheKey.Of([1, 2], ModuleRunner.Limits, ModuleRunner.Rules, new CodeOptions(16, Stoppable: true).ToString()),
            CacheKey.Of([1, 2], ModuleRunner.Limits, ModuleRunner.Rules, new CodeOptions(16, IsGuarded: true).ToString()),
        ];

        Assert.That(keys, Is.Unique);
        Assert.That(CacheKey.Of([1, 2], ModuleRunner.Limits, ModuleRunner.Rules, new CodeOptions(16).ToString(), EngineVersion.Sources), Is.EqualTo(keys[0]));
        Assert.That(EngineVersion.Sources, Does.Match("^[0-9a-fA-F]{64}$"));
    }

    [Test]
    public void The_build_hashes_every_source_of_the_engine_as_it_is()
    {
        string project = Repository.PathOf("managed", "src", "Fvm.Wasm");
        using JsonDocument built = Build(project);
        Dictionary<string, string> hashed = built.RootElement.GetProperty("Items").GetProperty("HashedSource").EnumerateArray()
            .ToDictionary(static item => item.GetProperty("FullPath").GetString()!, static item => item.GetProperty("FileHash").GetString()!);
        string[] sources = [.. Directory.GetFiles(project, "*.cs", SearchOption.AllDirectories).Where(path => !IsMade(Path.GetRelativePath(project, path)))];

        Assert.That(sources.Select(path => Path.GetRelativePath(project, path).Split('/', '\\')[0]), Does.Contain("Metering").And.Contain("Compiler"));
        Assert.That(sources.Where(path => !hashed.ContainsKey(path)), Is.Empty, "sources that do not count");
        foreach (string path in sources)
        {
            Assert.That(hashed[path], Is.EqualTo(Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)))).IgnoreCase, path);
        }

        // The constant is derived from the concatenation of all hashes.
        string all = built.RootElement.GetProperty("Properties").GetProperty("SourceHashes").GetString()!;
        Assert.That(all.Split(';'), Is.EquivalentTo(hashed.Values));
        Assert.That(built.RootElement.GetProperty("Properties").GetProperty("SourcesHash").GetString(), Does.Match("^[0-9a-fA-F]{64}$"));
    }

    private static bool IsMade(string path) =>
        path.StartsWith("obj", StringComparison.Ordinal) || path.StartsWith("bin", StringComparison.Ordinal);

    private static JsonDocument Build(string project)
    {
        string scratch = Directory.CreateTempSubdirectory("fvm-test-").FullName;
        try
        {
            ProcessStartInfo start = new("dotnet")
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                ArgumentList =
                {
                    "msbuild", Path.Combine(project, "Fvm.Wasm.csproj"), "-t:WriteEngineVersion", "-nodeReuse:false", "-p:Configuration=Release",
                    $"-p:IntermediateOutputPath={scratch}/", "-getItem:HashedSource", "-getProperty:SourceHashes", "-getProperty:SourcesHash",
                },
            };
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.That(process.ExitCode, Is.Zero, output + errors.Result);
            return JsonDocument.Parse(output);
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }
}
