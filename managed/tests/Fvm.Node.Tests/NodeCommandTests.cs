using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Fvm.Node.Tests;

/// <summary>Tests the command.</summary>
internal sealed class NodeCommandTests
{
    [TestCase("--no-such-option", "--no-such-option")]
    [TestCase("--port 70000", "--port: '70000' is not a whole number from 0 to 65535")]
    [TestCase("--nv 17", "--nv: expected a network version from 18 to")]
    [TestCase("--host nowhere", "--host: 'nowhere' is not an IP address")]
    [TestCase("--block-time 0", "--block-time: '0' is not a number of seconds")]
    [TestCase("--block-time 1 --no-mining", "--block-time and --no-mining contradict each other")]
    [TestCase("--ipc /no/such/folder/fvm.ipc", "--ipc: there is no folder for '/no/such/folder/fvm.ipc'")]
    [TestCase("--ipc /@", "is too long for the path of a socket")]
    [TestCase("--bundle /no/such/file.car --port 0", "/no/such/file.car")]
    public async Task Unusable_arguments_are_refused_in_one_line(string arguments, string reason)
    {
        using StringWriter output = new();
        using StringWriter errors = new();
        int status = await NodeCommand.RunAsync(arguments.Replace("@", new string('x', 200), StringComparison.Ordinal).Split(' '), output, errors);
        Assert.That((status, output.ToString(), errors.ToString().Count(static character => character == '\n')), Is.EqualTo((2, string.Empty, 1)));
        Assert.That(errors.ToString(), Does.StartWith("fvm-node: ").And.Contain(reason));
    }

    [Test]
    public async Task The_node_answers_until_it_is_ended()
    {
        string bundle = Repository.Shared("bundles", "builtin-actors-v18-mainnet.car.gz");
        string path = Path.Combine(Path.GetTempPath(), $"fvm-ipc-{Guid.NewGuid():n}");
        using CancellationTokenSource stop = new();
        Lines output = new();
        using StringWriter errors = new();
        Task<int> running = NodeCommand.RunAsync(
            ["--bundle", bundle, "--port", "0", "--accounts", "2", "--ipc", path, "--json"], TextWriter.Synchronized(output), errors, stop.Token);
        Task first = await Task.WhenAny(output.First, running);
        Assert.That(first, Is.SameAs(output.First), errors.ToString());
        JsonElement start = JsonElement.Parse(await output.First);
        Assert.That(start.GetProperty("accounts").EnumerateArray().Select(static account => account.GetProperty("address").GetString()![..2]),
            Is.EqualTo(new[] { "0x", "0x", "t1", "t1", "t3", "t3" }));

        using HttpClient client = new();
        using StringContent request = new("""{"jsonrpc":"2.0","id":1,"method":"eth_blockNumber"}""", Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await client.PostAsync(new Uri(start.GetProperty("url").GetString()!), request);
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("\"result\":\"0x0\""));
        Assert.That(start.GetProperty("ipc").GetString(), Is.EqualTo(path));
        using (Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
            using NetworkStream stream = new(socket);
            await stream.WriteAsync("""{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}"""u8.ToArray());
            using StreamReader reader = new(stream);
            Assert.That(await reader.ReadLineAsync(), Does.Contain("\"result\":\"0x1df5e76\""));
        }

        await stop.CancelAsync();
        Assert.That(await running, Is.Zero);
        Assert.That(File.Exists(path), Is.False, "the socket is removed");
    }

    /// <summary>Waits for the first line that is written.</summary>
    private sealed class Lines : StringWriter
    {
        private readonly TaskCompletionSource<string> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> First => _first.Task;

        public override void WriteLine(string? value) => _first.TrySetResult(value ?? string.Empty);
    }
}
