using System.Diagnostics;
using System.Text.Json;
using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Chain.Tests;

/// <summary>A node that misbehaves gives no wrong block: the right one at last, or an error that names URL, method and remedy.</summary>
public sealed class RpcChainTests : FaultyNodeTests
{
    /// <inheritdoc/>
    protected override string Url => Node.Url;

    private protected override RpcSettings Patient => base.Patient with { InFlight = 2 };

    [Test]
    public void Blocks_and_head_are_read_and_a_block_that_is_not_there_is_missing()
    {
        using RpcChain chain = Open();
        Assert.That(chain.Head(), Is.EqualTo(Node.Head));
        Assert.That(chain.Blocks.Get(Cids[7]), Is.EqualTo("block 7"u8.ToArray()));
        Assert.That(chain.Blocks.Get(Cid.Blake2b256(Multicodec.Raw, "none"u8)), Is.Null);
        Assert.That(chain.Blocks.Has(Cids[8]), Is.True);
    }

    [Test]
    public void Blocks_wanted_together_share_requests()
    {
        using RpcChain chain = Open();
        IReadOnlyList<byte[]?> blocks = ((IBulkBlockstore)chain.Blocks).GetMany(Cids);
        Assert.That(blocks, Is.EqualTo(Cids.Select(cid => Blocks.Get(cid))));
        Assert.That(Node.Requests, Is.LessThan(Cids.Length / 2));
        Assert.That(Node.Batches.Max(), Is.InRange(2, Fast.BatchSize));
    }

    [Test]
    public void A_node_without_batches_gets_single_calls()
    {
        Node.Fault = static (_, request, _) => Task.FromResult(request.ValueKind == JsonValueKind.Array
            ? FaultyNode.Response("200 OK", """{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"no batches"}}""")
            : null);
        using RpcChain chain = Open();
        Assert.That(((IBulkBlockstore)chain.Blocks).GetMany(Cids), Is.EqualTo(Cids.Select(cid => Blocks.Get(cid))));
    }

    [Test]
    public void Dropped_connections_are_tried_again()
    {
        Node.Fault = static (number, _, stream) => number % 2 == 1 ? throw new IOException("dropped") : Task.FromResult<byte[]?>(null);
        AssertAllBlocks();
    }

    [Test]
    public void An_answer_that_is_cut_off_is_tried_again()
    {
        Node.Fault = async (number, request, stream) =>
        {
            if (number % 2 == 0)
            {
                return null;
            }

            byte[] whole = FaultyNode.Response("200 OK", Node.Answer(request));
            await stream.WriteAsync(whole.AsMemory(0, whole.Length / 2));
            throw new IOException("dropped");
        };
        AssertAllBlocks();
    }

    [Test]
    public void Wrong_bytes_are_never_taken()
    {
        Node.Fault = Wrong(until: 1);
        using (RpcChain chain = Open())
        {
            Assert.That(chain.Blocks.Get(Cids[3]), Is.EqualTo("block 3"u8.ToArray()), "the second answer is right");
        }

        Node.Fault = Wrong(until: int.MaxValue);
        AssertFails("do not match the CID", "another node");
    }

    [TestCase("""{"jsonrpc":"2.0","id":1,"result":"!"}""", "not a block in base64")]
    [TestCase("""{"jsonrpc":"2.0","id":1,"result":{"x":[1]}}""", "not a block in base64")]
    [TestCase("""{"jsonrpc":"2.0","id":1}""", "neither a result nor an error")]
    [TestCase("<html>", "not JSON")]
    [TestCase("7", "not a JSON-RPC response")]
    [TestCase("""{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"disk on fire"}}""", "disk on fire")]
    [TestCase("""{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"x"}}""", "does not have this method")]
    [TestCase("""{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"missing permission to invoke 'ChainReadObj'"}}""", "--token-file")]
    public void A_wrong_answer_is_an_error(string body, string says)
    {
        Node.Fault = (_, _, _) => Task.FromResult<byte[]?>(FaultyNode.Response("200 OK", body));
        AssertFails(says);
    }

    [TestCase("401 Unauthorized", "--token-file")]
    [TestCase("404 Not Found", "/rpc/v1")]
    [TestCase("302 Found", "give that URL", "Location: http://other.example/rpc\r\n")]
    [TestCase("500 Internal Server Error", "4 attempts")]
    [TestCase("418 Teapot", "HTTP status 418")]
    public void A_status_of_failure_is_an_error(string status, string says, string headers = "")
    {
        Node.Fault = (_, _, _) => Task.FromResult<byte[]?>(FaultyNode.Response(status, string.Empty, headers));
        AssertFails(says);
    }

    [Test]
    public void A_node_that_wants_a_pause_gets_it()
    {
        Node.Fault = static (number, _, _) => Task.FromResult(number <= 2
            ? FaultyNode.Response("429 Too Many Requests", string.Empty, "Retry-After: 1\r\n")
            : null);
        Stopwatch watch = Stopwatch.StartNew();
        AssertAllBlocks();
        Assert.That(watch.Elapsed, Is.GreaterThan(TimeSpan.FromSeconds(0.95)));
    }

    [Test]
    public void A_pause_that_is_too_long_is_an_error()
    {
        Node.Fault = static (_, _, _) =>
            Task.FromResult<byte[]?>(FaultyNode.Response("429 Too Many Requests", string.Empty, "Retry-After: 86400\r\n"));
        AssertFails("refuses further requests");
    }

    [Test]
    public void A_rate_limit_within_an_answer_is_one()
    {
        Node.Fault = static (number, request, _) => Task.FromResult(number <= 2 && request.ValueKind == JsonValueKind.Object
            ? FaultyNode.Response("200 OK", """{"jsonrpc":"2.0","id":1,"error":{"code":-32005,"message":"limit exceeded"}}""")
            : null);
        AssertAllBlocks();
    }

    [Test]
    public void A_node_that_does_not_answer_is_given_up()
    {
        Node.Fault = static async (_, _, _) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(30));
            return null;
        };
        AssertFails("no whole answer within 0.7 s", "4 attempts");
    }

    [Test]
    public void An_answer_that_drips_is_given_up()
    {
        Node.Fault = async (_, request, stream) =>
        {
            foreach (byte each in FaultyNode.Response("200 OK", Node.Answer(request)))
            {
                await stream.WriteAsync(new[] { each });
                await Task.Delay(50);
            }

            return [];
        };
        AssertFails("no whole answer within");
    }

    [Test]
    public void An_answer_without_end_is_given_up()
    {
        Node.Fault = static async (_, _, stream) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n\""u8.ToArray());
            for (int piece = 0; piece < 2_000; piece++)
            {
                await stream.WriteAsync(new byte[16 << 10].AsMemory());
            }

            return [];
        };
        long before = GC.GetTotalAllocatedBytes();
        AssertFails("longer than 1048576 bytes");
        Assert.That(GC.GetTotalAllocatedBytes() - before, Is.LessThan(100 << 20));
    }

    [TestCase("ftp://x")]
    [TestCase("localhost:1234")]
    [TestCase("")]
    public void A_URL_of_another_scheme_is_refused(string url) =>
        Assert.That(() => RpcEndpoint.Parse(url, null), Throws.InstanceOf<FormatException>());

    [TestCase("t0ken:/ip4/127.0.0.1/tcp/1234/http", "http://127.0.0.1:1234/rpc/v1", "t0ken")]
    [TestCase("/dns4/node.example/tcp/443/https", "https://node.example/rpc/v1", null)]
    [TestCase("/ip6/::1/tcp/1234/ws", "ws://[::1]:1234/rpc/v1", null)]
    [TestCase("t0ken:wss://node.example/rpc/v1", "wss://node.example/rpc/v1", "t0ken")]
    [TestCase("http://user:secret@node.example:1/rpc?key=secret", "http://node.example:1/rpc", null)]
    public void The_variable_of_Lotus_is_understood(string info, string name, string? token)
    {
        RpcEndpoint endpoint = RpcEndpoint.ParseInfo(info);
        Assert.That((endpoint.Name, endpoint.Token), Is.EqualTo((name, token)));
        Assert.That(endpoint.ToString(), Does.Not.Contain("ecret"));
    }

    private static Func<int, JsonElement, Stream, Task<byte[]?>> Wrong(int until) => (number, request, _) => Task.FromResult(
        number <= until && request.ValueKind == JsonValueKind.Object
            ? FaultyNode.Response("200 OK", $$"""{"jsonrpc":"2.0","id":{{request.GetProperty("id")}},"result":"d3Jvbmc="}""")
            : null);
}
