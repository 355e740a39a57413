using System.Text.Json;
using System.Text.RegularExpressions;
using Fvm.Protocol.V1;
using Fvm.Vectors;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;

namespace Fvm.Sidecar.Tests;

/// <summary>The log: one line per entry, whatever clients send, and nobody waits for its reader.</summary>
public sealed class LogTests
{
    // Moves the cursor, begins a line, and reorders text.
    private const string Hostile = "a\u001b[2K\r\nb\u202ec\u0000";

    [Test]
    public async Task A_session_is_logged_with_the_clients_name_escaped()
    {
        string[] lines = await LinesAsync(isJson: false, LogLevel.Information, OpenAndEndAsync);

        Assert.That(lines, Has.Length.EqualTo(2), string.Join('\n', lines));
        Assert.That(lines[0], Does.Match(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info: session [0-9a-f]{32} opened by "));
        Assert.That(lines[0], Does.Contain(@"a\u001b[2K\r\nb\u202ec\u0000 from "));
        Assert.That(lines[1], Does.Match(@" info: session [0-9a-f]{32} ended after \d+\.\d{3} s and 1 calls: OK"));
    }

    [Test]
    public async Task Entries_in_JSON_have_their_values_as_fields()
    {
        string[] lines = await LinesAsync(isJson: true, LogLevel.Debug, OpenAndEndAsync);

        JsonElement[] entries = [.. lines.Select(static line => JsonDocument.Parse(line).RootElement)];
        Assert.That(lines, Has.None.Match("[^ -~]"), "printable ASCII");
        Assert.That(entries.Select(static entry => entry.GetProperty("level").GetString()), Is.EqualTo(new[] { "info", "debug", "info", "debug" }));
        Assert.That(entries[0].GetProperty("client").GetString(), Is.EqualTo(Hostile));
        JsonElement call = entries[1];
        Assert.That(call.GetProperty("call").GetString(), Is.EqualTo("flush_machine"));
        Assert.That(call.GetProperty("call_id").GetUInt64(), Is.EqualTo(5));
        Assert.That(call.GetProperty("status").GetString(), Is.EqualTo("FailedPrecondition"));
        Assert.That(call.GetProperty("session").GetString(), Is.EqualTo(entries[2].GetProperty("session").GetString()));
        Assert.That(call.TryGetProperty("{OriginalFormat}", out _), Is.False);
    }

    [Test]
    public async Task A_client_that_drops_its_stream_is_no_error_and_has_no_stack()
    {
        string[] lines = await LinesAsync(isJson: false, LogLevel.Information, static async server =>
        {
            await using SessionClient client = new(server.Channel, static _ => null);
            await client.OpenAsync();
            await client.NextAsync();
            await client.SendAsync(new SessionRequest
            {
                CallId = 1,
                CreateMachine = new CreateMachine { MachineId = 1, Settings = SessionTests.Settings() },
            });
            server.Channel.Dispose();
        });

        Assert.That(lines, Has.Length.EqualTo(2), string.Join('\n', lines));
        Assert.That(lines[1], Does.Contain(" ended after ").And.Contain("Cancelled"));
    }

    [Test]
    public async Task Clients_that_drop_or_break_their_calls_at_any_time_are_no_errors_of_the_server()
    {
        string path = Repository.PathOf("examples", "vectors", "caller.json");
        Vector vector = VectorParser.Parse(await File.ReadAllBytesAsync(path), path, inSet: false);
        TraceMessagesRequest traced = new()
        {
            Source = new BlockSource { Car = ByteString.CopyFrom(vector.Car) },
            Settings = ReplayTests.Settings(vector, vector.Variants[0]),
        };
        traced.Messages.Add(new MessageInput
        {
            Message = ByteString.CopyFrom(vector.Messages[0].Bytes),
            ChainLength = 100,
            Kind = Protocol.V1.ApplyKind.Explicit,
        });
        Marshaller<byte[]> bytes = Marshallers.Create(static b => b, static b => b);
        Method<byte[], byte[]> session = new(MethodType.DuplexStreaming, "fvm.v1.SessionService", "Session", bytes, bytes);
        string[] lines = await LinesAsync(isJson: false, LogLevel.Warning, async server =>
        {
            for (int delay = 0; delay < 40; delay++)
            {
                using CancellationTokenSource dropped = new(TimeSpan.FromMilliseconds(delay));
                using GrpcChannel channel = RunningServer.Connect(server.Socket);
                Protocol.V1.ExecutionService.ExecutionServiceClient client = new(channel);
                Task tracing = ReadAsync(client.TraceMessages(traced).ResponseStream, dropped.Token);
                AsyncDuplexStreamingCall<byte[], byte[]> broken =
                    channel.CreateCallInvoker().AsyncDuplexStreamingCall(session, host: null, new CallOptions());
                await broken.RequestStream.WriteAsync(delay % 2 == 0 ? [0xff, 0xff] : [0x12, 0x7f, 1]);
                RpcException status = (await Assert.ThrowsAsync<RpcException>(() => broken.ResponseStream.MoveNext(CancellationToken.None)))!;
                Assert.That(status.StatusCode, Is.EqualTo(StatusCode.InvalidArgument), status.Status.Detail);
                await tracing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        });

        Assert.That(lines, Is.Empty);

        static async Task ReadAsync(IAsyncStreamReader<TraceMessagesResponse> stream, CancellationToken cancelled)
        {
            while (await stream.MoveNext(cancelled))
            {
            }
        }
    }

    [Test]
    public async Task Long_texts_are_cut()
    {
        string[] lines = await LinesAsync(isJson: false, LogLevel.Debug, static async server =>
        {
            await using SessionClient client = new(server.Channel, static _ => new CallbackAnswer
            {
                Failure = new CallbackFailure { Kind = CallbackFailureKind.Transient, Message = new string('x', 4_000) },
            });
            await client.OpenAsync();
            await client.NextAsync();
            await client.SendAsync(new SessionRequest
            {
                CallId = 1,
                CreateMachine = new CreateMachine { MachineId = 1, Settings = SessionTests.Settings() },
            });
            Assert.That((await client.NextAsync()).Error.Message, Has.Length.GreaterThan(4_000));
        });

        Assert.That(lines.Max(static line => line.Length), Is.InRange(2_000, 2_100));
    }

    [Test]
    public void Levels_and_other_peoples_entries_are_filtered()
    {
        using StringWriter output = new();
        using (LogLines log = new(output, LogLevel.Information, isJson: false))
        {
            log.CreateLogger("Fvm").LogDebug("hidden");
            log.CreateLogger("Fvm").LogWarning("ours");
            log.CreateLogger("Microsoft.AspNetCore").LogInformation("hidden");
            log.CreateLogger("Microsoft.AspNetCore").LogWarning("theirs");
            log.CreateLogger("Grpc.AspNetCore.Server.ServerCallHandler").LogError(new EventId(6), new IOException("reset"), "hidden");
            log.CreateLogger("Grpc.AspNetCore.Server.ServerCallHandler").LogError(new EventId(6), new InvalidOperationException("bug\n"), "shown");
        }

        Assert.That(Regex.Replace(output.ToString(), @"^\S+ ", string.Empty, RegexOptions.Multiline).Split('\n', StringSplitOptions.RemoveEmptyEntries),
            Is.EqualTo(new[] { "warning: ours", "warning: theirs", @"error: shown: InvalidOperationException: bug\n" }));
    }

    [Test]
    [CancelAfter(20_000)]
    public void A_reader_that_reads_nothing_delays_nobody_and_learns_of_what_it_missed()
    {
        using SlowWriter output = new();
        using (LogLines log = new(output, LogLevel.Information, isJson: false))
        {
            for (int i = 0; i < 10_000; i++)
            {
                log.CreateLogger("Fvm").LogInformation("entry {Number}", i);
            }

            output.Release();
        }

        Assert.That(output.ToString(), Does.Contain("entry 0").And.Match(@"warning: \d+ entries of the log were dropped"));
    }

    [TestCase("--log-level loud", "loud")]
    [TestCase("--log-format xml", "xml")]
    [TestCase("--metrics localhost", "not an address with a port")]
    [TestCase("--metrics 70000", "not an address with a port")]
    [TestCase("--metrics 192.0.2.1:1", "192.0.2.1")]
    [TestCase("--otlp collector", "is not a URL")]
    [TestCase("--otlp ftp://127.0.0.1", "is not a URL")]
    [TestCase("--otlp-sampling 1.5", "is not a number from 0 to 1")]
    [TestCase("--otlp-sampling -1", "is not a number from 0 to 1")]
    [TestCase("--otlp-sampling NaN", "is not a number from 0 to 1")]
    public async Task Unusable_options_end_with_one_line(string arguments, string expected)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("fvm-sidecar-");
        using StringWriter errors = new();
        int status = await SidecarCommand.RunAsync(
            ["--socket", Path.Combine(folder.FullName, "s"), .. arguments.Split(' ')], TextWriter.Null, errors);
        folder.Delete(recursive: true);

        Assert.That(status, Is.EqualTo(2), errors.ToString());
        Assert.That(errors.ToString(), Does.StartWith("fvm-sidecar: ").And.Contain(expected));
        Assert.That(errors.ToString().TrimEnd('\n').Contains('\n'), Is.False, errors.ToString());
    }

    private static async Task OpenAndEndAsync(RunningServer server)
    {
        await using SessionClient client = new(server.Channel, static _ => null);
        await client.SendAsync(new SessionRequest { Open = new OpenSession { Client = Hostile } });
        await client.NextAsync();
        await client.SendAsync(new SessionRequest { CallId = 5, FlushMachine = new FlushMachine { MachineId = 9 } });
        await client.NextAsync();
        await client.CompleteAsync();
    }

    // Without those of the server's end.
    private static async Task<string[]> LinesAsync(bool isJson, LogLevel level, Func<RunningServer, Task> work)
    {
        using StringWriter output = new();
        using (LogLines log = new(output, level, isJson))
        {
            await using RunningServer server = await RunningServer.StartAsync(options => options with { Log = log });
            await work(server);
            SpinWait.SpinUntil(() => server.Shared.Sessions == 0, TimeSpan.FromSeconds(10));
            await Task.Delay(200);
        }

        return [.. output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(static line => !line.Contains("stopping: "))];
    }

    private sealed class SlowWriter : StringWriter
    {
        private readonly ManualResetEventSlim _released = new();

        public void Release() => _released.Set();

        public override void WriteLine(string? value)
        {
            _released.Wait();
            base.WriteLine(value);
        }

        protected override void Dispose(bool disposing)
        {
            _released.Dispose();
            base.Dispose(disposing);
        }
    }
}
