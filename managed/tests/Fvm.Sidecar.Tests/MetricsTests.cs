using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Fvm.Protocol.V1;
using Fvm.Vectors;
using Google.Protobuf;
using Grpc.Core;

namespace Fvm.Sidecar.Tests;

/// <summary>The page of metrics: what it counts, and who may read it.</summary>
public sealed class MetricsTests
{
    private static readonly IPEndPoint Loopback = new(IPAddress.Loopback, 0);

    private Vector _vector = null!;

    [OneTimeSetUp]
    public async Task ReadVector()
    {
        string path = Repository.PathOf("examples", "vectors", "caller.json");
        _vector = VectorParser.Parse(await File.ReadAllBytesAsync(path), path, inSet: false);
    }

    [Test]
    public async Task Messages_gas_callbacks_and_times_of_a_session_are_counted()
    {
        await using RunningServer server = await StartAsync();
        await ReplayTests.ReplayAsync(server, _vector, new BundleCatalog(null, null));

        IReadOnlyDictionary<string, double> page = Values(await ReadAsync(server));

        int messages = _vector.Messages.Count;
        Assert.Multiple(() =>
        {
            Assert.That(Sum(page, "fvm_sidecar_messages_total"), Is.EqualTo(messages));
            Assert.That(Sum(page, "fvm_sidecar_messages_total", "outcome=\"ok\""), Is.EqualTo(_vector.Receipts.Count(static receipt => receipt.ExitCode == 0)));
            Assert.That(Sum(page, "fvm_sidecar_gas_total"), Is.EqualTo(_vector.Receipts.Sum(static receipt => (double)receipt.GasUsed)));
            Assert.That(Sum(page, "fvm_sidecar_message_time_per_gas_nanoseconds_count"), Is.EqualTo(messages));
            Assert.That(Sum(page, "fvm_sidecar_message_time_per_gas_nanoseconds_sum"), Is.Positive);
            Assert.That(Sum(page, "fvm_sidecar_calls_total", "call=\"execute_message\"", "code=\"OK\""), Is.EqualTo(messages));
            Assert.That(Sum(page, "fvm_sidecar_calls_total", "call=\"drop_machine\"", "code=\"OK\""), Is.EqualTo(1));
            Assert.That(Sum(page, "fvm_sidecar_call_duration_seconds_count", "call=\"create_machine\""), Is.EqualTo(1));
            Assert.That(Sum(page, "fvm_sidecar_call_duration_seconds_count", "call=\"flush_machine\""), Is.EqualTo(1));
            Assert.That(Sum(page, "fvm_sidecar_queue_duration_seconds_count", "priority=\"normal\""), Is.EqualTo(messages + 2));
            Assert.That(Sum(page, "fvm_sidecar_callback_duration_seconds_count", "question=\"get_blocks\"", "answer=\"given\""), Is.Positive);
            Assert.That(Sum(page, "fvm_sidecar_callback_duration_seconds_count", "question=\"put_blocks\"", "answer=\"given\""), Is.Positive);
            Assert.That(Sum(page, "fvm_sidecar_code_prepared_total"), Is.Positive);
            Assert.That(Sum(page, "fvm_sidecar_code_size_bytes"), Is.Positive);
            Assert.That(Sum(page, "fvm_sidecar_block_cache_misses_total"), Is.Positive);
            Assert.That(Sum(page, "fvm_sidecar_lanes_limit"), Is.EqualTo(server.Shared.Options.Lanes));
            Assert.That(Sum(page, "fvm_sidecar_lanes_used"), Is.Zero);
            Assert.That(Sum(page, "fvm_sidecar_build_info", $"commit=\"{BuildVersion.Commit}\""), Is.EqualTo(1));
            Assert.That(Sum(page, "dotnet_process_memory_working_set_bytes"), Is.Positive);
        });
    }

    [Test]
    public async Task Sessions_machines_waits_and_held_bytes_are_shown_while_they_last()
    {
        await using RunningServer server = await StartAsync();
        using SemaphoreSlim asked = new(0);
        await using (SessionClient client = new(server.Channel, _ =>
        {
            asked.Release();
            return null;
        }))
        {
            await client.OpenAsync(prefetches: false);
            await client.NextAsync();
            await client.SendAsync(Creation(1));
            Assert.That(await asked.WaitAsync(TimeSpan.FromSeconds(20)), Is.True);

            IReadOnlyDictionary<string, double> page = Values(await ReadAsync(server));
            Assert.That(Sum(page, "fvm_sidecar_sessions"), Is.EqualTo(1));
            Assert.That(Sum(page, "fvm_sidecar_machines"), Is.EqualTo(1));
            Assert.That(Sum(page, "fvm_sidecar_lanes_used"), Is.EqualTo(1));
            Assert.That(Sum(page, "fvm_sidecar_held_size_bytes", "for=\"calls\""), Is.Positive);
            Assert.That(Sum(page, "fvm_sidecar_queue_length"), Is.Zero);
        }

        Assert.That(
            async () => Values(await ReadAsync(server)) is var page && Sum(page, "fvm_sidecar_sessions") + Sum(page, "fvm_sidecar_machines")
                + Sum(page, "fvm_sidecar_lanes_used") + Sum(page, "fvm_sidecar_held_size_bytes") == 0,
            Is.True.After(10_000, 400));
        IReadOnlyDictionary<string, double> after = Values(await ReadAsync(server));
        Assert.That(Sum(after, "fvm_sidecar_callback_duration_seconds_count", "answer=\"none\""), Is.EqualTo(1));
        Assert.That(Sum(after, "fvm_sidecar_calls_total", "call=\"create_machine\"", "code=\"CANCELLED\""), Is.EqualTo(1));
    }

    [Test]
    public async Task Refused_calls_are_counted_by_limit_and_no_label_is_a_clients()
    {
        const string Marker = "marker77";
        await using RunningServer server = await StartAsync(static options => options with { MaxMachines = 1, MaxSessions = 1 });
        await using SessionClient client = new(server.Channel, static _ => null);
        await client.SendAsync(new SessionRequest { Open = new OpenSession { Client = Marker } });
        await client.NextAsync();
        for (ulong machine = 771; machine <= 775; machine++)
        {
            await client.SendAsync(new SessionRequest { CallId = machine, CreateMachine = new CreateMachine { MachineId = machine } });
            await client.NextAsync();
        }

        await AssertRefusedAsync(server);

        string text = await ReadAsync(server);
        IReadOnlyDictionary<string, double> page = Values(text);
        Assert.That(Sum(page, "fvm_sidecar_refusals_total", "reason=\"machines\""), Is.EqualTo(4));
        Assert.That(Sum(page, "fvm_sidecar_refusals_total", "reason=\"sessions\""), Is.EqualTo(1));
        Assert.That(Sum(page, "fvm_sidecar_calls_total", "code=\"RESOURCE_EXHAUSTED\""), Is.EqualTo(5));
        Assert.That(text, Does.Not.Contain(Marker).And.Not.Match("\"77[1-5]\""));
    }

    [Test]
    public async Task Failed_and_one_shot_messages_are_counted_too()
    {
        await using RunningServer server = await StartAsync();
        Protocol.V1.ExecutionService.ExecutionServiceClient client = new(server.Channel);
        ExecuteMessagesRequest request = new()
        {
            Source = new BlockSource { Car = ByteString.CopyFrom(_vector.Car) },
            Settings = ReplayTests.Settings(_vector, _vector.Variants[0]),
        };
        Message message = Message.Decode(_vector.Messages[0].Bytes);
        foreach (ulong gas in (ulong[])[message.GasLimit, 2_000_000])
        {
            request.Messages.Clear();
            request.Messages.Add(new MessageInput
            {
                Message = ByteString.CopyFrom((message with { GasLimit = gas }).Encode()),
                ChainLength = 100,
                Kind = Protocol.V1.ApplyKind.Explicit,
            });
            await client.ExecuteMessagesAsync(request);
        }

        IReadOnlyDictionary<string, double> page = Values(await ReadAsync(server));
        Assert.That(Sum(page, "fvm_sidecar_messages_total", "outcome=\"ok\""), Is.EqualTo(1));
        Assert.That(Sum(page, "fvm_sidecar_messages_total", "outcome=\"out_of_gas\""), Is.EqualTo(1));
        Assert.That(Sum(page, "fvm_sidecar_calls_total", "call=\"execute_messages\"", "code=\"OK\""), Is.EqualTo(2));
    }

    [Test]
    public async Task The_listener_of_the_page_serves_nothing_else()
    {
        await using RunningServer server = await StartAsync();
        using HttpClient http = new() { BaseAddress = new Uri($"http://127.0.0.1:{server.MetricsPort}") };
        foreach (string path in (string[])["/", "/metrics/x", "/fvm.v1.ExecutionService/GetCapabilities", "/grpc.health.v1.Health/Check"])
        {
            Assert.That((await http.GetAsync(path)).StatusCode, Is.EqualTo(HttpStatusCode.NotFound), path);
            using ByteArrayContent frame = new([0, 0, 0, 0, 0]);
            frame.Headers.ContentType = new System.Net.Http.Headers.MediaTypeHeaderValue("application/grpc");
            Assert.That((await http.PostAsync(path, frame)).StatusCode, Is.EqualTo(HttpStatusCode.NotFound), path);
        }

        Assert.That((await http.PostAsync("/metrics", content: null)).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        using HttpRequestMessage second = new(HttpMethod.Get, "/metrics") { Version = new Version(2, 0), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        Assert.That(async () => await http.SendAsync(second), Throws.InstanceOf<HttpRequestException>(), "no HTTP/2, hence no gRPC");
    }

    [Test]
    public async Task The_page_is_on_no_other_listener_and_asks_for_no_credential()
    {
        await using RunningServer server = await StartAsync(static options => options with
        {
            Listen = Loopback,
            Token = new BearerToken("correct-horse-battery-staple"),
        });

        Assert.That(server.MetricsPort, Is.Not.EqualTo(server.Port));
        Assert.That(await ReadAsync(server), Does.Contain("fvm_sidecar_sessions"));
        using HttpClient http = new();
        foreach (string? token in (string?[])[null, "Bearer correct-horse-battery-staple"])
        {
            using HttpRequestMessage request = new(HttpMethod.Get, $"http://127.0.0.1:{server.Port}/metrics")
            {
                Version = new Version(2, 0),
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            if (token is not null)
            {
                request.Headers.TryAddWithoutValidation("authorization", token);
            }

            HttpResponseMessage response = await http.SendAsync(request);
            Assert.That(await response.Content.ReadAsStringAsync(), Does.Not.Contain("fvm_sidecar"));
        }

        Assert.That(Sum(Values(await ReadAsync(server)), "fvm_sidecar_refusals_total", "reason=\"credential\""), Is.EqualTo(1));
    }

    /// <summary>Opens a session that is one too many.</summary>
    internal static async Task AssertRefusedAsync(RunningServer server)
    {
        await using SessionClient client = new(server.Channel, static _ => null);

        // Its first frame may find the session refused already.
        await client.OpenAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Assert.ThrowsAsync<RpcException>(client.NextAsync);
    }

    private static Task<RunningServer> StartAsync(Func<SidecarOptions, SidecarOptions>? change = null) => RunningServer.StartAsync(
        options => (change is null ? options : change(options)) with { Metrics = Loopback });

    /// <summary>The page of a server, once the exporter's answer to the last reader is old enough.</summary>
    internal static async Task<string> ReadAsync(RunningServer server)
    {
        await Task.Delay(350);
        using HttpClient http = new();
        return await http.GetStringAsync($"http://127.0.0.1:{server.MetricsPort}/metrics");
    }

    /// <summary>The values by name with labels.</summary>
    internal static IReadOnlyDictionary<string, double> Values(string page)
    {
        Dictionary<string, double> values = new(StringComparer.Ordinal);
        foreach (Match line in Regex.Matches(page, @"^([a-z]\w*(?:\{[^}]*\})?) (\S+)", RegexOptions.Multiline))
        {
            values[line.Groups[1].Value] = double.Parse(line.Groups[2].Value, NumberStyles.Float, CultureInfo.InvariantCulture);
        }

        return values;
    }

    private static double Sum(IReadOnlyDictionary<string, double> page, string name, params string[] labels) => page
        .Where(value => value.Key.Split('{')[0] == name && Array.TrueForAll(labels, label => value.Key.Contains(label, StringComparison.Ordinal)))
        .Sum(static value => value.Value);

    private static SessionRequest Creation(ulong machine) => new()
    {
        CallId = machine,
        CreateMachine = new CreateMachine { MachineId = machine, Settings = SessionTests.Settings() },
    };
}
