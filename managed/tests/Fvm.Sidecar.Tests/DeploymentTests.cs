using System.CommandLine;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Fvm.Vectors;

namespace Fvm.Sidecar.Tests;

/// <summary>The dashboard, the image and the service unit name what exists.</summary>
public sealed class DeploymentTests
{
    [Test]
    public async Task Each_metric_of_the_dashboard_is_on_the_page()
    {
        string path = Repository.PathOf("examples", "vectors", "caller.json");
        Vector vector = VectorParser.Parse(await File.ReadAllBytesAsync(path), path, inSet: false);
        await using RunningServer server = await RunningServer.StartAsync(
            static options => options with { Metrics = new IPEndPoint(IPAddress.Loopback, 0), MaxSessions = 1 });
        await ReplayTests.ReplayAsync(server, vector, new BundleCatalog(null, null));
        await RefuseSessionAsync(server);
        GC.Collect();
        HashSet<string> series = [.. MetricsTests.Values(await MetricsTests.ReadAsync(server)).Keys.Select(static key => key.Split('{')[0])];

        string[] named = [.. Panels().SelectMany(static panel => panel.GetProperty("targets").EnumerateArray())
            .SelectMany(static target => Regex.Matches(target.GetProperty("expr").GetString()!, @"\b(?:fvm|dotnet|process)_\w+"))
            .Select(static match => match.Value)
            .Distinct()];

        Assert.That(named, Has.Length.GreaterThan(20));
        Assert.That(named, Is.SubsetOf(series));
        string[] own = [.. series.Where(static name => name.StartsWith("fvm_sidecar_", StringComparison.Ordinal))
            .Select(static name => Regex.Replace(name, "_(?:bucket|sum|count)$", string.Empty))
            .Distinct()];
        Assert.That(own.Where(name => !named.Any(used => used.StartsWith(name, StringComparison.Ordinal))), Is.EqualTo(new[] { "fvm_sidecar_block_cache_blocks" }),
            "metrics without a panel");
    }

    [Test]
    public async Task Each_metric_is_documented_and_each_documented_one_exists()
    {
        string documented = await File.ReadAllTextAsync(Repository.PathOf("docs", "sidecar.md"));
        string[] rows = [.. Regex.Matches(documented, @"`(fvm_sidecar_\w+)`").Select(static match => match.Groups[1].Value).Distinct()];
        await using RunningServer server = await RunningServer.StartAsync(
            static options => options with { Metrics = new IPEndPoint(IPAddress.Loopback, 0), MaxSessions = 1 });
        string path = Repository.PathOf("examples", "vectors", "caller.json");
        await ReplayTests.ReplayAsync(
            server, VectorParser.Parse(await File.ReadAllBytesAsync(path), path, inSet: false), new BundleCatalog(null, null));
        await RefuseSessionAsync(server);

        string page = await MetricsTests.ReadAsync(server);
        string[] types = [.. Regex.Matches(page, @"^# TYPE (fvm_sidecar_\w+) ", RegexOptions.Multiline).Select(static match => match.Groups[1].Value)];

        Assert.That(rows, Is.EquivalentTo(types));
        Assert.That(Regex.Matches(page, @"^# HELP fvm_sidecar_\w+ \w", RegexOptions.Multiline), Has.Count.EqualTo(types.Length));
    }

    [Test]
    public void Panels_of_the_dashboard_have_their_own_places()
    {
        JsonElement[] panels = [.. Panels(withRows: true)];

        Assert.That(panels.Select(static panel => panel.GetProperty("id").GetInt32()), Is.Unique);
        HashSet<(int X, int Y)> taken = [];
        foreach (JsonElement panel in panels)
        {
            JsonElement place = panel.GetProperty("gridPos");
            (int x, int y, int w, int h) = (Number(place, "x"), Number(place, "y"), Number(place, "w"), Number(place, "h"));
            Assert.That(x + w, Is.LessThanOrEqualTo(24));
            for (int cell = 0; cell < w * h; cell++)
            {
                Assert.That(taken.Add((x + (cell % w), y + (cell / w))), Is.True, panel.GetProperty("title").GetString());
            }
        }

        static int Number(JsonElement place, string name) => place.GetProperty(name).GetInt32();
    }

    [Test]
    public async Task The_image_copies_what_exists_and_serves_as_another_user_than_root()
    {
        string[] lines = [.. (await File.ReadAllTextAsync(Repository.PathOf("native", "docker", "Dockerfile")))
            .Replace("\\\n", string.Empty, StringComparison.Ordinal).Split('\n')];
        string[] Lines(string instruction) =>
            [.. lines.Where(line => line.StartsWith(instruction + " ", StringComparison.Ordinal)).Select(line => line[(instruction.Length + 1)..])];

        foreach (string copied in Lines("COPY").Where(static copy => !copy.StartsWith("--from", StringComparison.Ordinal)))
        {
            Assert.That(Path.Exists(Repository.PathOf(copied.Split(' ')[0])), Is.True, copied);
        }

        Assert.That(Lines("FROM"), Has.All.Match("^debian:12-slim( AS build)?$"));
        Assert.That(Lines("RUN"), Has.Some.EndsWith("scripts/publish sidecar"));
        Assert.That(Lines("USER"), Is.EqualTo(new[] { "fvm" }));
        Assert.That(Lines("USER").Length + Array.FindIndex(lines, static line => line.StartsWith("USER ", StringComparison.Ordinal)),
            Is.LessThan(Array.FindIndex(lines, static line => line.StartsWith("ENTRYPOINT ", StringComparison.Ordinal))));
        Assert.That(Lines("ENTRYPOINT").Single(), Is.EqualTo("[\"/usr/local/bin/fvm-sidecar\"]"));
        AssertServes(JsonSerializer.Deserialize<string[]>(Lines("CMD").Single())!);
    }

    [Test]
    public async Task The_service_starts_the_server_with_options_that_it_has()
    {
        string unit = await File.ReadAllTextAsync(Repository.PathOf("native", "systemd", "fvm-sidecar.service"));
        string[] words = Regex.Match(unit, "^ExecStart=(.*)$", RegexOptions.Multiline).Groups[1].Value.Split(' ');

        Assert.That(words[0], Does.EndWith("/fvm-sidecar"));
        AssertServes(words[1..]);
    }

    private static void AssertServes(string[] arguments)
    {
        SidecarUsage usage = new();
        ParseResult parsed = usage.Create().Parse(arguments);
        Assert.That(parsed.Errors, Is.Empty);
        Assert.That(usage.Read(parsed).SocketPath, Is.EqualTo("/run/fvm/fvm.sock"));
    }

    private static async Task RefuseSessionAsync(RunningServer server)
    {
        Assert.That(() => server.Shared.Sessions, Is.Zero.After(10_000, 50));
        await using SessionClient first = new(server.Channel, static _ => null);
        await first.OpenAsync();
        await first.NextAsync();
        await MetricsTests.AssertRefusedAsync(server);
    }

    private static IEnumerable<JsonElement> Panels(bool withRows = false)
    {
        JsonElement dashboard = JsonDocument.Parse(File.ReadAllBytes(Repository.PathOf("native", "grafana", "fvm-sidecar.json"))).RootElement;
        return dashboard.GetProperty("panels").EnumerateArray().Where(panel => withRows || panel.GetProperty("type").GetString() != "row");
    }
}
