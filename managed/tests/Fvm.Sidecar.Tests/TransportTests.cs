using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using Fvm.Protocol.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Fvm.Sidecar.Tests;

/// <summary>Who may connect, and by which credentials.</summary>
public sealed class TransportTests
{
    private const string Token = "correct-horse-battery-staple";

    private TestAuthority _authority = null!;

    [OneTimeSetUp]
    public void MakeAuthority() => _authority = new TestAuthority("ours");

    [OneTimeTearDown]
    public void DropAuthority() => _authority.Dispose();

    // Kestrel would open a port without credentials.
    [Test]
    [NonParallelizable]
    public async Task Settings_in_the_environment_open_no_port()
    {
        const string Setting = "Kestrel__Endpoints__Extra__Url";
        System.Environment.SetEnvironmentVariable(Setting, "http://127.0.0.1:0");
        try
        {
            await using RunningServer server = await RunningServer.StartAsync();
            Assert.That(server.Addresses, Is.EqualTo([$"http://unix:{server.Socket}"]));
        }
        finally
        {
            System.Environment.SetEnvironmentVariable(Setting, null);
        }
    }

    [Test]
    public async Task A_client_with_a_certificate_of_the_authority_is_served_over_TLS()
    {
        await using RunningServer server = await StartTlsAsync(withClients: true, token: null);
        using X509Certificate2 certificate = _authority.ForClient();

        Assert.That((await AskAsync(server, certificate)).Lanes, Is.GreaterThan(0));
    }

    [Test]
    public async Task A_client_certificate_of_another_authority_is_refused()
    {
        await using RunningServer server = await StartTlsAsync(withClients: true, token: null);
        using TestAuthority other = new("theirs");
        using X509Certificate2 certificate = other.ForClient();

        await AssertRefusedAsync(server, certificate);
    }

    [Test]
    public async Task An_expired_client_certificate_is_refused()
    {
        await using RunningServer server = await StartTlsAsync(withClients: true, token: null);
        using X509Certificate2 certificate = _authority.Expired();

        await AssertRefusedAsync(server, certificate);
    }

    [Test]
    public async Task A_certificate_for_servers_is_none_for_clients()
    {
        await using RunningServer server = await StartTlsAsync(withClients: true, token: null);
        using X509Certificate2 certificate = _authority.ForServer();

        await AssertRefusedAsync(server, certificate);
    }

    [Test]
    public async Task A_client_without_a_certificate_is_refused_where_one_is_required()
    {
        await using RunningServer server = await StartTlsAsync(withClients: true, token: null);

        await AssertRefusedAsync(server, null);
    }

    [Test]
    public async Task A_client_in_plain_text_is_refused_where_TLS_is_spoken()
    {
        await using RunningServer server = await StartTlsAsync(withClients: false, token: Token);
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://localhost:{server.Port}");

        RpcException refusal = (await Assert.ThrowsAsync<RpcException>(() => CapabilitiesAsync(channel, Token)))!;

        Assert.That(refusal.StatusCode, Is.EqualTo(StatusCode.Unavailable).Or.EqualTo(StatusCode.Internal));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("correct-horse-battery-stapl")]
    [TestCase("correct-horse-battery-staple2")]
    public async Task No_token_and_a_wrong_one_are_refused_with_a_reason(string? token)
    {
        await using RunningServer server = await StartTlsAsync(withClients: false, token: Token);
        using GrpcChannel channel = Connect(server, null);

        RpcException refusal = (await Assert.ThrowsAsync<RpcException>(() => CapabilitiesAsync(channel, token)))!;

        Assert.That(refusal.StatusCode, Is.EqualTo(StatusCode.Unauthenticated));
        Assert.That(refusal.GetRpcStatus()!.Details[0].Unpack<ErrorDetail>().Reason, Is.EqualTo(ErrorReason.NoCredential));
    }

    [Test]
    public async Task No_token_opens_no_session_and_no_service_at_all()
    {
        await using RunningServer server = await StartTlsAsync(withClients: false, token: Token);
        using GrpcChannel channel = Connect(server, null);
        await using SessionClient client = new(channel, static _ => null);
        Grpc.Health.V1.Health.HealthClient health = new(channel);

        RpcException session = (await Assert.ThrowsAsync<RpcException>(client.NextAsync))!;
        RpcException asked = (await Assert.ThrowsAsync<RpcException>(() => health.CheckAsync(new Grpc.Health.V1.HealthCheckRequest()).ResponseAsync))!;

        Assert.That((session.StatusCode, asked.StatusCode), Is.EqualTo((StatusCode.Unauthenticated, StatusCode.Unauthenticated)));
    }

    [Test]
    public async Task The_token_serves_by_TCP_and_the_owner_needs_none_at_the_socket()
    {
        await using RunningServer server = await StartTlsAsync(withClients: false, token: Token);
        using GrpcChannel channel = Connect(server, null);

        Assert.That((await CapabilitiesAsync(channel, Token)).Lanes, Is.GreaterThan(0));
        Assert.That((await CapabilitiesAsync(server.Channel, null)).Lanes, Is.GreaterThan(0));
    }

    [Test]
    public async Task A_loopback_address_is_served_in_plain_text_where_that_is_asked_for()
    {
        await using RunningServer server = await RunningServer.StartAsync(static options => options with { Listen = new IPEndPoint(IPAddress.Loopback, 0) });
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://localhost:{server.Port}");

        Assert.That((await CapabilitiesAsync(channel, null)).Lanes, Is.GreaterThan(0));
    }

    [Test]
    [SupportedOSPlatform("linux")]
    public async Task Another_user_is_cut_off_at_the_socket_whatever_its_mode()
    {
        if (geteuid() != 0)
        {
            Assert.Ignore("only root can become another user");
        }

        await using RunningServer server = await RunningServer.StartAsync();
        string folder = Path.GetDirectoryName(server.Socket)!;
        File.SetUnixFileMode(folder, (UnixFileMode)0x1ff);
        File.SetUnixFileMode(server.Socket, (UnixFileMode)0x1b6);

        Assert.That(SendPreface(server.Socket, user: null), Is.GreaterThan(0), "root is answered");
        Assert.That(SendPreface(server.Socket, user: 65_534), Is.Zero, "another user gets no byte");
    }

    [Test]
    public async Task The_socket_of_a_running_server_is_not_taken_and_that_of_a_dead_one_is()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("fvm-sidecar-");
        string path = Path.Combine(folder.FullName, "s");
        using (Socket dead = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(path));
        }

        await using (await SidecarServer.StartAsync(new SidecarOptions { SocketPath = path }))
        {
            Assert.That(() => SidecarServer.StartAsync(new SidecarOptions { SocketPath = path }), Throws.InstanceOf<IOException>());
        }

        string file = Path.Combine(folder.FullName, "f");
        await File.WriteAllTextAsync(file, "not a socket");
        Assert.That(() => SidecarServer.StartAsync(new SidecarOptions { SocketPath = file }), Throws.InstanceOf<IOException>());
        Assert.That(await File.ReadAllTextAsync(file), Is.EqualTo("not a socket"));
        folder.Delete(recursive: true);
    }

    // HTTP/2's preface with an empty SETTINGS frame, sent by a thread of another user; the number of bytes in answer.
    private static int SendPreface(string path, int? user)
    {
        int answered = -1;
        Thread thread = new(() =>
        {
            // The system call changes this thread alone; the C library's function would change all.
            int setresuid = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 117 : 147;
            if (user is int other && syscall(setresuid, -1, other, -1) != 0)
            {
                return;
            }

            using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = 20_000 };
            socket.Connect(new UnixDomainSocketEndPoint(path));
            try
            {
                socket.Send([.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0, 0, 0, 4, 0, 0, 0, 0, 0]);
                answered = socket.Receive(new byte[64]);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown or SocketError.ConnectionAborted)
            {
                answered = 0;
            }
        });
        thread.Start();
        thread.Join();
        return answered;
    }

    private Task<RunningServer> StartTlsAsync(bool withClients, string? token) => RunningServer.StartAsync(options => options with
    {
        Listen = new IPEndPoint(IPAddress.Loopback, 0),
        Tls = new TlsSettings(_authority.ForServer(), [], withClients ? [_authority.Certificate] : null),
        Token = token is null ? null : new BearerToken(token),
    });

    private GrpcChannel Connect(RunningServer server, X509Certificate2? certificate)
    {
        SocketsHttpHandler handler = new();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { _authority.Certificate },
        };
        if (certificate is not null)
        {
            handler.SslOptions.ClientCertificates = [certificate];
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        }

        return GrpcChannel.ForAddress($"https://localhost:{server.Port}", new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
    }

    private async Task<GetCapabilitiesResponse> AskAsync(RunningServer server, X509Certificate2? certificate)
    {
        using GrpcChannel channel = Connect(server, certificate);
        return await CapabilitiesAsync(channel, null);
    }

    private async Task AssertRefusedAsync(RunningServer server, X509Certificate2? certificate)
    {
        RpcException refusal = (await Assert.ThrowsAsync<RpcException>(() => AskAsync(server, certificate)))!;
        Assert.That(refusal.StatusCode, Is.EqualTo(StatusCode.Unavailable).Or.EqualTo(StatusCode.Internal));
    }

    private static async Task<GetCapabilitiesResponse> CapabilitiesAsync(GrpcChannel channel, string? token)
    {
        Metadata headers = token is null ? [] : new Metadata { { "authorization", $"Bearer {token}" } };
        return await new Protocol.V1.ExecutionService.ExecutionServiceClient(channel)
            .GetCapabilitiesAsync(new GetCapabilitiesRequest(), headers, DateTime.UtcNow.AddSeconds(30));
    }

    [DllImport("libc")]
    private static extern uint geteuid();

    [DllImport("libc")]
    private static extern nint syscall(nint number, nint first, nint second, nint third);
}
