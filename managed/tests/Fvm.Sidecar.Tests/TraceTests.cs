using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Fvm.Protocol.V1;
using Fvm.Vectors;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Fvm.Sidecar.Tests;

/// <summary>Spans of calls, and their way to a collector.</summary>
public sealed class TraceTests
{
    private const string ClientsTrace = "0af7651916cd43dd8448eb211c80319c";
    private const string ClientsSpan = "b7ad6b7169203331";

    private Vector _vector = null!;

    [OneTimeSetUp]
    public async Task ReadVector()
    {
        string path = Repository.PathOf("examples", "vectors", "caller.json");
        _vector = VectorParser.Parse(await File.ReadAllBytesAsync(path), path, inSet: false);
    }

    [Test]
    public async Task A_message_of_a_session_is_a_span_with_its_machine_and_outcome_and_parts()
    {
        ConcurrentQueue<Activity> spans = new();
        using ActivityListener listener = Listen(spans);
        await using (RunningServer server = await RunningServer.StartAsync())
        {
            await ReplayTests.ReplayAsync(server, _vector, new BundleCatalog(null, null));
        }

        Activity[] all = [.. spans];
        Activity[] messages = [.. all.Where(static span => span.OperationName == "execute_message")];
        Assert.That(messages, Has.Length.EqualTo(_vector.Messages.Count));
        Assert.That(all.Select(static span => span.OperationName), Does.Contain("create_machine").And.Contain("flush_machine")
            .And.Contain("drop_machine").And.Contain("session"));
        for (int i = 0; i < messages.Length; i++)
        {
            Activity span = messages[i];
            Assert.That(span.GetTagItem("fvm.network_version"), Is.EqualTo((uint)_vector.Variants[0].NetworkVersion));
            Assert.That(span.GetTagItem("fvm.epoch"), Is.EqualTo(_vector.Variants[0].Epoch));
            Assert.That(span.GetTagItem("fvm.machine"), Is.EqualTo(7UL));
            Assert.That(span.GetTagItem("fvm.method"), Is.EqualTo(Message.Decode(_vector.Messages[i].Bytes).Method.Value));
            Assert.That(span.GetTagItem("fvm.exit_code"), Is.EqualTo(_vector.Receipts[i].ExitCode));
            Assert.That(span.GetTagItem("fvm.gas_used"), Is.EqualTo(_vector.Receipts[i].GasUsed));
            Assert.That(span.GetTagItem("rpc.grpc.status_code"), Is.Zero);
            Assert.That(span.Parent ?? (object)span.ParentSpanId, Is.EqualTo(default(ActivitySpanId)), "no client's span, no parent");
        }

        Activity first = messages[0];
        Activity[] parts = [.. all.Where(span => span.ParentSpanId == first.SpanId)];
        Assert.That(parts.Select(static part => part.OperationName), Is.EqualTo(new[] { "queue", "execution" }));
        Activity callbacks = all.Single(span => span.ParentSpanId == parts[1].SpanId);
        Assert.That(callbacks.OperationName, Is.EqualTo("callbacks"));
        Assert.That(callbacks.GetTagItem("fvm.callbacks"), Is.EqualTo(first.GetTagItem("fvm.callbacks")).And.Positive);
        Assert.That(parts[0].StartTimeUtc, Is.GreaterThanOrEqualTo(first.StartTimeUtc.AddMilliseconds(-1)));
        Assert.That(parts[1].StartTimeUtc, Is.GreaterThanOrEqualTo(parts[0].StartTimeUtc));
        Assert.That(callbacks.Duration, Is.LessThanOrEqualTo(parts[1].Duration));
    }

    [Test]
    public async Task A_call_belongs_to_the_clients_trace()
    {
        ConcurrentQueue<Activity> spans = new();
        using ActivityListener listener = Listen(spans);
        await using RunningServer server = await RunningServer.StartAsync();
        Protocol.V1.ExecutionService.ExecutionServiceClient client = new(server.Channel);
        Metadata headers = new() { { "traceparent", $"00-{ClientsTrace}-{ClientsSpan}-01" } };
        await client.GetCapabilitiesAsync(new GetCapabilitiesRequest(), headers);
        await client.GetCapabilitiesAsync(new GetCapabilitiesRequest(), new Metadata { { "traceparent", "00-nonsense" } });

        Activity[] calls = [.. spans];
        Assert.That(calls.Select(static span => span.OperationName), Is.EqualTo(new[] { "get_capabilities", "get_capabilities" }));
        Assert.That((calls[0].TraceId.ToHexString(), calls[0].ParentSpanId.ToHexString()), Is.EqualTo((ClientsTrace, ClientsSpan)));
        Assert.That(calls[0].HasRemoteParent, Is.True);
        Assert.That(calls[1].ParentSpanId, Is.EqualTo(default(ActivitySpanId)));
    }

    [Test]
    public async Task A_call_of_a_session_may_belong_to_a_trace_of_its_own()
    {
        ConcurrentQueue<Activity> spans = new();
        using ActivityListener listener = Listen(spans);
        await using RunningServer server = await RunningServer.StartAsync();
        await using SessionClient client = new(server.Channel, static _ => null);
        await client.OpenAsync();
        await client.NextAsync();
        string[] parents = [$"00-{ClientsTrace}-{ClientsSpan}-01", string.Empty, "00-nonsense"];
        foreach ((int index, string parent) in parents.Index())
        {
            ulong id = (ulong)index + 1;
            await client.SendAsync(new SessionRequest { CallId = id, CreateMachine = new CreateMachine { MachineId = id }, TraceParent = parent });
            Assert.That((await client.NextAsync()).CallId, Is.EqualTo(id));
        }

        Activity[] calls = [.. spans.Where(static span => span.OperationName == "create_machine")];
        Assert.That(calls.Select(static span => span.ParentSpanId.ToHexString() == ClientsSpan), Is.EqualTo(new[] { true, false, false }));
        Assert.That(calls[0].TraceId.ToHexString(), Is.EqualTo(ClientsTrace));
    }

    [Test]
    public async Task A_failed_call_is_a_span_with_an_error()
    {
        ConcurrentQueue<Activity> spans = new();
        using ActivityListener listener = Listen(spans);
        await using RunningServer server = await RunningServer.StartAsync();
        Protocol.V1.ExecutionService.ExecutionServiceClient client = new(server.Channel);
        await Assert.ThrowsAsync<RpcException>(async () => await client.InspectAsync(new InspectRequest()));

        Activity span = spans.Single(static span => span.OperationName == "inspect");
        Assert.That(span.Status, Is.EqualTo(ActivityStatusCode.Error));
        Assert.That(span.GetTagItem("rpc.grpc.status_code"), Is.EqualTo((int)StatusCode.InvalidArgument));
    }

    [TestCase(1.0, true, "/v1/traces")]
    [TestCase(1.0, true, "/")]
    [TestCase(0.0, false, "/v1/traces")]
    public async Task A_collector_gets_the_sampled_spans(double sampling, bool isSent, string path)
    {
        ConcurrentQueue<byte[]> bodies = new();
        await using WebApplication collector = await CollectorAsync(bodies, path == "/" ? HttpProtocols.Http2 : HttpProtocols.Http1);
        Uri url = new(new Uri(collector.Urls.Single()), path);
        await using (RunningServer server = await RunningServer.StartAsync(options => options with { Collector = url, Sampling = sampling }))
        {
            await ReplayTests.ReplayAsync(server, _vector, new BundleCatalog(null, null));
        }

        byte[] all = [.. bodies.SelectMany(static body => body)];
        foreach (string text in (string[])["fvm-sidecar", "execute_message", "fvm.gas_used", "callbacks"])
        {
            Assert.That(all.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text)) >= 0, Is.EqualTo(isSent), text);
        }
    }

    [Test]
    public async Task The_client_decides_on_sampling_if_it_says_so()
    {
        ConcurrentQueue<byte[]> bodies = new();
        await using WebApplication collector = await CollectorAsync(bodies, HttpProtocols.Http1);
        Uri url = new(new Uri(collector.Urls.Single()), "/v1/traces");
        await using (RunningServer server = await RunningServer.StartAsync(options => options with { Collector = url, Sampling = 0 }))
        {
            Protocol.V1.ExecutionService.ExecutionServiceClient client = new(server.Channel);
            Metadata headers = new() { { "traceparent", $"00-{ClientsTrace}-{ClientsSpan}-01" } };
            await client.GetCapabilitiesAsync(new GetCapabilitiesRequest(), headers);
        }

        byte[] all = [.. bodies.SelectMany(static body => body)];
        Assert.That(all.AsSpan().IndexOf(Convert.FromHexString(ClientsTrace)), Is.Positive);
    }

    [TestCase("http://127.0.0.1:1")]
    [TestCase("http://127.0.0.1:1/v1/traces")]
    public async Task A_collector_that_is_not_there_costs_one_line_of_the_log(string url)
    {
        using StringWriter output = new();
        using (LogLines log = new(output, LogLevel.Warning, isJson: false))
        {
            await using RunningServer server = await RunningServer.StartAsync(options => options with { Collector = new Uri(url), Log = log });
            await ReplayTests.ReplayAsync(server, _vector, new BundleCatalog(null, null));
        }

        Assert.That(output.ToString(), Does.Match($@"^\S+ warning: the collector {url}/? takes no traces: they are dropped until it does\n$"));
    }

    // All spans of the server, whole ones.
    private static ActivityListener Listen(ConcurrentQueue<Activity> spans)
    {
        ActivityListener listener = new()
        {
            ShouldListenTo = static source => source.Name == SidecarTracing.SourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    // With HTTP/2 an answer of gRPC: no message, and success.
    private static async Task<WebApplication> CollectorAsync(ConcurrentQueue<byte[]> bodies, HttpProtocols protocols)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = protocols));
        WebApplication app = builder.Build();
        app.Run(async context =>
        {
            using MemoryStream body = new();
            await context.Request.Body.CopyToAsync(body);
            bodies.Enqueue(body.ToArray());
            if (protocols == HttpProtocols.Http2)
            {
                context.Response.ContentType = "application/grpc";
                context.Response.AppendTrailer("grpc-status", "0");
                await context.Response.Body.WriteAsync(new byte[5]);
            }
        });
        await app.StartAsync();
        return app;
    }
}
