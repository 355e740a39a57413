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
    [TestCase("--bundle /no/such/file.car --port 0", "/no/such/file.car")]
    public async Task Unusable_arguments_are_refused_in_one_line(string arguments, string reason)
    {
        using StringWriter output = new();
        using StringWriter errors = new();
        int status = await NodeCommand.RunAsync(arguments.Split(' '), output, errors);
        Assert.That((status, output.ToString(), errors.ToString().Count(static character => character == '\n')), Is.EqualTo((2, string.Empty, 1)));
        Assert.That(errors.ToString(), Does.StartWith("fvm-node: ").And.Contain(reason));
    }

    [Test]
    public async Task The_node_answers_until_it_is_ended()
    {
        string bundle = Repository.Shared("bundles", "builtin-actors-v18-mainnet.car.gz");
        using CancellationTokenSource stop = new();
        Lines output = new();
        using StringWriter errors = new();
        Task<int> running = NodeCommand.RunAsync(
            ["--bundle", bundle, "--port", "0", "--accounts", "2", "--json"], TextWriter.Synchronized(output), errors, stop.Token);
        Task first = await Task.WhenAny(output.First, running);
        Assert.That(first, Is.SameAs(output.First), errors.ToString());
        JsonElement start = JsonElement.Parse(await output.First);
        Assert.That(start.GetProperty("accounts").EnumerateArray().Select(static account => account.GetProperty("address").GetString()![..2]),
            Is.EqualTo(new[] { "0x", "0x", "t1", "t1", "t3", "t3" }));

        using HttpClient client = new();
        using StringContent request = new("""{"jsonrpc":"2.0","id":1,"method":"eth_blockNumber"}""", Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await client.PostAsync(new Uri(start.GetProperty("url").GetString()!), request);
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("\"result\":\"0x0\""));
        await stop.CancelAsync();
        Assert.That(await running, Is.Zero);
    }

    /// <summary>Waits for the first line that is written.</summary>
    private sealed class Lines : StringWriter
    {
        private readonly TaskCompletionSource<string> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> First => _first.Task;

        public override void WriteLine(string? value) => _first.TrySetResult(value ?? string.Empty);
    }
}
