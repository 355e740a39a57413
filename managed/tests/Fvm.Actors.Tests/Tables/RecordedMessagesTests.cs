using System.Text.Json;
using Fvm.Vectors;
using NUnit.Framework;

namespace Fvm.Actors.Tests;

/// <summary>The table against calls and states of recorded vectors: what succeeded has to fit.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RecordedMessagesTests
{
    private const int MaxListed = 60;

    private static readonly string[] Steps = ["[\"call\"", "[\"invoke\"", "[\"return\"", "[\"error\""];

    private readonly SortedDictionary<string, int> _misfits = new(StringComparer.Ordinal);
    private int _calls;
    private int _unnamed;
    private int _parameters;
    private int _results;

    public static IEnumerable<string> Sets => ["builtin", "cron", "multisig", "paych", "evm", "carried"];

    [TestCaseSource(nameof(Sets))]
    public void Parameters_and_return_values_of_calls_fit(string set)
    {
        string[] files = [.. Directory.GetDirectories(Repository.Shared("vectors", "recorded"))
            .Select(folder => Path.Combine(folder, $"{set}.ndjson.gz"))
            .Where(File.Exists)
            .Order(StringComparer.Ordinal)];
        using VectorReplayer replayer = new(new ReplaySettings
        {
            BundleDirectory = Repository.Shared("bundles"),
            ForceTracing = true,
            KeepTraces = true,
        });
        foreach (VectorOrError entry in VectorFiles.Read(files))
        {
            Assert.That(entry.Error, Is.Null);
            foreach (VectorVariant variant in entry.Vector!.Variants)
            {
                VectorResult result = replayer.Replay(entry.Vector, variant);
                Assert.That(result.Status, Is.EqualTo(VectorStatus.Passed), $"{result.Name}: {result.Reason}");
                Read(result, variant.NetworkVersion);
            }
        }

        TestContext.Out.WriteLine($"{_calls} successful calls of methods, {_unnamed} without name");
        TestContext.Out.WriteLine($"{_parameters} parameters and {_results} results decoded");
        Assert.That(_calls, Is.Positive, "calls are found");
        Assert.That(_misfits.Select(static pair => $"{pair.Value} x {pair.Key}").Take(MaxListed), Is.Empty);
    }

    private void Read(VectorResult result, uint networkVersion)
    {
        int version = NetworkRules.For(networkVersion).ActorsVersion;
        Dictionary<string, string> names = BundleNames.Of(version).ToDictionary(static actor => actor.Key.ToString(), static actor => actor.Value);
        foreach (MessageOutcome outcome in result.Outcomes)
        {
            Stack<(JsonElement Call, string? Name)> open = new();
            foreach (string line in outcome.Trace ?? [])
            {
                if (!Steps.Any(step => line.StartsWith(step, StringComparison.Ordinal)))
                {
                    continue;
                }

                JsonElement step = JsonDocument.Parse(line).RootElement;
                switch (step[0].GetString())
                {
                    case "call":
                        open.Push((step, null));
                        break;
                    case "invoke":
                        (JsonElement call, _) = open.Pop();
                        open.Push((call, names.GetValueOrDefault(step[2].GetString()!)));
                        break;
                    case "return":
                        (JsonElement finished, string? name) = open.Pop();
                        Check(finished, name, step, version);
                        break;
                    case "error":
                        open.Pop();
                        break;
                }
            }
        }
    }

    private void Check(JsonElement call, string? actor, JsonElement ended, int version)
    {
        MethodNumber method = new(call[3].GetUInt64());
        if (actor is null || method.IsSend || ended[1].GetUInt32() != 0)
        {
            return;
        }

        _calls++;
        if (BuiltinActors.Table.FindMethod(actor, version, method) is not ActorMethod found)
        {
            // A placeholder takes any method; accounts and contracts take any exported one.
            _unnamed++;
            bool takesAny = actor == "placeholder" || (method.Value >= 1 << 24 && actor is "account" or "ethaccount" or "evm" or "multisig");
            Note($"{actor} v{version} has no method {method}", takesAny ? null : "it succeeded");

            return;
        }

        if (found.DecodeParameters(BlockOf(call[4])) is DecodedValue parameters)
        {
            _parameters++;
            Note($"{actor} v{version} {found.Name} parameters", parameters.Misfit, parameters);
        }

        if (found.DecodeResult(BlockOf(ended[2])) is DecodedValue value)
        {
            _results++;
            Note($"{actor} v{version} {found.Name} result", value.Misfit, value);
        }
    }

    private void Note(string what, string? misfit, DecodedValue? value = null)
    {
        if (misfit is not null)
        {
            string key = $"{what}: {misfit} {value?.Value.ToLine(100)}";
            _misfits[key] = _misfits.GetValueOrDefault(key) + 1;
        }
    }

    private static IpldBlock? BlockOf(JsonElement block) => block.ValueKind == JsonValueKind.Null
        ? null
        : new IpldBlock(block.GetProperty("codec").GetUInt64(), block.GetProperty("data").GetBytesFromBase64());
}
