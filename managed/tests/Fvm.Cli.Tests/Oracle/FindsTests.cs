using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using NUnit.Framework;

namespace Fvm.Cli.Tests;

/// <summary>
/// Inputs on which the machine once differed from the reference. They have no recorded results, so the reference runs each of them too.
/// Skipped without the reference material.
/// </summary>
public sealed class FindsTests
{
    private const string Finds = "finds/differs";
    private const string Absent = "absent";

    private static IEnumerable<TestCaseData> Cases =>
        from file in Files("account-is-placeholder-*", "placeholder-is-account-*", "states/*", "native-stack-*", "deep-*")
        select new TestCaseData(file).SetArgDisplayNames(Path.GetFileNameWithoutExtension(file));

    [TestCaseSource(nameof(Cases))]
    public void A_find_ends_as_on_the_reference(string file)
    {
        if (file == Absent || Oracle(file) is not string oracle)
        {
            Assert.Ignore($"there is no {Finds} or no oracle beside the repository, nor where FVM_SHARED says");
            return;
        }

        (string? expected, string expectedError) = Reference(oracle, file);
        foreach (string engine in new[] { "compiler", "interpreter" })
        {
            CommandResult ours = CommandResult.Of(
                "run", "--print", "--trace", "--engine", engine, "--bundles", Path.Combine(Repository.SharedFolder, "bundles"), file);
            if (expected is null)
            {
                // The machine cannot be created: both state the same reason, up to the wording of the decoder.
                Assert.That(ours.ExitCode, Is.Not.Zero);
                Assert.That(ours.Errors + ours.Output, Does.Contain(expectedError));
                continue;
            }

            Assert.That(Comparable(ours.OutputLines[0]), Is.EqualTo(Comparable(expected)), engine);
        }
    }

    private static IEnumerable<string> Files(params string[] patterns)
    {
        string folder = Path.Combine(Repository.SharedFolder, Finds);
        return Directory.Exists(folder)
            ? patterns.SelectMany(pattern => Directory.GetFiles(folder, pattern + ".json")).Order()
            : [Absent];
    }

    /// <summary>The reference command for the file's network version.</summary>
    private static string? Oracle(string file)
    {
        using JsonDocument vector = JsonDocument.Parse(File.ReadAllBytes(file));
        uint version = vector.RootElement.GetProperty("preconditions").GetProperty("variants")[0].GetProperty("nv").GetUInt32();
        string command = Path.Combine(Repository.SharedFolder, "oracle", version < 21 ? "fvm-oracle3" : "fvm-oracle");
        return File.Exists(command) ? command : null;
    }

    private static (string? Result, string Error) Reference(string oracle, string file)
    {
        ProcessStartInfo start = new(oracle, ["run", "--print", "--trace", file])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["FVM_BUNDLES"] = Path.Combine(Repository.SharedFolder, "bundles") },
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        string first = output.Split('\n')[0];
        if (first.StartsWith('{'))
        {
            return (first, string.Empty);
        }

        // FILE: WHAT: wording of the decoder
        string[] parts = (output + errors.Result).Split(": ");
        Assert.That(parts, Has.Length.GreaterThan(1), "neither a result nor an error of the reference");
        return (null, parts[1]);
    }

    /// <summary>A result without its human-readable parts.</summary>
    private static string Comparable(string json)
    {
        JsonNode result = JsonNode.Parse(json)!;
        foreach (JsonNode? ret in result["apply_rets"]!.AsArray())
        {
            ret!.AsObject().Remove("failure");
            foreach (JsonNode? line in ret["trace"]!.AsArray())
            {
                if (line![0]!.GetValue<string>() == "error")
                {
                    line.AsArray().RemoveAt(2);
                }
            }
        }

        return Sorted(result).ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    private static JsonNode Sorted(JsonNode node) => node switch
    {
        JsonObject item => new JsonObject(item.OrderBy(static pair => pair.Key, StringComparer.Ordinal)
            .Select(static pair => KeyValuePair.Create(pair.Key, pair.Value is null ? null : Sorted(pair.Value)))),
        JsonArray list => new JsonArray([.. list.Select(static item => item is null ? null : Sorted(item))]),
        _ => node.DeepClone(),
    };
}
