using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Fvm.Ipld;
using Fvm.Vectors;
using NUnit.Framework;

namespace Fvm.Cli.Tests;

/// <summary>Tests the download of bundles from a server that misbehaves.</summary>
[NonParallelizable]
internal sealed class BundleCommandTests : CommandFixture
{
    private string? _source;

    [SetUp]
    public void Remember() => _source = Environment.GetEnvironmentVariable(BundleDownload.SourceVariable);

    [TearDown]
    public void Restore() => Environment.SetEnvironmentVariable(BundleDownload.SourceVariable, _source);

    [Test]
    public void A_bundle_is_downloaded_in_pieces_and_verified()
    {
        byte[] bundle = File.ReadAllBytes(Repository.Shared("bundles", "builtin-actors-v18-mainnet.car.gz"));
        using Server server = new(bundle, piece: (bundle.Length / 3) + 1);
        Environment.SetEnvironmentVariable(BundleDownload.SourceVariable, server.Url);
        string path = Files.PathOf("got.car");
        CommandResult result = CommandResult.Of("bundle", "get", "v18", "--out", path);
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((0, $"{path}: {bundle.Length} bytes, manifest {BundleRelease.Find("18", "mainnet")!.Manifest}\n")));
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(bundle));
        Assert.That(server.Requests, Is.EqualTo(new[] { "/v18.0.0/builtin-actors-mainnet.car 0", $"/v18.0.0/builtin-actors-mainnet.car {(bundle.Length / 3) + 1}", $"/v18.0.0/builtin-actors-mainnet.car {2 * ((bundle.Length / 3) + 1)}" }));
    }

    [TestCase("v17", "it is another bundle: expected the manifest")]
    [TestCase("v99", "no bundle v99 of mainnet is known")]
    public void Another_bundle_is_refused(string version, string reason)
    {
        byte[] bundle = File.ReadAllBytes(Repository.Shared("bundles", "builtin-actors-v18-mainnet.car.gz"));
        using Server server = new(bundle, bundle.Length);
        Environment.SetEnvironmentVariable(BundleDownload.SourceVariable, server.Url);
        string path = Files.PathOf("got.car");
        CommandResult result = CommandResult.Of("bundle", "get", version, "--out", path);
        Assert.That((result.ExitCode, File.Exists(path)), Is.EqualTo((2, false)));
        Assert.That(result.Errors, Does.Contain(reason));
    }

    [TestCase("http://127.0.0.1:1", "without a network, copy the file")]
    [TestCase("ftp://127.0.0.1", "is not a URL that begins with http:// or https://")]
    public void Without_a_server_the_error_says_what_to_do(string source, string reason)
    {
        Environment.SetEnvironmentVariable(BundleDownload.SourceVariable, source);
        CommandResult result = CommandResult.Of("bundle", "get", "v18", "--out", Files.PathOf("got.car"));
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Errors, Does.Contain(reason));
    }

    [Test]
    public void The_manifests_of_mainnet_are_those_of_the_bundles()
    {
        string folder = Path.GetDirectoryName(Repository.Shared("bundles", "builtin-actors-v18-mainnet.car.gz"))!;
        foreach (BundleRelease release in BundleRelease.All.Where(static each => each.Network == "mainnet"))
        {
            string path = Path.Combine(folder, release.KeptName + ".gz");
            if (File.Exists(path))
            {
                using CarStore bundle = CarBlocks.Open(path);
                Assert.That(bundle.Roots, Is.EqualTo(new[] { release.Manifest }), release.KeptName);
            }
        }

        Assert.That(BundleRelease.All.Select(static release => release.Manifest).Distinct().Count(), Is.EqualTo(BundleRelease.All.Count));
    }

    /// <summary>Serves a file in pieces: each connection breaks off after one.</summary>
    private sealed class Server : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly byte[] _file;
        private readonly int _piece;

        public Server(byte[] file, int piece)
        {
            _file = file;
            _piece = piece;
            _listener.Start();
            _ = Task.Run(ServeAsync);
        }

        public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

        public List<string> Requests { get; } = [];

        public void Dispose() => _listener.Dispose();

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    using TcpClient client = await _listener.AcceptTcpClientAsync();
                    await AnswerAsync(client.GetStream());
                }
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException or IOException)
            {
                // Disposed.
            }
        }

        private async Task AnswerAsync(NetworkStream stream)
        {
            byte[] buffer = new byte[8 << 10];
            int read = await stream.ReadAsync(buffer);
            string[] lines = Encoding.ASCII.GetString(buffer, 0, read).Split("\r\n");
            string? range = lines.FirstOrDefault(static line => line.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase));
            int from = range is null ? 0 : int.Parse(range["Range: bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
            Requests.Add($"{lines[0].Split(' ')[1]} {from}");
            string head = range is null
                ? "HTTP/1.1 200 OK\r\n"
                : $"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {from}-{_file.Length - 1}/{_file.Length}\r\n";
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"{head}Content-Length: {_file.Length - from}\r\nConnection: close\r\n\r\n"));
            await stream.WriteAsync(_file.AsMemory(from, Math.Min(_piece, _file.Length - from)));
        }
    }
}
