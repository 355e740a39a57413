using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;

namespace Fvm.Node.Tests;

public sealed class ServerTests
{
    private const string Echo = """{"id":1,"method":"echo","params":["a"]}""";
    private const string Answer = """{"jsonrpc":"2.0","id":1,"result":"a"}""";

    private static readonly RpcLimits Limits = new() { MaxRequestBytes = 100_000, MaxUnreadBytes = 4 << 20, MaxPending = 4 };

    [TestCase("/")]
    [TestCase("/rpc/v1")]
    [TestCase("/any/path?with=query")]
    public async Task A_request_is_answered_on_any_path_with_any_token(string path)
    {
        await using RpcServer server = await StartAsync();
        using HttpClient client = new();
        client.DefaultRequestHeaders.Authorization = new("Bearer", "anything");
        using HttpResponseMessage response = await client.PostAsync(new Uri($"http://127.0.0.1:{server.Port}{path}"), new StringContent(Echo));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/json"));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(Answer));
    }

    // Kestrel would open another port.
    [Test]
    [NonParallelizable]
    public async Task Settings_in_the_environment_open_no_port()
    {
        const string Setting = "Kestrel__Endpoints__Extra__Url";
        Environment.SetEnvironmentVariable(Setting, "http://127.0.0.1:0");
        try
        {
            await using RpcServer server = await StartAsync();
            Assert.That(server.Addresses, Is.EqualTo([$"http://127.0.0.1:{server.Port}"]));
        }
        finally
        {
            Environment.SetEnvironmentVariable(Setting, null);
        }
    }

    [Test]
    public async Task Requests_wait_for_what_answers_them()
    {
        TaskCompletionSource<RpcDispatcher> dispatcher = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RpcServer server = await RpcServer.StartAsync(
            new RpcServerOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0) }, Limits, dispatcher.Task);
        using HttpClient client = new();
        Task<HttpResponseMessage> asked = client.PostAsync(Uri(server), new StringContent(Echo));
        Assert.That(await Task.WhenAny(asked, Task.Delay(200)), Is.Not.SameAs(asked));
        dispatcher.SetResult(new RpcDispatcher(DispatcherTests.Registry(), Limits));
        using HttpResponseMessage response = await asked.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(Answer));
    }

    [Test]
    public async Task A_body_over_the_limit_is_refused_and_the_server_goes_on()
    {
        await using RpcServer server = await StartAsync();
        using HttpClient client = new();
        using HttpResponseMessage response = await client.PostAsync(Uri(server), new ByteArrayContent(new byte[Limits.MaxRequestBytes + 1]));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("longer than 100000 bytes"));
        Assert.That(await client.PostAsync(Uri(server), new StringContent(Echo)), Has.Property("StatusCode").EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Preflights_are_answered_and_other_methods_explained()
    {
        await using RpcServer server = await StartAsync();
        using HttpClient client = new();
        using HttpRequestMessage preflight = new(HttpMethod.Options, Uri(server));
        preflight.Headers.Add("Origin", "http://page.example");
        preflight.Headers.Add("Access-Control-Request-Headers", "content-type,x-own");
        using HttpResponseMessage response = await client.SendAsync(preflight);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(response.Headers.GetValues("Access-Control-Allow-Origin"), Is.EqualTo(new[] { "*" }));
        Assert.That(response.Headers.GetValues("Access-Control-Allow-Headers"), Is.EqualTo(new[] { "content-type,x-own" }));
        using HttpResponseMessage get = await client.GetAsync(new Uri(Uri(server), "/rpc/v1"));
        Assert.That(get.StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
        Assert.That(await get.Content.ReadAsStringAsync(), Does.Contain("eth_chainId"));
    }

    [Test]
    public async Task Pages_of_other_origins_are_kept_out_if_origins_are_named()
    {
        await using RpcServer server = await StartAsync(new RpcServerOptions { AllowedOrigins = ["http://mine.example"] });
        using HttpClient client = new();
        foreach ((string origin, bool allowed) in ((string, bool)[])[("http://mine.example", true), ("http://other.example", false)])
        {
            using HttpRequestMessage request = new(HttpMethod.Post, Uri(server)) { Content = new StringContent(Echo) };
            request.Headers.Add("Origin", origin);
            using HttpResponseMessage response = await client.SendAsync(request);
            Assert.That(response.Headers.Contains("Access-Control-Allow-Origin"), Is.EqualTo(allowed), origin);
            using ClientWebSocket socket = new();
            socket.Options.SetRequestHeader("Origin", origin);
            Task connecting = socket.ConnectAsync(new Uri($"ws://127.0.0.1:{server.Port}/"), default);
            await Task.WhenAny(connecting);
            Assert.That(connecting.IsCompletedSuccessfully, Is.EqualTo(allowed), origin);
        }
    }

    [Test]
    public async Task A_WebSocket_carries_requests_batches_and_notifications()
    {
        await using RpcServer server = await StartAsync();
        using ClientWebSocket socket = await ConnectAsync(server);
        await SendAsync(socket, Echo);
        Assert.That(await ReceiveAsync(socket), Is.EqualTo(Answer));
        await SendAsync(socket, $"[{Echo},{Echo}]");
        Assert.That(await ReceiveAsync(socket), Is.EqualTo($"[{Answer},{Answer}]"));
        await SendAsync(socket, """{"id":2,"method":"notify"}""");
        for (int i = 0; i < 3; i++)
        {
            Assert.That(await ReceiveAsync(socket), Is.EqualTo(
                $$$"""{"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":"0x1","result":{{{i}}}}}"""));
        }

        Assert.That(await ReceiveAsync(socket), Does.Contain("\"id\":2"));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);
        Assert.That(socket.CloseStatus, Is.Not.Null);
    }

    [Test]
    public async Task A_request_that_waits_lets_others_pass()
    {
        await using RpcServer server = await StartAsync();
        using ClientWebSocket socket = await ConnectAsync(server);
        for (int i = 0; i < Limits.MaxPending - 1; i++)
        {
            await SendAsync(socket, """{"id":9,"method":"wait"}""");
        }

        await SendAsync(socket, Echo);
        Assert.That(await ReceiveAsync(socket), Is.EqualTo(Answer));
    }

    [Test]
    public async Task A_WebSocket_client_that_does_not_read_is_disconnected()
    {
        await using RpcServer server = await StartAsync();
        using ClientWebSocket socket = await ConnectAsync(server);
        await SendAsync(socket, """{"id":1,"method":"flood"}""");
        Assert.That(async () =>
        {
            while (true)
            {
                _ = await ReceiveAsync(socket);
            }
        }, Throws.InstanceOf<WebSocketException>().Or.InstanceOf<EndOfStreamException>());
    }

    [Test]
    public async Task A_WebSocket_message_over_the_limit_ends_the_connection()
    {
        await using RpcServer server = await StartAsync();
        using ClientWebSocket socket = await ConnectAsync(server);
        await socket.SendAsync(new byte[Limits.MaxRequestBytes + 70_000], WebSocketMessageType.Text, endOfMessage: true, default);
        Assert.That(async () => await ReceiveAsync(socket), Throws.InstanceOf<WebSocketException>().Or.InstanceOf<EndOfStreamException>());
    }

    [Test]
    public async Task The_IPC_socket_takes_values_one_after_another()
    {
        string path = Path.Combine(Path.GetTempPath(), $"fvm-ipc-{Guid.NewGuid():n}");
        await using RpcServer server = await StartAsync(new RpcServerOptions { SocketPath = path });
        if (!OperatingSystem.IsWindows())
        {
            Assert.That(File.GetUnixFileMode(path), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        }

        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
        using NetworkStream stream = new(socket);
        using StreamReader reader = new(stream);

        // In pieces: the end of a value is not that of a packet.
        string both = Echo + Echo + "\n " + Echo;
        foreach (string piece in (string[])[both[..10], both[10..50], both[50..]])
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(piece));
            await Task.Delay(20);
        }

        for (int i = 0; i < 3; i++)
        {
            Assert.That(await reader.ReadLineAsync(), Is.EqualTo(Answer));
        }

        await stream.WriteAsync("]"u8.ToArray());
        Assert.That(await reader.ReadLineAsync(), Does.Contain("-32700"));
        Assert.That(await reader.ReadLineAsync(), Is.Null, "the connection ends");
    }

    [Test]
    public async Task A_socket_file_without_server_is_replaced_and_another_file_is_not()
    {
        string path = Path.Combine(Path.GetTempPath(), $"fvm-ipc-{Guid.NewGuid():n}");
        using (Socket left = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            left.Bind(new UnixDomainSocketEndPoint(path));
        }

        await using (await StartAsync(new RpcServerOptions { SocketPath = path }))
        {
            Assert.That(async () => await StartAsync(new RpcServerOptions { SocketPath = path }),
                Throws.InstanceOf<IOException>().With.Message.Contains("another server listens"));
        }

        Assert.That(File.Exists(path), Is.False);
        await File.WriteAllTextAsync(path, "mine");
        Assert.That(async () => await StartAsync(new RpcServerOptions { SocketPath = path }),
            Throws.InstanceOf<IOException>().With.Message.Contains("no socket"));
        Assert.That(await File.ReadAllTextAsync(path), Is.EqualTo("mine"));

        // An empty one is none either, and neither is a link to a socket.
        await File.WriteAllTextAsync(path, string.Empty);
        Assert.That(async () => await StartAsync(new RpcServerOptions { SocketPath = path }),
            Throws.InstanceOf<IOException>().With.Message.Contains("no socket"));
        Assert.That(File.Exists(path));
        File.Delete(path);
        await using (await StartAsync(new RpcServerOptions { SocketPath = path }))
        {
            string link = $"{path}-link";
            _ = File.CreateSymbolicLink(link, path);
            Assert.That(async () => await StartAsync(new RpcServerOptions { SocketPath = link }), Throws.InstanceOf<IOException>());
            File.Delete(link);
        }
    }

    private static Uri Uri(RpcServer server) => new($"http://127.0.0.1:{server.Port}/");

    private static Task<RpcServer> StartAsync(RpcServerOptions? options = null) => RpcServer.StartAsync(
        (options ?? new RpcServerOptions()) with { Listen = new IPEndPoint(IPAddress.Loopback, 0) },
        new RpcDispatcher(DispatcherTests.Registry(), Limits));

    private static async Task<ClientWebSocket> ConnectAsync(RpcServer server)
    {
        ClientWebSocket socket = new();
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{server.Port}/rpc/v1"), default);
        return socket;
    }

    private static Task SendAsync(ClientWebSocket socket, string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, default);

    private static async Task<string> ReceiveAsync(ClientWebSocket socket)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(20));
        byte[] buffer = new byte[2 << 20];
        int length = 0;
        while (true)
        {
            ValueWebSocketReceiveResult received = await socket.ReceiveAsync(buffer.AsMemory(length), limit.Token);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                throw new EndOfStreamException();
            }

            length += received.Count;
            if (received.EndOfMessage)
            {
                return Encoding.UTF8.GetString(buffer, 0, length);
            }
        }
    }
}
